"""Why a visitor sees what they see, for themselves: which kinds of knowledge decided, in plain words and no more.

Names of segments and variants are an editor's; what a rule compares with may say more about others than about the
visitor. So a visitor is told what was looked at, not how it was judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from personalization.content.services import decide
from personalization.content.serving.asking import django_request
from personalization.profiles.head import configuration_version
from personalization.scoring.engagement import ENGAGEMENT
from personalization.segments.presence import presence_of
from personalization.segments.published import PublishedRule, published


class Kind(Enum):
    """A kind of knowledge that rules ask for, and how a visitor is told of it."""

    LOOKED_AT = _("which products you looked at")
    CART = _("what you put into your cart")
    BOUGHT = _("what you bought")
    SEARCHED = _("what you searched for")
    READ = _("which pages you read")
    DONE = _("what you did on this site")
    VISITS = _("when you were here before")
    ENGAGED = _("how much you use this site")
    KNOWN = _("what we know from your account or from what you told us")
    FROM = _("the link or page that you came from")
    COUNTRY = _("the country that you seem to be in")
    LANGUAGE = _("the language of the page")
    DEVICE = _("the device and browser that you use")
    LOGGED_IN = _("whether you are logged in")
    TIME = _("the day and the time")
    PAGE = _("the page that you are on")
    SETTING = _("a setting in your browser")


_EVENTS: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(("view_item", "view_item_list", "select_item", "add_to_wishlist"), Kind.LOOKED_AT),
    **dict.fromkeys(("add_to_cart", "remove_from_cart", "view_cart", "begin_checkout"), Kind.CART),
    "purchase": Kind.BOUGHT,
    **dict.fromkeys(("search", "view_search_results"), Kind.SEARCHED),
    **dict.fromkeys(("page_view", "section_view", "scroll", "user_engagement"), Kind.READ),
}
_FIELDS: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(("referrer_host",), Kind.FROM),
    "country": Kind.COUNTRY,
    "language": Kind.LANGUAGE,
    **dict.fromkeys(("device", "browser", "os"), Kind.DEVICE),
    **dict.fromkeys(("logged_in", "group"), Kind.LOGGED_IN),
    **dict.fromkeys(("weekday", "hour", "time_zone"), Kind.TIME),
    **dict.fromkeys(("path",), Kind.PAGE),
}


@dataclass(frozen=True, slots=True)
class Why:
    """What a visitor is told about one block."""

    is_chosen: bool = False
    """Something other than what everyone else sees."""
    is_known: bool = False
    """The visitor agreed to personalization, so that more than this visit may be looked at."""
    kinds: tuple[Kind, ...] = ()
    """None, and yet chosen: everybody sees it at present."""


def why(request: HttpRequest, key: str) -> Why:
    """Say why this request's visitor sees what the block called `key` shows. Never raises, and is for nobody else."""
    decision = decide(request, key, explain=True)
    if not decision.variants:
        return Why()
    presence = presence_of(django_request(request))
    rules = published(configuration_version()).rules
    asked = [rule for variant in decision.variants for rule in variant.audience or () if presence.matches(rule)]
    return Why(True, presence.is_known, kinds_of(asked, rules))


def kinds_of(keys: Iterable[str], rules: Mapping[str, PublishedRule]) -> tuple[Kind, ...]:
    """The kinds of knowledge that these rules ask for, and the segments that they name."""
    found = {kind for key in keys if key in rules for kind in _kinds(rules[key].rule.to_json(), rules)}
    return tuple(kind for kind in Kind if kind in found)


def _kinds(clause: Any, rules: Mapping[str, PublishedRule]) -> Iterator[Kind]:
    if isinstance(clause, list):
        for one in clause:
            yield from _kinds(one, rules)
    elif isinstance(clause, dict):
        yield from _asked(clause, rules)
        for name in ("all", "any", "not", "not_followed_by"):
            yield from _kinds(clause.get(name), rules)


def _asked(clause: Mapping[str, Any], rules: Mapping[str, PublishedRule]) -> Iterator[Kind]:
    """What one condition asks for."""
    if "event" in clause:
        names = clause["event"] if isinstance(clause["event"], list) else [clause["event"]]
        yield from (_EVENTS.get(name, Kind.DONE) for name in names)
    if "seen" in clause:
        yield Kind.VISITS
    if "trait" in clause:
        yield Kind.ENGAGED if clause["trait"] == ENGAGEMENT else Kind.KNOWN
    if clause.get("segment") in rules:
        yield from _kinds(rules[clause["segment"]].rule.to_json(), rules)
    if "request" in clause:
        yield _field(str(clause["request"]))


def _field(name: str) -> Kind:
    if name.startswith("utm_"):
        return Kind.FROM
    return _FIELDS.get(name, Kind.SETTING if name.startswith("cookie.") else Kind.PAGE)
