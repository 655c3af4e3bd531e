"""The condition that something was begun, not finished, and left alone for a while."""

from datetime import datetime
from typing import NamedTuple

from personalization.rules.facts import Facts, Reason
from personalization.rules.nodes import Answer, TimelineCondition, first_change
from personalization.rules.phrasing import ago_text, names_text, window_text
from personalization.rules.windows import WHOLE, SessionWindow, Span, Window, session_end
from tracking.asking import Filter
from tracking.timeline import ALL, Names, Timeline


class Step(NamedTuple):
    """Which events are meant."""

    names: Names
    where: tuple[Filter, ...] = ()

    def latest(self, timeline: Timeline, start: int, stop: int) -> int | None:
        """Return the position of the latest of them between two places of their index."""
        positions = timeline.index(self.names).positions
        for place in range(stop - 1, start - 1, -1):
            if all(filter_.passes(timeline, positions[place]) for filter_ in self.where):
                return positions[place]
        return None


class Abandoned(TimelineCondition):
    """`{"event": …, "not_followed_by": …, "after": …}`."""

    __slots__ = ("after", "begun", "finished", "text", "window")

    def __init__(self, begun: Step, finished: Step, after: Span, window: Window = WHOLE) -> None:
        self.begun = begun
        self.finished = finished
        self.after = after.duration
        self.text = after.text
        self.window = window
        if begun.names is ALL or finished.names is ALL or isinstance(window, SessionWindow):
            self.event_names = ALL
        else:
            self.event_names = begun.names | finished.names
        self.horizon = window.duration if isinstance(window, Span) else None

    def left(self, timeline: Timeline, now: datetime, at: datetime) -> tuple[datetime | None, bool]:
        """Return when the latest event to be finished occurred, and whether one that finishes it followed."""
        begun = self.begun.latest(timeline, *self.window.cut(timeline, timeline.index(self.begun.names), now, at))
        if begun is None:
            return None, False
        index = timeline.index(self.finished.names)
        _, stop = WHOLE.cut(timeline, index, now, now)
        finished = self.finished.latest(timeline, 0, stop)
        return timeline.times[begun], finished is not None and finished > begun

    def holds(self, timeline: Timeline, now: datetime, at: datetime) -> bool:
        """Say whether the condition holds at `at` when nothing comes after `now`."""
        begun, finished = self.left(timeline, now, at)
        return begun is not None and not finished and at - begun >= self.after

    def look(self, timeline: Timeline, now: datetime) -> Answer:
        """Answer as if no event came after `now`."""
        begun, finished = self.left(timeline, now, now)
        matches = begun is not None and not finished and now - begun >= self.after
        instants: list[datetime | None] = []
        if begun is not None and not finished:
            instants.append(begun + self.after)
        if isinstance(self.window, Span) and begun is not None:
            instants.append(begun + self.window.duration)
        elif isinstance(self.window, SessionWindow):
            end = session_end(timeline, now)
            if end is not None:
                instants.append(end)
                later, _ = self.left(timeline, now, end)
                instants.append(later and later + self.after)
        if not instants:
            return matches, None
        return matches, first_change(lambda at: self.holds(timeline, now, at), matches, now, instants)

    def explain(self, facts: Facts, now: datetime) -> Reason:
        """Return when it was begun, and whether it was finished."""
        matches, _ = self.judge(facts, now)
        begun, finished = self.left(facts.timeline, now, now)
        asked = f"{names_text(self.begun.names)}{window_text(self.window)}"
        if begun is None:
            return Reason(matches, f"no {asked}", found="nothing")
        followed = "followed" if finished else "not followed"
        ago = f"{ago_text(now - begun)} ago"
        text = f"{asked}, {followed} by {names_text(self.finished.names)}, {ago} of at least {self.text}"
        return Reason(matches, text, found=f"{ago}, and that has happened since" if finished else ago)
