"""Engagement: what a visitor did, weighed, where old behavior counts less. Closed form, pure Python, no Django.

Every event that counts adds its weight w at its time t, and each weight halves with every half-life h. At any later
moment the sum is Σ w·2^(−(now − t)/h). Since all halve alike, that is one number which halves: what the sum is at the
time of the last event, from there on. So nothing has to be worked out again as time goes by, and rules about the score
know the instant at which they change.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import fsum
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from personalization.rules import Decaying
from tracking.timeline import Timeline

ENGAGEMENT: Final = "engagement"
"""What rules call the score, and under which name it is stored."""
DEFAULT_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType({"click": 1.0, "add_to_cart": 3.0, "purchase": 5.0})
DEFAULT_HALF_LIFE: Final = timedelta(days=30)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

Contribution: TypeAlias = tuple[float, datetime]
"""A weight and when it came."""


@dataclass(frozen=True)
class Scoring:
    """What counts, how much, and after how long it counts half."""

    weights: Mapping[str, float] = field(default_factory=lambda: DEFAULT_WEIGHTS)
    half_life: timedelta = DEFAULT_HALF_LIFE

    @property
    def signature(self) -> list[object]:
        """Equal for settings that give equal scores."""
        counting = sorted((name, float(weight)) for name, weight in self.weights.items() if weight)
        return [counting, self.half_life.total_seconds()]


class ItemScore(NamedTuple):
    """An item and how much the visitor had to do with it."""

    item_id: str
    score: Decaying


def faded_sum(contributions: Iterable[Contribution], half_life: timedelta) -> Decaying:
    """Return the sum of weights that each halve every `half_life`, as one number as of the last of them.

    The order does not matter, not even to the last digit. Powers are never above one, so nothing overflows; what is too
    old to count for a float counts nothing. A sum may be added to others like a weight: its value, at its time.

    >>> monday = datetime(2026, 11, 16, tzinfo=UTC)
    >>> score = faded_sum([(5.0, monday), (3.0, monday + timedelta(days=2))], timedelta(days=1))
    >>> score.value, score.at == monday + timedelta(days=2)
    (4.25, True)
    >>> faded_sum([(score.value, score.at), (1.0, monday + timedelta(days=3))], timedelta(days=1)).value
    3.125
    """
    given = list(contributions)
    at = max((when for _, when in given), default=EPOCH)
    return Decaying(fsum(weight * 2.0 ** -((at - when) / half_life) for weight, when in given), half_life, at)


def engagement(timeline: Timeline, scoring: Scoring, now: datetime) -> Decaying:
    """Return the visitor's score as of `now`; later events do not exist. Nothing that counts: zero.

    >>> from uuid import UUID
    >>> from tracking.timeline import Event
    >>> noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    >>> bought = Timeline([Event(UUID(int=1), "purchase", noon)])
    >>> engagement(bought, Scoring(), noon + DEFAULT_HALF_LIFE).value_at(noon + DEFAULT_HALF_LIFE)
    2.5
    """
    contributions: list[Contribution] = []
    for name, weight in scoring.weights.items():
        times = timeline.indexes[name].times
        if weight and times:
            contributions.extend([(weight, when) for when in times[: bisect_right(times, now)]])
    return faded_sum(contributions, scoring.half_life)


def next_contribution(timeline: Timeline, scoring: Scoring, now: datetime) -> datetime | None:
    """Return when the first event after `now` counts (clocks differ, so the near future may hold some)."""
    if not timeline.times or timeline.times[-1] <= now:
        return None
    later = []
    for name, weight in scoring.weights.items():
        times = timeline.indexes[name].times
        first = bisect_right(times, now)
        if weight and first < len(times):
            later.append(times[first])
    return min(later, default=None)


def item_scores(timeline: Timeline, scoring: Scoring, now: datetime) -> tuple[ItemScore, ...]:
    """Return the items of the events that count (`item_id`, one or a list), by the same weights, the highest first.

    All scores halve alike, so the ranking holds until the visitor acts again. An item that an event names twice
    counts once for it.
    """
    contributions: dict[str, list[Contribution]] = {}
    for event in timeline.named(frozenset(name for name, weight in scoring.weights.items() if weight)):
        if event.occurred_at > now:
            break
        named = event.properties.get("item_id")
        for item_id in dict.fromkeys(named if isinstance(named, list) else [named]):
            if isinstance(item_id, str) and item_id:
                contributions.setdefault(item_id, []).append((scoring.weights[event.name], event.occurred_at))
    found = [ItemScore(item_id, faded_sum(given, scoring.half_life)) for item_id, given in contributions.items()]
    # Compared at one moment, and one at which no score has faded to nothing for want of digits.
    moment = max((one.score.at for one in found), default=EPOCH)
    return tuple(sorted(found, key=lambda one: (-one.score.value_at(moment), one.item_id)))
