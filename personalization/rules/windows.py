"""Windows: which events of the timeline a condition looks at.

A window is asked about two instants: `now`, after which no event exists, and `at` (≥ `now`), from which one looks back.
They differ only while a condition works out when it will change by itself.
"""

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from typing import Final, TypeAlias, final

import msgspec

from tracking.timeline import ALL, SESSION_GAP, Index, Timeline

TICK: Final = timedelta(microseconds=1)
"""The smallest step of time."""

Range: TypeAlias = tuple[int, int]


@final
class Whole(msgspec.Struct, frozen=True):
    """Everything up to now."""

    def cut(self, timeline: Timeline, index: Index, now: datetime, at: datetime) -> Range:
        """Return from where to where in the index the window reaches."""
        return 0, bisect_right(index.times, now)


@final
class Span(msgspec.Struct, frozen=True):
    """The last so and so long: now - duration < occurred_at ≤ now."""

    duration: timedelta
    text: str

    def cut(self, timeline: Timeline, index: Index, now: datetime, at: datetime) -> Range:
        """Return from where to where in the index the window reaches."""
        stop = bisect_right(index.times, now)
        return bisect_right(index.times, at - self.duration, 0, stop), stop


@final
class Between(msgspec.Struct, frozen=True):
    """A stretch of the calendar: start ≤ occurred_at < end."""

    start: datetime
    end: datetime

    def cut(self, timeline: Timeline, index: Index, now: datetime, at: datetime) -> Range:
        """Return from where to where in the index the window reaches."""
        stop = min(bisect_right(index.times, now), bisect_left(index.times, self.end))
        return bisect_left(index.times, self.start, 0, stop), stop


@final
class SessionWindow(msgspec.Struct, frozen=True):
    """The current session, or the one before it."""

    previous: bool

    def cut(self, timeline: Timeline, index: Index, now: datetime, at: datetime) -> Range:
        """Return from where to where in the index the window reaches."""
        stop = bisect_right(timeline.times, now)
        if not stop:
            return 0, 0
        number = timeline.session_of(stop - 1)
        if at - timeline.times[stop - 1] > SESSION_GAP:
            if not self.previous:
                return 0, 0
        elif self.previous:
            number -= 1
            if number < 0:
                return 0, 0
        session = timeline.sessions[number]
        first = bisect_left(index.positions, session.start)
        return first, bisect_left(index.positions, min(session.stop, stop), first)


Window: TypeAlias = Whole | Span | Between | SessionWindow

WHOLE: Final = Whole()


def session_end(timeline: Timeline, now: datetime) -> datetime | None:
    """Return the first instant at which the session that is current at `now` no longer is."""
    times = timeline.index(ALL).times
    stop = bisect_right(times, now)
    if not stop or now - times[stop - 1] > SESSION_GAP:
        return None
    return times[stop - 1] + SESSION_GAP + TICK
