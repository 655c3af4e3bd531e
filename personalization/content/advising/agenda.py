"""A month in which things start and end: which day holds what. Pure: no database, no clock."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

_MONTH: Final = re.compile(r"(?P<year>20\d\d)-(?P<month>0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something starts or ends."""

    at: datetime
    """What the clocks show by which it was planned; without a zone, so that nobody converts it."""
    starts: bool
    name: str
    url: str = ""
    is_campaign: bool = False
    is_paused: bool = False
    """It would, if it were not paused."""
    zone_name: str = ""
    """Whose clocks, where they are not the site's."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day with what starts and ends on it, in order."""

    day: date
    entries: tuple[Entry, ...] = ()
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """The days of a month."""

    first: date
    days: tuple[Day, ...]
    column: int
    """In which of the seven columns the first day stands, from 1 on."""

    @property
    def before(self) -> str:
        """The month before, as `month_named` reads it."""
        return f"{self.first - timedelta(days=1):%Y-%m}"

    @property
    def after(self) -> str:
        """The month after."""
        return f"{self.days[-1].day + timedelta(days=1):%Y-%m}"

    @property
    def busy(self) -> tuple[Day, ...]:
        """The days on which something starts or ends."""
        return tuple(day for day in self.days if day.entries)


def month_named(name: str, *, today: date) -> date:
    """The first day of the month of that name, or of today's if there is no such month.

    >>> month_named("2027-02", today=date(2026, 11, 20)), month_named("soon", today=date(2026, 11, 20))
    (datetime.date(2027, 2, 1), datetime.date(2026, 11, 1))
    """
    if found := _MONTH.fullmatch(name):
        return date(int(found["year"]), int(found["month"]), 1)
    return today.replace(day=1)


def entries_between(
    starts_at: datetime | None, ends_at: datetime | None, zone: tzinfo, name: str, **fields: object
) -> Iterator[Entry]:
    """The start and the end of what has them, by the clocks of a zone.

    Args:
        starts_at: an aware datetime; None if it has no start.
        ends_at: likewise.
        zone: whose clocks.
        name: what it is called.
        fields: whatever else an entry says.
    """
    for at, starts in ((starts_at, True), (ends_at, False)):
        if at is not None:
            yield Entry(at.astimezone(zone).replace(tzinfo=None), starts, name, **fields)  # type: ignore[arg-type]  # the entry's own


def month_of(first: date, entries: Iterable[Entry], *, today: date, first_weekday: int = 0) -> Month:
    """Lay the entries into the month that begins on `first`.

    Args:
        first: its first day.
        entries: in any order, of any time.
        today: to be marked, if it is in the month.
        first_weekday: on which weeks begin; Monday is 0.
    """
    by_day: dict[date, list[Entry]] = {}
    for entry in entries:
        by_day.setdefault(entry.at.date(), []).append(entry)
    days = (first.replace(day=number) for number in range(1, monthrange(first.year, first.month)[1] + 1))
    return Month(
        first,
        tuple(
            Day(day, tuple(sorted(by_day.get(day, ()), key=lambda one: (one.at.time(), one.name))), day == today)
            for day in days
        ),
        (first.weekday() - first_weekday) % 7 + 1,
    )
