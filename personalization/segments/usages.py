"""Where a segment is used: upper rooms register how to find their uses, so that a used segment is protected."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Usage:
    """One place that names the segment: what it is for people, and where it is edited (empty: nowhere)."""

    label: str
    url: str = ""
    permission: str = ""
    """Whom the address is for, such as `attune_content.view_block`; empty: everybody who may see segments."""


Finder = Callable[[str], Iterable[Usage]]

_finders: dict[str, Finder] = {}


def register(name: str, finder: Finder) -> None:
    """Add (or replace) the finder called `name`, such as "variants". It is given a slug."""
    _finders[name] = finder


def usages_of(slug: str) -> list[Usage]:
    """Every registered use of the segment; a place that uses it twice is one."""
    return list(dict.fromkeys(usage for finder in _finders.values() for usage in finder(slug)))
