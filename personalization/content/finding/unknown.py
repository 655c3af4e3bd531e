"""Names that templates use and nobody has made: each is logged once in a process, since every page view asks again."""

import logging
import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

from personalization.content.keys import KEY_PATTERN

logger = logging.getLogger("personalization.content")

_MESSAGES: Final = {
    "block": "No block is called %r: what stands in the template is shown. %s",
    "cta": "No call to action is called %r: nothing is shown. %s",
    "segment": "No active segment is called %r: nobody is in it. Create it in the admin, or correct its name.%s",
}
_CREATE: Final = "Create it in the admin."
_LIKE: Final = "Is %r meant? Else create it in the admin."
_IMPOSSIBLE: Final = (
    "Correct the name in the template: it may have lower-case letters, digits, hyphens and underscores, as 'home-hero'."
)
_MOST: Final = 1_000
"""Names may come from variables; so many are kept in mind."""
_ALIKE: Final = 0.75
_said: set[tuple[str, str]] = set()
_key = re.compile(KEY_PATTERN)


def say_unknown(kind: str, name: str, known: Collection[str] = ()) -> None:
    """Log that there is no ``"block"``, ``"cta"`` or ``"segment"`` of this name, unless that was said before.

    Of blocks and calls to action it says, too, which of those that are `known` may be meant, and whether there can be
    one of this name at all.
    """
    if (kind, name) in _said or len(_said) >= _MOST:
        return
    _said.add((kind, name))
    logger.warning(_MESSAGES[kind], name, "" if kind == "segment" else _way_out(name, known))


def _way_out(name: str, known: Collection[str]) -> str:
    for like in get_close_matches(name.lower(), known, n=1, cutoff=_ALIKE):
        return _LIKE % like
    return _CREATE if _key.match(name) else _IMPOSSIBLE
