"""The condition about the request that is under way, and about its local time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from personalization.rules.facts import Facts, Reason
from personalization.rules.nodes import NO, YES, Answer, Condition
from personalization.rules.phrasing import code, figure_text, operands_text
from personalization.rules.windows import TICK
from tracking.asking import Test

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOCK_FIELDS: Final[Mapping[str, tuple[str | int, ...]]] = {"weekday": WEEKDAYS, "hour": tuple(range(24))}
"""The fields that follow from the time, with all their values."""

LONGEST_WAIT: Final = timedelta(days=16)
"""A value that comes at all comes within this, even where a zone once skipped a day."""


def zone_of(request: Mapping[str, Any]) -> ZoneInfo | None:
    """Return the request's time zone, if it names one that exists."""
    name = request.get("time_zone")
    if not isinstance(name, str) or not name:
        return None
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None


class Request(Condition):
    """`{"request": …, Test}`."""

    __slots__ = ("field", "test")

    is_contextual = True

    def __init__(self, field: str, test: Test) -> None:
        self.field = field
        self.test = test

    def judge(self, facts: Facts, now: datetime) -> Answer:
        """Return whether the field of the request passes."""
        if facts.request is None:
            return NO
        return YES if self.test.check(facts.request.get(self.field)) else NO

    def found(self, facts: Facts, now: datetime) -> object:
        """Return the value that is asked about."""
        return None if facts.request is None else facts.request.get(self.field)

    def explain(self, facts: Facts, now: datetime) -> Reason:
        """Return the value that was found."""
        matches, _ = self.judge(facts, now)
        if facts.request is None:
            return Reason(matches, f"no request under way; asked: {code(self.field)}")
        found = figure_text(self.found(facts, now))
        return Reason(
            matches, f"{code(self.field)} is {found}; asked: {operands_text(self.test.operands)}", found=found
        )


class ClockRequest(Request):
    """The fields `weekday` and `hour`, which follow from the time in the request's zone."""

    __slots__ = ("_changes", "_truths")

    def __init__(self, field: str, test: Test) -> None:
        super().__init__(field, test)
        self._truths = [test.check(value) for value in CLOCK_FIELDS[field]]
        self._changes = len(set(self._truths)) > 1

    def judge(self, facts: Facts, now: datetime) -> Answer:
        """Return whether the local time passes, and the instant at which that changes."""
        if facts.request is None:
            return NO
        zone = zone_of(facts.request)
        if zone is None:
            return YES if self.test.check(None) else NO
        matches = self._truths[self._value(now.astimezone(zone))]
        if not self._changes:
            return matches, None
        at = now
        while at - now < LONGEST_WAIT:
            at = self._next(at, zone, matches)
            if self._truths[self._value(at.astimezone(zone))] is not matches:
                return matches, at
        return matches, None

    def found(self, facts: Facts, now: datetime) -> object:
        """Return the local weekday or hour."""
        zone = zone_of(facts.request or {})
        return zone and CLOCK_FIELDS[self.field][self._value(now.astimezone(zone))]

    def _value(self, local: datetime) -> int:
        return local.hour if self.field == "hour" else local.weekday()

    def _next(self, at: datetime, zone: ZoneInfo, matches: bool) -> datetime:
        """Return when the local clock next shows another truth, or, if sooner, when that clock is changed."""
        local = at.astimezone(zone)
        value = self._value(local)
        truths = self._truths
        step = next(step for step in range(1, len(truths)) if truths[(value + step) % len(truths)] is not matches)
        gone = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        if self.field == "hour":
            end = at + timedelta(hours=step) - gone
        else:
            end = at + timedelta(days=step) - timedelta(hours=local.hour) - gone
        if end.astimezone(zone).utcoffset() == local.utcoffset():
            return end
        early, late = at, end
        while late - early > TICK:
            middle = early + (late - early) / 2
            if middle.astimezone(zone).utcoffset() == local.utcoffset():
                early = middle
            else:
                late = middle
        return late


def make_request(field: str, test: Test) -> Request:
    """Return the condition about this field."""
    return ClockRequest(field, test) if field in CLOCK_FIELDS else Request(field, test)
