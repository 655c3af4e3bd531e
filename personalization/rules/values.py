"""Values of properties, traits and request fields: what is a number, what is the same, and where to find them."""

from collections.abc import Callable, Hashable, Iterable
from fractions import Fraction
from math import fsum, isfinite
from typing import Any, TypeAlias, TypeGuard, cast

from tracking.timeline import OWN_FIELDS, Timeline, Value

Number: TypeAlias = int | float | Fraction
Lookup: TypeAlias = Callable[[Timeline, int], Value]
"""Finds a value of the event at a position of a timeline; None when it is missing."""


def is_number(value: object) -> TypeGuard[int | float]:
    """Say whether a value is a number to count with: no boolean, no infinity.

    >>> [is_number(value) for value in (1, 1.5, True, "1", None, float("nan"))]
    [True, True, False, False, False, False]
    """
    kind = type(value)
    return kind is int or (kind is float and isfinite(value))  # type: ignore[arg-type]  # the line says so itself


def identity(value: Any) -> Hashable:
    """Return what tells values apart: 1 and 1.0 are one, 1 and "1" and true are three.

    >>> len({identity(value) for value in (1, 1.0, "1", True, "a", "A")})
    5
    """
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, (list, tuple)):
        return ("list", tuple(identity(member) for member in value))
    return cast(Hashable, value)  # a text, a number or None


def exact_sum(values: Iterable[int | float]) -> Number:
    """Return the sum, rounded once at the end.

    >>> exact_sum([0.1] * 10), exact_sum([1e308, 1e308, -1e308])
    (1.0, 1e+308)
    """
    values = list(values)
    try:
        return fsum(values)
    except OverflowError:
        return rounded(sum(map(Fraction, values), Fraction()))


def rounded(number: Fraction) -> Number:
    """Return the nearest float, or the number itself where floats end."""
    try:
        return float(number)
    except OverflowError:
        return number


def lookup(name: str) -> Lookup:
    """Return what finds the property of this name, or the event's own field that hides it."""
    if name in OWN_FIELDS:

        def own_field(timeline: Timeline, position: int) -> Value:
            return timeline.fields[position].get(name)

        return own_field

    def of_properties(timeline: Timeline, position: int) -> Value:
        return timeline.properties[position].get(name)

    return of_properties
