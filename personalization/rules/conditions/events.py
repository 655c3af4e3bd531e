"""The condition that counts or measures events."""

from collections.abc import Hashable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import compress, repeat
from typing import Any, NamedTuple

from personalization.rules.facts import Discretion, Facts, Reason
from personalization.rules.measures import Figure, Item, Items, figure, figures
from personalization.rules.nodes import NO, YES, Answer, TimelineCondition
from personalization.rules.phrasing import (
    NOT_TOLD,
    bounds_text,
    code,
    figure_text,
    names_text,
    times_text,
    window_text,
)
from personalization.rules.values import identity, lookup
from personalization.rules.windows import WHOLE, SessionWindow, Span, Window, session_end
from tracking.asking import Filter
from tracking.timeline import ALL, Index, Names, Timeline


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
        positions, times = index.positions[start:stop], index.times[start:stop]
        for filter_ in asks.where:
            passes = filter_.passes
            kept = [passes(timeline, position) for position in positions]
            positions, times = list(compress(positions, kept)), list(compress(times, kept))
        value_of = self._value
        if value_of is None:
            return list(zip(positions, times, repeat(None), strict=False))
        return [
            (position, occurred_at, value_of(timeline, position))
            for position, occurred_at in zip(positions, times, strict=True)
        ]

    def groups(self, timeline: Timeline, items: Items) -> dict[Hashable, list[Item]]:
        """Return the items by session or by the property's value; those without it are in no group."""
        found: dict[Hashable, list[Item]] = {}
        group_of = self._group
        for item in items:
            if group_of is None:
                found.setdefault(timeline.session_of(item[0]), []).append(item)
            else:
                value = group_of(timeline, item[0])
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
        items = self.kept(timeline, now, now)
        if isinstance(asks.window, Span) and asks.per is None:
            return self._look_at_one(timeline, items, asks.window.duration)
        parts = self.parts(timeline, items)
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

    def _look_at_one(self, timeline: Timeline, items: Items, duration: timedelta) -> Answer:
        """Answer for all items at once, which leave a window of this duration one after another."""
        found = figures(self.asks.measure, timeline, items)
        met = self.met
        matches = met(found[0])
        last = len(items)
        for left in range(1, last + 1):
            if met(found[left]) is not matches:
                leaves = items[left - 1][1]
                if left == last or items[left][1] != leaves:
                    return matches, leaves + duration
        return matches, None

    def _leaving(
        self, timeline: Timeline, groups: Sequence[Items], matches: bool, duration: timedelta
    ) -> datetime | None:
        """Return when the truth about some group first changes because events leave the window, oldest first."""
        turns: list[tuple[datetime, int]] = []
        holding = 0
        for items in groups:
            before = None
            for leaves, holds in self._states(timeline, items):
                if leaves is None:
                    holding += holds
                elif holds is not before:
                    turns.append((leaves, 1 if holds else -1))
                before = holds
        turns.sort()
        for place, (leaves, turn) in enumerate(turns):
            holding += turn
            if place + 1 < len(turns) and turns[place + 1][0] == leaves:
                continue
            if (holding > 0) is not matches:
                return leaves + duration
        return None

    def _states(self, timeline: Timeline, items: Items) -> Iterator[tuple[datetime | None, bool]]:
        """Yield whether a group meets the bounds now (None) and after each next instant; once gone, it does not."""
        found = figures(self.asks.measure, timeline, items)
        last = len(items)
        yield None, self.met(found[0])
        for left in range(1, last + 1):
            leaves = items[left - 1][1]
            if left == last:
                yield leaves, False
            elif items[left][1] != leaves:
                yield leaves, self.met(found[left])

    def explain(self, facts: Facts, now: datetime) -> Reason:
        """Return what was found, of how much that was asked for, and in which group."""
        asks = self.asks
        timeline = facts.timeline
        items = self.kept(timeline, now, now)
        matches, _ = self.judge(facts, now)
        group = plainly = ""
        if asks.per is None:
            value = figure(asks.measure, timeline, items)
        else:
            value, group, plainly = self._telling_group(timeline, items, facts.discretion)
        is_hidden = asks.of is not None and asks.measure != "distinct" and hides(facts.discretion, asks.of)
        found = NOT_TOLD if is_hidden and value is not None else figure_text(value)
        if asks.of is not None:
            unit = f"as the {asks.measure} of {code(asks.of)} over "
        else:
            unit = {"sessions": "sessions with ", "duration": "seconds between "}.get(asks.measure, "")
        where = ", filtered" if asks.where else ""
        text = f"{found} of {bounds_text(asks.low, asks.high)} {unit}{names_text(asks.names)}"
        if value is not None:
            found = {"count": times_text(found), "duration": f"{found} seconds"}.get(asks.measure, found)
        return Reason(matches, f"{text}{window_text(asks.window)}{where}{group}", found=f"{found}{plainly}")

    def _telling_group(
        self, timeline: Timeline, items: Items, discretion: Discretion | None
    ) -> tuple[Figure, str, str]:
        """Return the figure of the group that meets the bounds, else of the one with the most; its name, also plain."""
        asks = self.asks
        best: tuple[bool, Figure, Item] | None = None
        for group in self.groups(timeline, items).values():
            found = figure(asks.measure, timeline, group)
            met = self.met(found)
            if best is None or (met, found or 0) > (best[0], best[1] or 0):
                best = (met, found, group[0])
        if best is None:
            return None, f", in no {'session' if asks.per == 'session' else code(asks.per or '')}", ""
        if self._group is None:
            session = timeline.sessions[timeline.session_of(best[2][0])]
            begun: Any = timeline.times[session.start].strftime("%Y-%m-%d %H:%M:%S UTC")
            return best[1], f", in the session begun {begun}", f", in the visit begun {begun}"
        name = asks.per or ""
        value = NOT_TOLD if hides(discretion, name) else figure_text(self._group(timeline, best[2][0]))
        return best[1], f", with {code(name)} {value}", f", with {value}"


