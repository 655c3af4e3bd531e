"""What belongs to a campaign beside blocks and variants of the admin: upper rooms register how it is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from personalization.content.models import Campaign


@dataclass(frozen=True)
class Belonging:
    """One thing that belongs to a campaign: what it is for people, and where it is edited."""

    label: str
    url: str


@dataclass(frozen=True)
class Finder:
    """How it is found: what is read together with the campaigns, however many they are, and then what it says."""

    prefetch: Callable[[], Prefetch[Any]]
    describe: Callable[[Campaign], Iterable[Belonging]]


_finders: dict[str, Finder] = {}


def register(name: str, finder: Finder) -> None:
    """Add (or replace) the finder called `name`, such as "djangocms". Called once, when its app is ready."""
    _finders[name] = finder


def prefetches() -> list[Prefetch[Any]]:
    """What is to be read together with the campaigns."""
    return [finder.prefetch() for finder in _finders.values()]


def belongings_of(campaign: Campaign) -> list[Belonging]:
    """All that the registered finders found, each once."""
    return list(dict.fromkeys(one for finder in _finders.values() for one in finder.describe(campaign)))
