"""What went wrong with a variant: kept without a language, and said in the one of the editor who reads it.

It is noted while a visitor's page is made, in that page's language.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EMPTY: Final = "empty"
LATE: Final = "late"
LAYOUT: Final = "layout"

_WORDS: Final[dict[str, tuple[Promise, tuple[str, ...]]]] = {
    EMPTY: (_("It is empty."), ()),
    LATE: (_("It took longer than %(seconds)s seconds."), ("seconds",)),
    LAYOUT: (_("The layout “%(layout)s” failed: %(error)s."), ("layout", "error")),
}


def kept(kind: str, *values: str) -> str:
    """What is stored of it.

    >>> kept(LATE, "2")
    'late\\n2'
    """
    return "\n".join((kind, *values))


def in_words(failure: str) -> str:
    """What editors read of what was stored; what is no kind of ours is said as it is.

    >>> in_words("ValueError")
    'ValueError'
    """
    kind, *values = failure.split("\n")
    if kind not in _WORDS:
        return failure
    words, names = _WORDS[kind]
    return str(words) % dict(zip(names, [*values, *["?"] * len(names)], strict=False))