def hides(discretion: Discretion | None, name: str) -> bool:
    """Whether reasons keep the values of this property to themselves."""
    return discretion is not None and discretion.hides_property(name)


class AtLeast(Events):
    """The commonest Events condition, a count with a lower bound alone, made short.

    Its truth hangs on one event: going from the newest event backward, the one with which the first group is full. That
    group stays full longest.
    """

    __slots__ = ("_filters", "_low", "_names")

    def __init__(self, asks: Measured) -> None:
        super().__init__(asks)
        self._names: str | Names = asks.names
        if asks.names is not ALL and len(asks.names) == 1:
            (self._names,) = asks.names
        self._low = int(asks.low or 1)
        self._filters = tuple(filter_.passes for filter_ in asks.where)

    def look(self, timeline: Timeline, now: datetime) -> Answer:
        """Answer as if no event came after `now`."""
        index = timeline.indexes[self._names]
        if len(index.times) < self._low:
            return NO
        window = self.asks.window
        place = self._full(timeline, index, now, now)
        if isinstance(window, Span):
            return NO if place is None else (True, index.times[place] + window.duration)
        if isinstance(window, SessionWindow):
            end = session_end(timeline, now)
            if end is not None and (self._full(timeline, index, now, end) is None) is not (place is None):
                return place is not None, end
        return NO if place is None else YES

    def _full(self, timeline: Timeline, index: Index, now: datetime, at: datetime) -> int | None:
        """Return the place in the index of the event that fills the first group, from the newest backward."""
        asks = self.asks
        low = self._low
        start, stop = asks.window.cut(timeline, index, now, at)
        if stop - start < low:
            return None
        if not asks.where and asks.per is None:
            return stop - low
        return self._filled(timeline, index, start, stop)

    def _filled(self, timeline: Timeline, index: Index, start: int, stop: int) -> int | None:
        positions = index.positions
        filters = self._filters
        group_of = self._group
        by_session = self.asks.per is not None and group_of is None
        counts: dict[Hashable, int] = {}
        count, low = 0, self._low
        for place in range(stop - 1, start - 1, -1):
            position = positions[place]
            for passes in filters:
                if not passes(timeline, position):
                    break
            else:
                if group_of is not None or by_session:
                    value = group_of(timeline, position) if group_of is not None else timeline.session_of(position)
                    if value is None:
                        continue
                    key = identity(value)
                    count = counts[key] = counts.get(key, 0) + 1
                else:
                    count += 1
                if count == low:
                    return place
        return None


class RecentCount(AtLeast):
    """At least so many in the last so long, without filters or groups: the hottest condition of all."""

    __slots__ = ("_duration",)

    def __init__(self, asks: Measured, duration: timedelta) -> None:
        super().__init__(asks)
        self._duration = duration

    def judge(self, facts: Facts, now: datetime) -> Answer:
        """Return whether enough events lie in the window, and until when."""
        times = facts.timeline.indexes[self._names].times
        count = len(times)
        if count < self._low:
            return NO
        if times[-1] > now:
            return self.look_ahead(facts.timeline, now)
        leaves = times[count - self._low] + self._duration
        return (True, leaves) if leaves > now else NO


def make_events(asks: Measured) -> Events:
    """Return the condition in its fastest form."""
    if asks.measure != "count" or asks.high is not None or not isinstance(asks.low, int) or asks.low < 1:
        return Events(asks)
    if isinstance(asks.window, Span) and asks.per is None and not asks.where:
        return RecentCount(asks, asks.window.duration)
    return AtLeast(asks)
