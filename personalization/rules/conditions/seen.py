"""The condition about when the visitor came: the first time, the last time, the time before this one."""

from datetime import datetime
from typing import Literal

from personalization.rules.facts import Facts, Reason
from personalization.rules.nodes import Answer, TimelineCondition, first_change
from personalization.rules.phrasing import ago_text
from personalization.rules.windows import WHOLE, Span, session_end
from tracking.timeline import ALL, SESSION_GAP, Timeline


class Seen(TimelineCondition):
    """`{"seen": …, "within" or "beyond": …}`."""

    __slots__ = ("beyond", "duration", "text", "which")

    def __init__(self, which: Literal["first", "last", "previous"], span: Span, *, beyond: bool) -> None:
        self.which = which
        self.duration = span.duration
        self.text = span.text
        self.beyond = beyond
        self.event_names = ALL
        self.horizon = span.duration if which == "last" and not beyond else None

    def occurred_at(self, timeline: Timeline, now: datetime, at: datetime) -> datetime | None:
        """Return when the event that is asked about occurred, as things stand at `at`."""
        _, stop = WHOLE.cut(timeline, timeline.index(ALL), now, at)
        if not stop:
            return None
        times = timeline.times
        if self.which == "first":
            return times[0]
        if self.which == "last" or at - times[stop - 1] > SESSION_GAP:
            return times[stop - 1]
        start = timeline.sessions[timeline.session_of(stop - 1)].start
        return times[start - 1] if start else None

    def holds(self, timeline: Timeline, now: datetime, at: datetime) -> bool:
        """Say whether the condition holds at `at` when nothing comes after `now`."""
        occurred_at = self.occurred_at(timeline, now, at)
        return occurred_at is not None and (at - occurred_at >= self.duration) is self.beyond

    def look(self, timeline: Timeline, now: datetime) -> Answer:
        """Answer as if no event came after `now`."""
        occurred_at = self.occurred_at(timeline, now, now)
        matches = occurred_at is not None and (now - occurred_at >= self.duration) is self.beyond
        turns = occurred_at and occurred_at + self.duration
        if self.which != "previous":
            return matches, turns if turns is not None and turns > now else None
        instants = [turns]
        end = session_end(timeline, now)
        if end is not None:
            later = self.occurred_at(timeline, now, end)
            instants += [end, later and later + self.duration]
        return matches, first_change(lambda at: self.holds(timeline, now, at), matches, now, instants)

    def explain(self, facts: Facts, now: datetime) -> Reason:
        """Return when the visitor was seen."""
        matches, _ = self.judge(facts, now)
        occurred_at = self.occurred_at(facts.timeline, now, now)
        asked = f"{'beyond' if self.beyond else 'within'} {self.text}"
        if occurred_at is None:
            return Reason(matches, f"never seen; asked: {self.which} seen {asked}", found="never")
        ago = f"{ago_text(now - occurred_at)} ago"
        return Reason(matches, f"{self.which} seen {ago}; asked: {asked}", found=ago)
