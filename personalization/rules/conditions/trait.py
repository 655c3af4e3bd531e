"""The condition about what is known about the visitor; decaying numbers are solved for when they cross a bound."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import copysign, log2
from typing import Final

from personalization.rules.facts import Decaying, Facts, Reason
from personalization.rules.nodes import NO, YES, Answer, Condition
from personalization.rules.phrasing import NOT_TOLD, code, figure_text, operands_text
from personalization.rules.windows import TICK
from tracking.asking import Test

LAST_INSTANT: Final = datetime.max.replace(tzinfo=UTC)


class Trait(Condition):
    """`{"trait": …, Test}`."""

    __slots__ = ("high", "low", "name", "test", "traits")

    def __init__(self, name: str, test: Test) -> None:
        self.name = name
        self.test = test
        self.traits = frozenset({name})
        self.low: float | None = test.operands.get("at_least")
        self.high: float | None = test.operands.get("at_most")

    def judge(self, facts: Facts, now: datetime) -> Answer:
        """Return whether the trait passes at `now`, and until when."""
        value = facts.traits.get(self.name)
        if not isinstance(value, Decaying):
            return YES if self.test.check(value) else NO
        if self.low is None and self.high is None:
            return YES if self.test.operands.get("exists") else NO
        matches = self._within(value.value_at(now))
        instants = (_crossing(value, now, self.low, self._above), _crossing(value, now, self.high, self._below))
        for instant in sorted(instant for instant in instants if instant is not None):
            if self._within(value.value_at(instant)) is not matches:
                return matches, instant
        return matches, None

    def _above(self, value: float) -> bool:
        return self.low is None or value >= self.low

    def _below(self, value: float) -> bool:
        return self.high is None or value <= self.high

    def _within(self, value: float) -> bool:
        return self._above(value) and self._below(value)

    def explain(self, facts: Facts, now: datetime) -> Reason:
        """Return the value that is known."""
        matches, _ = self.judge(facts, now)
        value = facts.traits.get(self.name)
        if facts.discretion is not None and facts.discretion.hides_trait(self.name, value):
            found = NOT_TOLD
        else:
            found = figure_text(value.value_at(now) if isinstance(value, Decaying) else value)
        return Reason(matches, f"{code(self.name)} is {found}; asked: {operands_text(self.test.operands)}", found=found)


def _crossing(
    decaying: Decaying, now: datetime, bound: float | None, holds: Callable[[float], bool]
) -> datetime | None:
    """Return the first microsecond after `now` at which the value passes a bound (it does so but once).

    Solved first, value x 2^(-t / half_life) = bound; then found to the microsecond, for rounding moves the crossing.
    """
    value = decaying.value
    if not bound or not value or (bound > 0) is not (value > 0):
        return None  # what decays comes ever closer to zero and never reaches it
    before = holds(decaying.value_at(now))
    if before is not holds(copysign(float("inf"), value)):
        return None  # passed already
    half_life = decaying.half_life // TICK  # whole: the quotient below then rounds as that of two durations does

    def passed(ticks: int) -> bool:
        return holds(decaying.value_after(ticks / half_life)) is not before

    here = (now - decaying.at) // TICK
    last = (LAST_INSTANT - decaying.at) // TICK
    solved = half_life * (log2(abs(value)) - log2(abs(bound)))
    if solved > last:
        return None
    step = 2
    early = max(here, int(solved) - step)
    if passed(early):
        early = here
    late = early + step
    while not passed(late):
        if late > last:
            return None
        early = late
        step *= 4
        late += step
    while late - early > 1:
        middle = (early + late) // 2
        if passed(middle):
            late = middle
        else:
            early = middle
    return decaying.at.astimezone(UTC) + timedelta(microseconds=late) if late <= last else None
