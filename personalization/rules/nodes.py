"""What every clause of a rule is, and the clauses that join others: all, any, not."""

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final, TypeAlias, final

from personalization.rules.facts import Facts, Reason
from tracking.timeline import Names, Timeline

Answer: TypeAlias = tuple[bool, datetime | None]
"""The truth now, and the first instant at which it changes by itself."""

NO_NAMES: Final[frozenset[str]] = frozenset()
NO_TIME: Final = timedelta(0)

YES: Final[Answer] = (True, None)
NO: Final[Answer] = (False, None)


class Node(ABC):
    """One clause of a rule."""

    __slots__ = ()

    @abstractmethod
    def judge(self, facts: Facts, now: datetime) -> Answer:
        """Return whether the clause holds at `now` (UTC), and until when."""

    @abstractmethod
    def explain(self, facts: Facts, now: datetime) -> Reason:
        """Return the same truth with the values that were found."""

    def leaves(self) -> Iterator["Condition"]:
        """Yield the conditions of the clause."""
        yield from ()


class Condition(Node):
    """A clause that asks the facts themselves."""

    __slots__ = ()

    event_names: Names = NO_NAMES
    """The events that can change its answer."""
    traits: frozenset[str] = NO_NAMES
    segments: frozenset[str] = NO_NAMES
    horizon: timedelta | None = NO_TIME
    """How far back it looks; None: without end."""
    is_contextual: bool = False

    def leaves(self) -> Iterator["Condition"]:
        """Yield the condition itself."""
        yield self


class TimelineCondition(Condition):
    """A condition about the timeline. A subclass reads only what had happened by `now`; this adds what lies ahead."""

    __slots__ = ("event_names", "horizon")

    event_names: Names
    horizon: timedelta | None

    @abstractmethod
    def look(self, timeline: Timeline, now: datetime) -> Answer:
        """Answer as if no event came after `now`."""

    def judge(self, facts: Facts, now: datetime) -> Answer:
        """Return whether the condition holds at `now`, and until when."""
        timeline = facts.timeline
        times = timeline.times
        if times and times[-1] > now:
            times = timeline.index(self.event_names).times
            if times and times[-1] > now:
                return self.look_ahead(timeline, now)
        return self.look(timeline, now)

    def look_ahead(self, timeline: Timeline, now: datetime) -> Answer:
        """Answer with the events after `now`: not there yet, but known to come at their own time."""
        times = timeline.index(self.event_names).times
        matches, until = self.look(timeline, now)
        following = bisect_right(times, now)
        while following < len(times):
            coming = times[following]
            if until is not None and until < coming:
                break
            then, until = self.look(timeline, coming)
            if then is not matches:
                return matches, coming
            following = bisect_right(times, coming, following)
        return matches, until


def first_change(
    holds: Callable[[datetime], bool], matches: bool, now: datetime, instants: Iterable[datetime | None]
) -> datetime | None:
    """Return the first of the instants after `now` at which the truth is no longer `matches`."""
    for instant in sorted({instant for instant in instants if instant is not None and instant > now}):
        if holds(instant) is not matches:
            return instant
    return None


class Joined(Node):
    """Several clauses, joined."""

    __slots__ = ("nodes",)

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = tuple(nodes)

    def leaves(self) -> Iterator[Condition]:
        """Yield the conditions inside."""
        for node in self.nodes:
            yield from node.leaves()


@final
class All(Joined):
    """True when every clause is."""

    __slots__ = ()

    def judge(self, facts: Facts, now: datetime) -> Answer:
        """Return whether all hold; when not, until the false clause that stays false longest."""
        earliest: datetime | None = None
        latest: datetime | None = None
        for node in self.nodes:
            matches, until = node.judge(facts, now)
            if not matches:
                if until is None:
                    return NO
                if latest is None or until > latest:
                    latest = until
            elif until is not None and (earliest is None or until < earliest):
                earliest = until
        if latest is not None:
            return False, latest
        return True, earliest

    def explain(self, facts: Facts, now: datetime) -> Reason:
        """Return the reasons of every clause."""
        children = tuple(node.explain(facts, now) for node in self.nodes)
        return Reason(all(child.matches for child in children), "all of", children)


@final
class Any(Joined):
    """True when one clause is."""

    __slots__ = ()

    def judge(self, facts: Facts, now: datetime) -> Answer:
        """Return whether one holds; if so, until the true clause that stays true longest."""
        earliest: datetime | None = None
        latest: datetime | None = None
        for node in self.nodes:
            matches, until = node.judge(facts, now)
            if matches:
                if until is None:
                    return YES
                if latest is None or until > latest:
                    latest = until
            elif until is not None and (earliest is None or until < earliest):
                earliest = until
        if latest is not None:
            return True, latest
        return False, earliest

    def explain(self, facts: Facts, now: datetime) -> Reason:
        """Return the reasons of every clause."""
        children = tuple(node.explain(facts, now) for node in self.nodes)
        return Reason(any(child.matches for child in children), "any of", children)


@final
class Not(Joined):
    """True when its clause is not."""

    __slots__ = ()

    def judge(self, facts: Facts, now: datetime) -> Answer:
        """Return the opposite, until the same instant."""
        matches, until = self.nodes[0].judge(facts, now)
        return not matches, until

    def explain(self, facts: Facts, now: datetime) -> Reason:
        """Return the opposite and the reason of the clause."""
        child = self.nodes[0].explain(facts, now)
        return Reason(not child.matches, "not", (child,))
