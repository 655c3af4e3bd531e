"""Reading the parts of a rule, from names to filters and tests: every mistake is noted with its place."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Final, TypeVar

import re2

from personalization.rules.durations import parse_duration, write_duration
from personalization.rules.errors import Mistake
from personalization.rules.limits import LONGEST_DURATION, Limits
from personalization.rules.measures import MEASURES
from personalization.rules.windows import Between, SessionWindow, Span, Window
from tracking.asking import TESTS, Filter, Test, compile_pattern, make_filter, make_test
from tracking.timeline import ALL, Names, Scalar

LARGEST_INTEGER: Final = 2**63 - 1
PLAIN_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)

DURATION: Final = 'a duration over 0 such as "90s", "10m", "24h", "30d" or "2w"'
NUMBER: Final = "a number"
TEXT: Final = "a text that is not empty"

Found = TypeVar("Found")


class Wrong(Exception):  # carries no error out, only ends the reading of one value
    """The value was wrong, and is noted."""


def show(value: object) -> str:
    """Return what was found, in few words however deep or long it is.

    >>> show(True), show("a"), show([[1]]), show({"a": {}}), show(None), show(10**40)
    ('true', '"a"', 'a list of 1', 'an object with "a"', 'null', 'a number of 41 digits')
    """
    if isinstance(value, dict):
        keys = ", ".join(show(key) for key in list(value)[:8])
        return f"an object with {keys}{', …' if len(value) > 8 else ''}" if keys else "an empty object"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**30:
        return f"a number of {len(str(abs(value)))} digits" if abs(value) < 10**4000 else "a number of over 4000 digits"
    if value is None or isinstance(value, (str, int, float)):
        text = json.dumps(value, ensure_ascii=not _is_clean(value))
        return text if len(text) <= 80 else f"{text[:79]}…"
    return f"a Python {type(value).__name__}"


def _is_clean(value: object) -> bool:
    """Say whether a text can be stored and sent: no NUL, no half of a surrogate pair."""
    return not isinstance(value, str) or not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value)


def place_of(place: str, key: object) -> str:
    """Return the place of what lies at a key or an index.

    >>> place_of(place_of("$", "all"), 1), place_of("$", "a b")
    ('$.all[1]', '$["a b"]')
    """
    if isinstance(key, int) and not isinstance(key, bool):
        return f"{place}[{key}]"
    if isinstance(key, str) and PLAIN_KEY.fullmatch(key):
        return f"{place}.{key if len(key) <= 80 else key[:79] + '…'}"
    return f"{place}[{show(key)}]"


def one_of(names: Sequence[str]) -> str:
    """Return the names as alternatives.

    >>> one_of(["first", "last", "previous"])
    '"first", "last" or "previous"'
    """
    quoted = [f'"{name}"' for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


class Reader:
    """Reads parts of one rule, and notes in `mistakes` what is wrong."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.mistakes: list[Mistake] = []

    def note(self, place: str, found: object, allowed: str, *, as_text: bool = False) -> None:
        """Note a mistake."""
        self.mistakes.append(Mistake(place, str(found) if as_text else show(found), allowed))

    def wrong(self, place: str, found: object, allowed: str, *, as_text: bool = False) -> Wrong:
        """Note a mistake and return what ends the reading of this value."""
        self.note(place, found, allowed, as_text=as_text)
        return Wrong()

    def keys(self, data: dict[Any, Any], place: str, allowed: Sequence[str]) -> None:
        """Note every key that is not allowed."""
        for key in data:
            if key not in allowed:
                self.note(place_of(place, key), f"the key {show(key)}", f"only {one_of(allowed)}", as_text=True)

    def attempt(self, read: Callable[[Any, str], Found], data: dict[Any, Any], key: str, place: str) -> Found | None:
        """Read what lies at a key that must be there; None when it is missing or wrong, which is then noted."""
        at = place_of(place, key)
        if key not in data:
            self.note(at, "nothing", f'"{key}" is needed here', as_text=True)
            return None
        try:
            return read(data[key], at)
        except Wrong:
            return None

    def optional(
        self, read: Callable[[Any, str], Found], data: dict[Any, Any], key: str, place: str, default: Found
    ) -> Found | None:
        """Read what lies at a key that may be missing; None when it is wrong, which is then noted."""
        return self.attempt(read, data, key, place) if key in data else default

    def text(self, value: Any, place: str) -> str:
        """Read a text that is not empty."""
        if not isinstance(value, str) or not value:
            raise self.wrong(place, value, TEXT)
        return self.clean(value, place)

    def operand_text(self, value: Any, place: str) -> str:
        """Read a text that may be empty."""
        if not isinstance(value, str):
            raise self.wrong(place, value, "a text")
        return self.clean(value, place)

    def clean(self, value: str, place: str) -> str:
        """Refuse what databases refuse."""
        if not _is_clean(value):
            raise self.wrong(place, value, "a text without NUL and without halves of surrogate pairs")
        return value

    def number(self, value: Any, place: str) -> float:
        """Read a finite number; a boolean is none."""
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.wrong(place, value, NUMBER)
        if isinstance(value, int):
            if abs(value) > LARGEST_INTEGER:
                raise self.wrong(place, value, f"a number up to {LARGEST_INTEGER}")
        elif not isfinite(value):
            raise self.wrong(place, value, "a finite number")
        return value

    def scalar(self, value: Any, place: str) -> Scalar:
        """Read a text, a number or a boolean."""
        if isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self.operand_text(value, place)
        if isinstance(value, (int, float)):
            return self.number(value, place)
        raise self.wrong(place, value, "a text, a number, true or false")

    def scalars(self, value: Any, place: str) -> list[Scalar]:
        """Read a list of scalars."""
        if not isinstance(value, list):
            raise self.wrong(place, value, "a list of texts, numbers, true or false")
        before = len(self.mistakes)
        read: list[Scalar] = []
        for number, member in enumerate(value):
            try:
                read.append(self.scalar(member, place_of(place, number)))
            except Wrong:
                continue
        if len(self.mistakes) > before:
            raise Wrong
        return read

    def truth(self, value: Any, place: str) -> bool:
        """Read true or false."""
        if not isinstance(value, bool):
            raise self.wrong(place, value, "true or false")
        return value

    def pattern(self, value: Any, place: str) -> str:
        """Read a pattern that RE2 takes."""
        text = self.operand_text(value, place)
        try:
            compile_pattern(text)
        except re2.error as error:
            problem = error.args[0] if error.args else ""
            reason = problem.decode(errors="replace") if isinstance(problem, bytes) else str(problem)
            raise self.wrong(place, text, f"a pattern that RE2 understands ({reason})") from None
        return text

    def duration(self, value: Any, place: str) -> Span:
        """Read a duration within the limits."""
        duration = parse_duration(value) if isinstance(value, str) else None
        if duration is None:
            raise self.wrong(place, value, DURATION)
        longest = min(self.limits.longest_duration, LONGEST_DURATION)
        if duration > longest:
            raise self.wrong(place, value, f"at most {write_duration(longest)}")
        return Span(duration, value)

    def names(self, value: Any, place: str) -> Names:
        """Read the names of events."""
        if value == "*":
            return ALL
        if not isinstance(value, list):
            return frozenset({self.text(value, place)})
        if not value:
            raise self.wrong(place, value, 'the name of an event, a list of names, or "*"')
        before = len(self.mistakes)
        read = set()
        for number, name in enumerate(value):
            at = place_of(place, number)
            try:
                if name == "*":
                    raise self.wrong(at, name, 'the name of an event; "*" stands alone')
                read.add(self.text(name, at))
            except Wrong:
                continue
        if len(self.mistakes) > before:
            raise Wrong
        return frozenset(read)

    def measure(self, value: Any, place: str) -> str:
        """Read the name of a measure."""
        if value not in MEASURES:
            raise self.wrong(place, value, one_of(MEASURES))
        return str(value)

    def window(self, value: Any, place: str) -> Window:
        """Read a window."""
        if value in ("session", "previous_session"):
            return SessionWindow(previous=value == "previous_session")
        if isinstance(value, dict):
            return self.between(value, place)
        if not isinstance(value, str) or parse_duration(value) is None:
            allowed = f'{DURATION}, "session", "previous_session" or an object with "from" and "to"'
            raise self.wrong(place, value, allowed)
        return self.duration(value, place)

    def between(self, data: dict[Any, Any], place: str) -> Window:
        """Read a stretch of the calendar."""
        self.keys(data, place, ("from", "to"))
        start = self.attempt(self.instant, data, "from", place)
        end = self.attempt(self.instant, data, "to", place)
        if start is None or end is None:
            raise Wrong
        if start >= end:
            raise self.wrong(place, f"{data['from']} to {data['to']}", '"from" before "to"', as_text=True)
        return Between(start, end)

    def instant(self, value: Any, place: str) -> datetime:
        """Read a time with its zone, as UTC."""
        allowed = 'a time with its zone such as "2026-11-20T08:00:00+01:00"'
        if not isinstance(value, str):
            raise self.wrong(place, value, allowed)
        try:
            read = datetime.fromisoformat(value)
            if read.tzinfo is None:
                raise self.wrong(place, value, allowed)
            return read.astimezone(UTC)
        except (ValueError, OverflowError):
            raise self.wrong(place, value, allowed) from None

    def bounds(self, data: dict[Any, Any], place: str, *, negative: bool) -> tuple[float | None, float | None]:
        """Read `at_least` and `at_most`, of which each may be missing."""

        def bound(value: Any, at: str) -> float | None:
            read = self.number(value, at)
            if read < 0 and not negative:
                raise self.wrong(at, value, "a number that is not negative")
            return read

        low = self.optional(bound, data, "at_least", place, None)
        high = self.optional(bound, data, "at_most", place, None)
        if low is not None and high is not None and low > high:
            at = place_of(place, "at_least")
            self.note(at, low, f'at most {show(high)}, which "at_most" says')
        return low, high

    def where(self, data: dict[Any, Any], place: str) -> tuple[Filter, ...]:
        """Read the filters, if there are any."""
        if "where" not in data:
            return ()
        at = place_of(place, "where")
        value = data["where"]
        if not isinstance(value, list):
            self.note(at, value, "a list of filters")
            return ()
        read = [self.filter(member, place_of(at, number)) for number, member in enumerate(value)]
        return tuple(found for found in read if found is not None)

    def filter(self, data: Any, place: str) -> Filter | None:
        """Read one filter of events."""
        if not isinstance(data, dict):
            self.note(place, data, 'an object with "property" and a test')
            return None
        name = self.attempt(self.text, data, "property", place)
        test = self.test(data, place, "property")
        return None if name is None or test is None else make_filter(name, test)

    def test(self, data: dict[Any, Any], place: str, subject: str) -> Test | None:
        """Read the one test that stands beside the subject."""
        before = len(self.mistakes)
        self.keys(data, place, (subject, *TESTS))
        given = [name for name in TESTS if name in data]
        readers: dict[str, Callable[[Any, str], Any]] = {
            "is": self.scalar,
            "is_not": self.scalar,
            "in": self.scalars,
            "not_in": self.scalars,
            "contains": self.operand_text,
            "starts_with": self.operand_text,
            "ends_with": self.operand_text,
            "matches": self.pattern,
            "exists": self.truth,
        }
        operands = {name: self.attempt(readers[name], data, name, place) for name in given if name in readers}
        low, high = self.bounds(data, place, negative=True)
        if len(operands) + ("at_least" in given or "at_most" in given) != 1:
            found = " and ".join(f'"{name}"' for name in given) if given else "no test"
            self.note(
                place, found, f'exactly one test: {one_of(TESTS)} ("at_least" and "at_most" may pair)', as_text=True
            )
        if len(self.mistakes) > before:
            return None
        if low is not None:
            operands["at_least"] = low
        if high is not None:
            operands["at_most"] = high
        return make_test(operands)
