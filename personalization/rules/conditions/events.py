"""The condition that counts or measures events."""

from bisect import bisect_right
from collections.abc import Hashable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from personalization.rules.asking import Filter
from personalization.rules.facts import Facts, Reason
from personalization.rules.measures import OF_PROPERTY, Figure, Item, Items, figure, figures
from personalization.rules.nodes import NO, YES, Answer, TimelineCondition
from personalization.rules.phrasing import bounds_text, code, figure_text, names_text, window_text
from personalization.rules.values import identity, lookup
from personalization.rules.windows import WHOLE, SessionWindow, Span, Window, session_end
from tracking.timeline import ALL, Names, Timeline


class Measured(NamedTuple):
    """What an Events condition asks for."""

    names: Names
    where: tuple[Filter, ...] = ()
    window: Window = WHOLE
    per: str | None = None
    measure: str = "count"
    of: str | None = None
    low: float | None = None
    high: float | None = None


class Events(TimelineCondition):
    """`{"event": …}`: some figure about the kept events, or about one group of them, lies within bounds."""

    __slots__ = ("_group", "_value", "asks")

    def __init__(self, asks: Measured) -> None:
        self.asks = asks
        window = asks.window
        by_session = isinstance(window, SessionWindow) or asks.per == "session" or asks.measure == "sessions"
        self.event_names = ALL if by_session else asks.names
        self.horizon = window.duration if isinstance(window, Span) else None
        self._value = lookup(asks.of) if asks.of is not None else None
        self._group = lookup(asks.per) if asks.per is not None and asks.per != "session" else None

    def met(self, found: Figure) -> bool:
        """Say whether a figure lies within the bounds."""
        asks = self.asks
        if found is None:
            return False
        return (asks.low is None or found >= asks.low) and (asks.high is None or found <= asks.high)

    def kept(self, timeline: Timeline, now: datetime, at: datetime) -> Items:
        """Return the events in the window that pass the filters."""
        asks = self.asks
        index = timeline.index(asks.names)
        start, stop = asks.window.cut(timeline, index, now, at)
        value_of = self._value
        items = []
        for place in range(start, stop):
            position = index.positions[place]
            for filter_ in asks.where:
                if not filter_.passes(timeline, position):
                    break
            else:
                items.append(Item(position, index.times[place], value_of(timeline, position) if value_of else None))
        return items

    def groups(self, timeline: Timeline, items: Items) -> dict[Hashable, list[Item]]:
        """Return the items by session or by the property's value; those without it are in no group."""
        found: dict[Hashable, list[Item]] = {}
        for item in items:
            if self._group is None:
                found.setdefault(timeline.session_of(item.position), []).append(item)
            else:
                value = self._group(timeline, item.position)
                if value is not None:
                    found.setdefault(identity(value), []).append(item)
        return found

    def parts(self, timeline: Timeline, items: Items) -> Sequence[Items]:
        """Return what the bounds are asked of: every group, or all items at once."""
        if self.asks.per is None:
            return (items,)
        return tuple(self.groups(timeline, items).values())

    def look(self, timeline: Timeline, now: datetime) -> Answer:
        """Answer as if no event came after `now`."""
        asks = self.asks
        parts = self.parts(timeline, self.kept(timeline, now, now))
        matches = any(self.met(figure(asks.measure, timeline, items)) for items in parts)
        if isinstance(asks.window, Span):
            return matches, self._leaving(timeline, parts, matches, asks.window.duration)
        if isinstance(asks.window, SessionWindow):
            end = session_end(timeline, now)
            if end is not None:
                parts = self.parts(timeline, self.kept(timeline, now, end))
                if any(self.met(figure(asks.measure, timeline, items)) for items in parts) is not matches:
                    return matches, end
        return matches, None

    def _leaving(
        self, timeline: Timeline, parts: Sequence[Items], matches: bool, duration: timedelta
    ) -> datetime | None:
        """Return when the truth first changes because events leave the window, oldest first."""
        turns: list[tuple[datetime, int]] = []
        holding = 0
        for items in parts:
            before = None
            for leaves, holds in self._states(timeline, items):
                if leaves is None:
                    holding += holds
                elif holds is not before:
                    turns.append((leaves, 1 if holds else -1))
                before = holds
        if len(parts) > 1:
            turns.sort()
        for place, (leaves, turn) in enumerate(turns):
            holding += turn
            if place + 1 < len(turns) and turns[place + 1][0] == leaves:
                continue
            if (holding > 0) is not matches:
                return leaves + duration
        return None

    def _states(self, timeline: Timeline, items: Items) -> Iterator[tuple[datetime | None, bool]]:
        """Yield whether one part meets the bounds now (None), and after those of each next instant have left."""
        found = figures(self.asks.measure, timeline, items)
        last = len(items)
        empty = self.asks.per is None and self.met(found[last])
        yield None, self.met(found[0]) if items else empty
        for left in range(1, last + 1):
            leaves = items[left - 1].occurred_at
            if left == last:
                yield leaves, empty
            elif items[left].occurred_at != leaves:
                yield leaves, self.met(found[left])

    def explain(self, facts: Facts, now: datetime) -> Reason:
        """Return what was found, of how much that was asked for, and in which group."""
        asks = self.asks
        timeline = facts.timeline
        items = self.kept(timeline, now, now)
        matches, _ = self.judge(facts, now)
        group = ""
        if asks.per is None:
            found = figure(asks.measure, timeline, items)
        else:
            found, group = self._telling_group(timeline, items)
        of = f"{asks.measure} of {code(asks.of)} " if asks.measure in OF_PROPERTY and asks.of else ""
        unit = {"sessions": "sessions with ", "duration": "seconds of "}.get(asks.measure, "")
        where = ", filtered" if asks.where else ""
        text = f"{figure_text(found)} of {bounds_text(asks.low, asks.high)} {of}{unit}{names_text(asks.names)}"
        return Reason(matches, f"{text}{window_text(asks.window)}{where}{group}")

    def _telling_group(self, timeline: Timeline, items: Items) -> tuple[Figure, str]:
        """Return the figure and the name of the group that meets the bounds, else of the one with the most."""
        asks = self.asks
        best: tuple[bool, Figure, Item] | None = None
        for group in self.groups(timeline, items).values():
            found = figure(asks.measure, timeline, group)
            met = self.met(found)
            if best is None or (met, found or 0) > (best[0], best[1] or 0):
                best = (met, found, group[0])
        if best is None:
            return None, f", in no {'session' if asks.per == 'session' else code(asks.per or '')}"
        if self._group is None:
            session = timeline.sessions[timeline.session_of(best[2].position)]
            begun: Any = timeline.times[session.start].strftime("%Y-%m-%d %H:%M:%S UTC")
            return best[1], f", in the session begun {begun}"
        value = self._group(timeline, best[2].position)
        return best[1], f", with {code(asks.per or '')} {figure_text(value)}"


