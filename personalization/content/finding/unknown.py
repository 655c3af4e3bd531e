"""Names that templates use and nobody has made: each is logged once in a process, since every page view asks again."""

import logging
from typing import Final

logger = logging.getLogger("personalization.content")

_MESSAGES: Final = {
    "block": "No block is called %r: what stands in the template is shown. Create it in the admin.",
    "cta": "No call to action is called %r: nothing is shown. Create it in the admin.",
    "segment": "No active segment is called %r: nobody is in it. Create it in the admin, or correct its name.",
}
_MOST: Final = 1_000
"""Names may come from variables; so many are kept in mind."""
_said: set[tuple[str, str]] = set()


def say_unknown(kind: str, name: str) -> None:
    """Log that there is no ``"block"``, ``"cta"`` or ``"segment"`` of this name, unless that was said before."""
    if (kind, name) in _said or len(_said) >= _MOST:
        return
    _said.add((kind, name))
    logger.warning(_MESSAGES[kind], name)
