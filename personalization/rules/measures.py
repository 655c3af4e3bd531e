"""What is measured of a group of events: one figure now, and the figures to come as the oldest events leave."""

from collections.abc import Callable, Hashable, Sequence
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


def takes(measure: str, value: object) -> bool:
    """Say whether an event with this value of the measured property counts."""
    if measure in NUMERIC:
        return is_number(value)
    return measure != "distinct" or value is not None


def figure(measure: str, timeline: Timeline, items: Items) -> Figure:
    """Return what the items, which the measure takes, come to."""
    if measure == "count":
        return len(items)
    if measure == "distinct":
        return len({identity(item.value) for item in items})
    if measure == "sessions":
        return len({timeline.session_of(item.position) for item in items})
    if measure == "sum":
        return exact_sum([item.value for item in items])
    if not items:
        return None
    if measure == "average":
        return exact_sum([item.value for item in items]) / len(items)
    if measure == "duration":
        return (items[-1].occurred_at - items[0].occurred_at).total_seconds()
    smallest: Callable[..., Number] = min if measure == "minimum" else max
    return smallest([item.value for item in items])


def figures(measure: str, timeline: Timeline, items: Items) -> list[Figure]:
    """Return the figure of all items, of all but the oldest, of all but the two oldest … and of none: in one pass.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    >>> figures("maximum", Timeline(), [Item(0, noon, 3), Item(1, noon, 1), Item(2, noon, 2)])
    [3, 2, 2, None]
    >>> figures("sum", Timeline(), [Item(0, noon, 0.1), Item(1, noon, 0.2)])
    [0.30000000000000004, 0.2, 0]
    """
    if measure == "count":
        return list(range(len(items), -1, -1))
    backward = _sums if measure in {"sum", "average"} else _others
    found = backward(measure, timeline, items)
    found.reverse()
    return found


def _sums(measure: str, timeline: Timeline, items: Items) -> list[Figure]:
    average = measure == "average"
    found: list[Figure] = [None if average else 0]
    whole = 0
    parts = Fraction()
    for count, item in enumerate(reversed(items), 1):
        value = item.value
        if type(value) is int:
            whole += value
        else:
            parts += Fraction(value)
        if not parts and abs(whole) <= EXACT_INTEGERS:
            total: Number = whole
        else:
            total = rounded(parts + whole)
        found.append(total / count if average else total)
    return found


def _others(measure: str, timeline: Timeline, items: Items) -> list[Figure]:
    found: list[Figure] = []
    if measure == "minimum" or measure == "maximum":
        found.append(None)
        extreme: Number | None = None
        for item in reversed(items):
            if extreme is None or (item.value < extreme if measure == "minimum" else item.value > extreme):
                extreme = item.value
            found.append(extreme)
    elif measure == "duration":
        found.append(None)
        found.extend((items[-1].occurred_at - item.occurred_at).total_seconds() for item in reversed(items))
    else:
        different: set[Hashable] = set()
        found.append(0)
        for item in reversed(items):
            different.add(identity(item.value) if measure == "distinct" else timeline.session_of(item.position))
            found.append(len(different))
    return found
