"""Tests of one value (`is`, `in`, `at_least`, `contains`, `matches` …) and the filters of events made of them."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import msgspec
import re2

from tracking.timeline import OWN_FIELDS, Scalar, Timeline

Check: TypeAlias = Callable[[Any], bool]

TESTS: Final = (
    "is",
    "is_not",
    "in",
    "not_in",
    "at_least",
    "at_most",
    "contains",
    "starts_with",
    "ends_with",
    "matches",
    "exists",
)
"""Every test; `at_least` and `at_most` may stand together, the others alone."""


class Test(msgspec.Struct, frozen=True):
    """A test of one value, ready to be asked: its operands by name, and the compiled check."""

    __test__ = False  # pytest takes every class of this name for one of its own

    operands: dict[str, Any]
    check: Check


class Filter(msgspec.Struct, frozen=True):
    """A test of a property of an event."""

    name: str
    test: Test
    passes: Callable[[Timeline, int], bool]
    """Says whether the event at a position of a timeline passes."""


def make_filter(name: str, test: Test) -> Filter:
    """Return the filter that asks this test of the property of this name."""
    check = test.check
    if name in OWN_FIELDS:
        return Filter(name, test, lambda timeline, position: check(timeline.fields[position].get(name)))
    return Filter(name, test, lambda timeline, position: check(timeline.properties[position].get(name)))


def make_test(operands: dict[str, Any]) -> Test:
    """Return the test with these operands; they must be valid.

    >>> make_test({"is_not": "DE"}).check(None), make_test({"is_not": "DE"}).check("fr")
    (False, True)
    >>> [make_test({"is": 1}).check(value) for value in (1, 1.0, "1", True, [2, 1])]
    [True, True, False, False, True]
    >>> [make_test({"at_least": 2, "at_most": 3}).check(value) for value in (1, 2, 3.0, 4, "2", True, [2])]
    [False, True, True, False, False, False, False]
    """
    return Test(operands, _compile(operands))


def _compile(operands: dict[str, Any]) -> Check:
    if "at_least" in operands or "at_most" in operands:
        return _bounds(operands.get("at_least"), operands.get("at_most"))
    ((name, operand),) = operands.items()
    match name:
        case "is":
            return _any_member(_equals(operand))
        case "is_not":
            return _no_member(_equals(operand))
        case "in":
            return _any_member(_equals_any(operand))
        case "not_in":
            return _no_member(_equals_any(operand))
        case "exists":
            return _is_there if operand else _is_missing
        case "matches":
            return _any_member(_matches(operand))
        case _:
            return _any_member(_text(name, operand.casefold()))


def _is_there(value: object) -> bool:
    return value is not None


def _is_missing(value: object) -> bool:
    return value is None


def _any_member(check: Check) -> Check:
    def holds(value: Any) -> bool:
        if isinstance(value, (list, tuple)):
            return any(map(check, value))
        return check(value)

    return holds


def _no_member(check: Check) -> Check:
    def holds(value: Any) -> bool:
        if isinstance(value, (list, tuple)):
            return not any(map(check, value))
        return value is not None and not check(value)

    return holds


def _bounds(low: float | None, high: float | None) -> Check:
    def holds(value: Any) -> bool:
        return (
            isinstance(value, (int, float))
            and not isinstance(value, bool)
            and (low is None or value >= low)
            and (high is None or value <= high)
        )

    return holds


def _equals(operand: Scalar) -> Check:
    if isinstance(operand, str):
        folded = operand.casefold()
        return lambda value: isinstance(value, str) and value.casefold() == folded
    if isinstance(operand, bool):
        return lambda value: value is operand
    return lambda value: isinstance(value, (int, float)) and not isinstance(value, bool) and value == operand


def _equals_any(operands: list[Scalar]) -> Check:
    texts = {operand.casefold() for operand in operands if isinstance(operand, str)}
    booleans = {operand for operand in operands if isinstance(operand, bool)}
    numbers = {operand for operand in operands if isinstance(operand, (int, float)) and not isinstance(operand, bool)}

    def holds(value: Any) -> bool:
        if isinstance(value, str):
            return value.casefold() in texts
        if isinstance(value, bool):
            return value in booleans
        return isinstance(value, (int, float)) and value in numbers

    return holds


def _text(name: str, folded: str) -> Check:
    if name == "contains":
        return lambda value: isinstance(value, str) and folded in value.casefold()
    if name == "starts_with":
        return lambda value: isinstance(value, str) and value.casefold().startswith(folded)
    return lambda value: isinstance(value, str) and value.casefold().endswith(folded)


def compile_pattern(pattern: str) -> Any:
    """Return the compiled RE2 pattern; raises `re2.error` when RE2 refuses it."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def _matches(pattern: str) -> Check:
    search = compile_pattern(pattern).search

    def holds(value: Any) -> bool:
        if not isinstance(value, str):
            return False
        try:
            return search(value) is not None
        except UnicodeEncodeError:  # half a surrogate pair: no text that RE2 could read
            return False

    return holds
