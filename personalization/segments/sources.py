"""Who brings rules that are judged and stored beside the segments: upper rooms register here, imports go down only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

# Answers (key, rule as JSON) for each of its rules that may be asked now. A key is at most 100 characters,
# holds a colon ("variant:<uuid>") so that it never meets a segment's slug, and never names two rules.
Source = Callable[[], Iterable[tuple[str, Any]]]

_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Add (or replace) the source called `name`, such as "variants". Called once, when its app is ready."""
    _sources[name] = source


def sources() -> tuple[Source, ...]:
    """All registered sources in the order of their registration."""
    return tuple(_sources.values())