class RecentCount(Events):
    """The commonest Events condition, at least so many in the last so long, without filters or groups: made short."""

    __slots__ = ("_duration", "_low", "_names")

    def __init__(self, asks: Measured) -> None:
        super().__init__(asks)
        self._names: str | Names
        assert isinstance(asks.window, Span)  # noqa: S101  # tells the type checker what `make_events` has asked
        self._names = next(iter(asks.names)) if asks.names is not ALL and len(asks.names) == 1 else asks.names
        self._duration = asks.window.duration
        self._low = int(asks.low or 0)

    def judge(self, facts: Facts, now: datetime) -> Answer:
        """Return whether enough events lie in the window, and until when."""
        times = facts.timeline.indexes[self._names].times
        count = len(times)
        if count < self._low:
            return NO
        if times and times[-1] > now:
            return self.look_ahead(facts.timeline, now)
        low = self._low
        if not low:
            return YES
        # The truth hangs on one event: the latest that has `low` - 1 others after it.
        leaves: datetime = times[count - low] + self._duration
        return (True, leaves) if leaves > now else NO

    def look(self, timeline: Timeline, now: datetime) -> Answer:
        """Answer as if no event came after `now`."""
        times = timeline.indexes[self._names].times
        count = bisect_right(times, now)
        if not self._low:
            return YES
        if count < self._low:
            return NO
        leaves = times[count - self._low] + self._duration
        return (True, leaves) if leaves > now else NO


def make_events(asks: Measured) -> Events:
    """Return the condition in its fastest form."""
    if (
        isinstance(asks.window, Span)
        and asks.measure == "count"
        and asks.high is None
        and asks.per is None
        and not asks.where
        and isinstance(asks.low, int)
    ):
        return RecentCount(asks)
    return Events(asks)
