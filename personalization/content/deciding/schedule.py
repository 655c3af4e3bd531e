"""When a variant is shown: from a start to an end, on some weekdays, at some hours of a time zone. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum, auto
from typing import Final
from zoneinfo import ZoneInfo

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY: Final = timedelta(days=1)
# Every weekday comes twice, so that a window that a clock change leaves empty once is found the next time.
_DAYS_AHEAD: Final = 15


class Opening(Enum):
    """What a schedule says at one moment."""

    NOT_YET = auto()
    OVER = auto()
    CLOSED = auto()
    """Within its time, but at other hours or on another day."""
    OPEN = auto()


@dataclass(frozen=True, slots=True)
class Hours:
    """Some hours of some weekdays, by the clocks of a time zone.

    Where clocks are put back, a time that they show twice counts when they show it first; where they are put forward,
    a time that they skip counts at the change. So what is between two times has no hole, and nothing overlaps.
    """

    zone: ZoneInfo
    weekdays: frozenset[int]
    """On which they begin; Monday is 0."""
    start: time = time.min
    end: time = time.min
    """Not after `start`: on the next day. Midnight is the end of the day."""

    def contain(self, now: datetime) -> bool:
        """Say whether clocks in the zone are within the hours."""
        return any(start <= now < end for start, end in self._windows(now, 1))

    def changes_after(self, now: datetime) -> list[datetime]:
        """When the hours begin and end next, in no order."""
        return [instant for window in self._windows(now, _DAYS_AHEAD) for instant in window if instant > now]

    def _windows(self, now: datetime, days_ahead: int) -> Iterator[tuple[datetime, datetime]]:
        # Of yesterday, as one may last over midnight; of tomorrow, as clocks may go back over midnight.
        today = now.astimezone(self.zone).date()
        for ahead in range(-1, days_ahead + 1):
            day = today + ahead * _DAY
            if day.weekday() in self.weekdays:
                last_day = day if self.start < self.end else day + _DAY
                yield _instant(day, self.start, self.zone), _instant(last_day, self.end, self.zone)


@dataclass(frozen=True, slots=True)
class Schedule:
    """When something is shown: from the start on, until before the end, within the hours."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    hours: Hours | None = None

    def at(self, now: datetime) -> Opening:
        """Say what holds at `now`.

        >>> work = Hours(ZoneInfo("Europe/Berlin"), frozenset(range(5)), time(9), time(17))
        >>> Schedule(hours=work).at(datetime(2026, 11, 20, 15, 59, tzinfo=UTC)).name
        'OPEN'
        """
        if self.starts_at is not None and now < self.starts_at:
            return Opening.NOT_YET
        if self.ends_at is not None and now >= self.ends_at:
            return Opening.OVER
        return Opening.OPEN if self.hours is None or self.hours.contain(now) else Opening.CLOSED

    def is_open(self, now: datetime) -> bool:
        """Say whether it is shown at `now`."""
        return self.at(now) is Opening.OPEN

    def next_change(self, now: datetime) -> datetime | None:
        """The first instant after `now` at which it begins or ceases to be shown; ``None`` is never.

        >>> work = Hours(ZoneInfo("Europe/Berlin"), frozenset(range(5)), time(9), time(17))
        >>> Schedule(hours=work).next_change(datetime(2026, 11, 20, 16, tzinfo=UTC)).isoformat()
        '2026-11-23T08:00:00+00:00'
        """
        is_open = self.is_open(now)
        return next((instant for instant in self._candidates(now) if self.is_open(instant) is not is_open), None)

    def _candidates(self, now: datetime) -> Iterable[datetime]:
        bounds = [instant for instant in (self.starts_at, self.ends_at) if instant is not None and instant > now]
        if self.hours is not None:
            bounds += self.hours.changes_after(max(now, self.starts_at) if self.starts_at else now)
        return sorted(bounds)


ALWAYS: Final = Schedule()


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """When clocks in the zone first show this; where they skip it, when they do."""
    local = datetime.combine(day, clock)
    first = local.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None, fold=0) == local:
        return first
    # Skipped. Read by the clocks of afterwards it is before the change, by those of before it is after.
    before, after = local.replace(tzinfo=zone, fold=1).astimezone(UTC), first
    offset = before.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after
