"""The purposes that visitors are asked about: their texts, their bits, and the version of what was shown."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override


@dataclass(frozen=True, slots=True)
class Purpose:
    """One thing that data may be used for. `bit` is its place in the masks on stored rows and never changes."""

    code: str
    bit: int
    title: str | Promise
    text: str | Promise


ANALYTICS = Purpose(
    code="analytics",
    bit=1,
    title=_("Measuring visits"),
    text=_(
        "We record which pages are viewed and what is clicked, to see what works on this site and to improve it. "
        "The records carry a random number kept in a cookie, not your name."
    ),
)
PERSONALIZATION = Purpose(
    code="personalization",
    bit=2,
    title=_("Personal content"),
    text=_(
        "We use what you view on this site to choose what we show you here: articles, products and offers that fit "
        "your interests. What we learn stays on this site and is not sold."
    ),
)
PURPOSES: tuple[Purpose, ...] = (ANALYTICS, PERSONALIZATION)
EVERY_PURPOSE = sum(purpose.bit for purpose in PURPOSES)
BY_CODE: dict[str, Purpose] = {purpose.code: purpose for purpose in PURPOSES}


@cache
def policy_version() -> str:
    """The version of the texts that visitors are shown: a hash over the source language, so the same in every language.

    A consent given to other texts is not a consent to these: changing a word here asks everybody again.
    """
    with override(None):  # no translation at all: the msgids themselves
        texts = [[purpose.code, str(purpose.title), str(purpose.text)] for purpose in PURPOSES]
    return hashlib.sha256(json.dumps(texts, ensure_ascii=True).encode()).hexdigest()[:16]


def mask_of(codes: Iterable[str]) -> int:
    """The bits of these purposes, or-ed together. An unknown code is a KeyError.

    >>> mask_of(["analytics", "personalization"])
    3
    """
    mask = 0
    for code in codes:
        mask |= BY_CODE[code].bit
    return mask


def codes_of(mask: int) -> frozenset[str]:
    """The purposes in a mask; bits that stand for no purpose are left out.

    >>> sorted(codes_of(2))
    ['personalization']
    """
    return frozenset(purpose.code for purpose in PURPOSES if mask & purpose.bit)
