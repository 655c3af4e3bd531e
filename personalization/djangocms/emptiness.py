"""Lists without items, offers without a code: a variant of a page that holds nothing else makes room for the next."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import ContextVar
from html import unescape
from typing import Final

from personalization.content.bodies.kinds import NothingToShow

_SEEN: Final = re.compile(
    r"<(?:img|picture|svg|video|audio|canvas|iframe|object|embed|form|input|button|select|textarea|hr)\b",
    re.IGNORECASE,
)
_TAGS: Final = re.compile(r"<!--.*?-->|<(?:\"[^\"]*\"|'[^']*'|[^'\">])*>", re.DOTALL)

_said: ContextVar[list[bool] | None] = ContextVar("attune_cms_nothing", default=None)
"""Of the variant that is being rendered: one entry for each of its plugins that had nothing."""


def is_in_variant() -> bool:
    """Whether a variant is being rendered, so that another one can come in its place."""
    return _said.get() is not None


def say_nothing() -> None:
    """Note that a plugin has nothing for this visitor."""
    said = _said.get()
    if said is not None:
        said.append(True)


def rendered_or_nothing(render: Callable[[], str]) -> str:
    """Render what is in a variant.

    Raises:
        NothingToShow: nobody would see anything of it, as a plugin has nothing for this visitor.
    """
    said: list[bool] = []
    token = _said.set(said)
    try:
        html = render()
    finally:
        _said.reset(token)
    if said and is_blank(html):
        raise NothingToShow
    return html


def is_blank(html: str) -> bool:
    """Say whether there is nothing to be seen: no text, no picture, nothing to press.

    >>> [is_blank(html) for html in ('<div class="row"><p>&nbsp;</p></div>', "<p>x</p>", '<p><img src="a.png"></p>')]
    [True, False, False]
    """
    return not _SEEN.search(html) and not unescape(_TAGS.sub("", html)).strip()
