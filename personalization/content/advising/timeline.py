"""When the variants of a block are shown, as bars over some weeks. Pure: where each bar begins and ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from personalization.content.advising.lint import VariantFacts
from personalization.content.deciding.schedule import Schedule

WIDTH: Final = 1000
"""Of all the time that is shown; bars are given in these units."""
WEEKS: Final = 8
BEFORE: Final = timedelta(weeks=2)
AFTER: Final = timedelta(weeks=WEEKS) - BEFORE


@dataclass(frozen=True, slots=True)
class Bar:
    """One variant's time."""

    name: str
    starts_at: datetime | None
    ends_at: datetime | None
    """None: without end."""
    at_times: bool
    """Only at some hours or on some days of it."""
    idle_campaign: str
    """The campaign that keeps it from being shown though it is its time; empty: none does."""
    x: int = 0
    width: int = 0
    """0: all of its time lies outside of what is shown."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The bars of a block's variants, in their order."""

    since: datetime
    until: datetime
    now_x: int
    weeks: tuple[datetime, ...]
    """When each week begins; all are as wide."""
    bars: tuple[Bar, ...]
    always: int
    """So many more variants are shown always."""


def timeline_of(variants: Iterable[VariantFacts], *, now: datetime) -> Timeline | None:
    """The timeline around `now`; None, if all variants are shown always.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 20, tzinfo=UTC)
    >>> ends = VariantFacts("1", "Sale", schedule=Schedule(ends_at=now + timedelta(days=14)))
    >>> [(bar.x, bar.width) for bar in timeline_of([ends], now=now).bars]
    [(0, 500)]
    """
    since, until = now - BEFORE, now + AFTER
    every = [_bar(variant, since, until) for variant in variants]
    bars = tuple(bar for bar in every if bar.starts_at or bar.ends_at or bar.at_times or bar.idle_campaign)
    if not bars:
        return None
    weeks = tuple(since + timedelta(weeks=week) for week in range(WEEKS))
    return Timeline(since, until, _x(now, since, until), weeks, bars, always=len(every) - len(bars))


def _bar(variant: VariantFacts, since: datetime, until: datetime) -> Bar:
    schedules: list[Schedule] = [variant.schedule, *(campaign.schedule for campaign in variant.campaigns)]
    starts_at = max((one.starts_at for one in schedules if one.starts_at), default=None)
    ends_at = min((one.ends_at for one in schedules if one.ends_at), default=None)
    x = _x(starts_at or since, since, until)
    return Bar(
        variant.name,
        starts_at,
        ends_at,
        at_times=any(one.hours is not None for one in schedules),
        idle_campaign=next((campaign.name for campaign in variant.campaigns if not campaign.live), ""),
        x=x,
        width=max(0, _x(ends_at or until, since, until) - x),
    )


def _x(moment: datetime, since: datetime, until: datetime) -> int:
    share = (moment - since) / (until - since)
    return round(WIDTH * min(1.0, max(0.0, share)))
