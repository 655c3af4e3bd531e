"""What is measured of a group of events: one figure now, and the figures to come as the oldest events leave."""

from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, Final, TypeAlias

from personalization.rules.values import Number, exact_sum, identity, is_number, rounded
from tracking.timeline import Timeline

Item: TypeAlias = tuple[int, datetime, Any]
"""One kept event: its position, when it occurred, and the value that the measure is about (or None)."""
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
            return len({identity(value) for _, _, value in items if value is not None})
        case "sessions":
            return len({timeline.session_of(position) for position, _, _ in items})
        case "duration":
            return (items[-1][1] - items[0][1]).total_seconds() if items else None
    numbers = [value for _, _, value in items if is_number(value)]
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
    >>> figures("maximum", Timeline(), [(0, noon, 3), (1, noon, "a"), (2, noon, 2)])
    [3, 2, 2, None]
    >>> figures("sum", Timeline(), [(0, noon, 0.1), (1, noon, 0.2)])
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
            found = [None, *((items[-1][1] - occurred_at).total_seconds() for _, occurred_at, _ in reversed(items))]
        case "distinct":
            found = _different(None if value is None else identity(value) for _, _, value in reversed(items))
        case _:
            found = _different(timeline.session_of(position) for position, _, _ in reversed(items))
    found.reverse()
    return found


def _sums(items: Items, *, average: bool) -> list[Figure]:
    """Add up exactly: every float is a whole number over a power of two, so all are over the largest of those."""
    found: list[Figure] = [None if average else 0]
    ratios = [value.as_integer_ratio() if is_number(value) else None for _, _, value in reversed(items)]
    below = max((ratio[1] for ratio in ratios if ratio is not None), default=1)
    above = count = 0
    for ratio in ratios:
        if ratio is None:
            found.append(found[-1])
            continue
        count += 1
        above += ratio[0] * (below // ratio[1])
        exact = below == 1 and -EXACT_INTEGERS <= above <= EXACT_INTEGERS
        total = above if exact else rounded(Fraction(above, below))
        found.append(total / count if average else total)
    return found


def _extremes(items: Items, *, least: bool) -> list[Figure]:
    found: list[Figure] = [None]
    extreme: Number | None = None
    for _, _, value in reversed(items):
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
