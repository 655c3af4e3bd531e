"""On which page a block stands, as far as that is known: of a group, only blocks that can meet count. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stand:
    """The one page that a block stands on."""

    page: str
    """Tells this page, in its language, from all others."""
    paths: frozenset[str] = frozenset()
    """The paths of its addresses."""
    within: tuple[tuple[str, str], ...] = ()
    """The variants that the block stands in: the key of the block, and the variant's id; empty: everyone else's."""


def may_meet(stands: Stand | None, other: Stand | None, path: Callable[[], str]) -> bool:
    """Whether two blocks can be on the page that is asked for. None may be on any page: templates do not tell.

    Args:
        stands: where the block stands that is asked for; so that is the page.
        other: where the other one stands.
        path: says the path of the page, for blocks that may be on any.

    >>> home, shop = Stand("1", frozenset({"/"})), Stand("2", frozenset({"/shop/"}))
    >>> may_meet(home, None, str), may_meet(home, Stand("1"), str), may_meet(home, shop, str)
    (True, True, False)
    >>> may_meet(None, shop, lambda: "/shop/"), may_meet(None, shop, lambda: "/")
    (True, False)
    """
    if other is None:
        return True
    return path() in other.paths if stands is None else stands.page == other.page
