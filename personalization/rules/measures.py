"""What is measured of a group of events: one figure now, and the figures to come as the oldest events leave."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, Final, NamedTuple, TypeAlias

from personalization.rules.values import Number, exact_sum, identity, is_number, rounded
from tracking.timeline import Timeline


class Item(NamedTuple):
    """One kept event: its position, when it occurred, and the value that the measure is about (or None)."""

    position: int
    occurred_at: datetime
    value: Any


Items: TypeAlias = Sequence[Item]
Figure: TypeAlias = Number | None
"""What was measured; None when there is nothing to measure, which meets no bound."""

NUMERIC: Final = frozenset({"sum", "average", "minimum", "maximum"})
OF_PROPERTY: Final = NUMERIC | {"distinct"}
MEASURES: Final = ("count", "sum", "average", "minimum", "maximum", "distinct", "sessions", "duration")

EXACT_INTEGERS: Final = 2**53
"""Up to here integers are floats without rounding."""


def figure(measure: str, timeline: Timeline, items: Items) -> Figure:
    """Return what the items come to."""
    match measure:
        case "count":
            return len(items)
        case "distinct":
            return len({identity(item.value) for item in items if item.value is not None})
        case "sessions":
            return len({timeline.session_of(item.position) for item in items})
        case "duration":
            return (items[-1].occurred_at - items[0].occurred_at).total_seconds() if items else None
    numbers = [item.value for item in items if is_number(item.value)]
    if measure == "sum":
        return exact_sum(numbers)
    if not numbers:
        return None
    if measure == "average":
        return exact_sum(numbers) / len(numbers)
    return min(numbers) if measure == "minimum" else max(numbers)


def figures(measure: str, timeline: Timeline, items: Items) -> list[Figure]:
    """Return the figure of all items, of all but the oldest, of all but the two oldest … and of none: in one pass.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    >>> figures("maximum", Timeline(), [Item(0, noon, 3), Item(1, noon, "a"), Item(2, noon, 2)])
    [3, 2, 2, None]
    >>> figures("sum", Timeline(), [Item(0, noon, 0.1), Item(1, noon, 0.2)])
    [0.30000000000000004, 0.2, 0]
    """
    match measure:
        case "count":
            return list(range(len(items), -1, -1))
        case "sum" | "average":
            found = _sums(items, average=measure == "average")
        case "minimum" | "maximum":
            found = _extremes(items, least=measure == "minimum")
        case "duration":
            found = [None, *((items[-1].occurred_at - item.occurred_at).total_seconds() for item in reversed(items))]
        case "distinct":
            found = _different(None if item.value is None else identity(item.value) for item in reversed(items))
        case _:
            found = _different(timeline.session_of(item.position) for item in reversed(items))
    found.reverse()
    return found


def _sums(items: Items, *, average: bool) -> list[Figure]:
    found: list[Figure] = [None if average else 0]
    whole = 0
    parts = Fraction()
    count = 0
    for item in reversed(items):
        value = item.value
        if not is_number(value):
            found.append(found[-1])
            continue
        count += 1
        if isinstance(value, int):
            whole += value
        else:
            parts += Fraction(value)
        exact = not parts and abs(whole) <= EXACT_INTEGERS
        total = whole if exact else rounded(parts + whole)
        found.append(total / count if average else total)
    return found


def _extremes(items: Items, *, least: bool) -> list[Figure]:
    found: list[Figure] = [None]
    extreme: Number | None = None
    for item in reversed(items):
        value = item.value
        if is_number(value) and (extreme is None or (value < extreme if least else value > extreme)):
            extreme = value
        found.append(extreme)
    return found


def _different(keys: Iterable[Hashable]) -> list[Figure]:
    seen: set[Hashable] = set()
    found: list[Figure] = [0]
    for key in keys:
        if key is not None:
            seen.add(key)
        found.append(len(seen))
    return found
