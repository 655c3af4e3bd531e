"""Traits between the database, the hot head and the rules: one value, one meaning."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeAlias

from personalization.rules import Decaying

Plain: TypeAlias = bool | int | float | str
KnownValue: TypeAlias = Plain | Decaying

_reserved: set[str] = set()


def reserve(name: str) -> None:
    """Keep this name for what a room above works out itself: nobody else may set it. Called once, when it is ready."""
    _reserved.add(name)


def is_reserved(name: str) -> bool:
    """Whether the name is kept for what is worked out."""
    return name in _reserved


def known_value(value: Plain, half_life: timedelta | None, at: datetime | None) -> KnownValue:
    """The value of a stored trait."""
    if half_life is not None and at is not None:
        return Decaying(float(value), half_life, at)
    return value


def value_at(value: KnownValue, now: datetime) -> Plain:
    """What the value has come to be at `now`.

    >>> from datetime import UTC, timedelta
    >>> day = datetime(2026, 11, 20, tzinfo=UTC)
    >>> value_at(Decaying(8.0, timedelta(days=1), day), day + timedelta(days=3))
    1.0
    """
    return value.value_at(now) if isinstance(value, Decaying) else value
