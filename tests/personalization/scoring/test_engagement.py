"""The score in closed form: held against the sum that it stands for."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.rules import Facts, Rule
from personalization.scoring.engagement import (
    Scoring,
    engagement,
    faded_sum,
    item_scores,
    next_contribution,
)
from tracking.timeline import Event, Timeline

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
SCORING = Scoring({"click": 1.0, "add_to_cart": 3.0, "purchase": 5.0, "view_item": 0.0}, 7 * DAY)

moments = st.integers(0, 400 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes))
weights = st.floats(-1000, 1000, allow_nan=False)
contributions = st.lists(st.tuples(weights, moments), max_size=30)
half_lives = st.integers(1, 3650).map(lambda days: timedelta(days=days))
names = st.sampled_from(["click", "add_to_cart", "purchase", "view_item", "scroll"])


def happened(*given: tuple[str, datetime], **properties: object) -> Timeline:
    return Timeline(
        Event(UUID(int=number), name, at, properties=dict(properties))  # type: ignore[arg-type]  # scalars and lists
        for number, (name, at) in enumerate(given, start=1)
    )


def naive(given: list[tuple[float, datetime]], half_life: timedelta, now: datetime) -> float:
    total = 0.0
    for weight, when in given:
        total += weight * 2.0 ** (-((now - when) / half_life))
    return total


def close(one: float, other: float, given: list[tuple[float, datetime]]) -> bool:
    # What cancels out leaves the rounding of what was added.
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9 * (1e-9 + sum(abs(weight) for weight, _ in given)))


@given(contributions, half_lives, st.integers(0, 3650 * 24))
def test_faded_sum__at_any_later_time__is_the_naive_sum(
    given: list[tuple[float, datetime]], half_life: timedelta, hours: int
) -> None:
    now = NOW + timedelta(hours=hours)
    assert close(faded_sum(given, half_life).value_at(now), naive(given, half_life, now), given)


@given(contributions, half_lives, st.randoms(use_true_random=False))
def test_faded_sum__in_any_order__is_the_same_to_the_last_digit(
    given: list[tuple[float, datetime]], half_life: timedelta, chance: random.Random
) -> None:
    shuffled = list(given)
    chance.shuffle(shuffled)
    assert faded_sum(shuffled, half_life) == faded_sum(given, half_life)


@given(contributions, contributions, half_lives)
def test_faded_sum__of_two_sums__is_the_sum_of_all_whichever_comes_first(
    some: list[tuple[float, datetime]], others: list[tuple[float, datetime]], half_life: timedelta
) -> None:
    parts = [faded_sum(given, half_life) for given in (some, others) if given]
    merged = faded_sum([(part.value, part.at) for part in parts], half_life)
    assert merged == faded_sum([(part.value, part.at) for part in reversed(parts)], half_life)
    assert close(merged.value_at(NOW), faded_sum([*some, *others], half_life).value_at(NOW), [*some, *others])


@given(st.lists(st.tuples(names, moments), max_size=20), moments)
def test_engagement__any_timeline__counts_what_has_weight_and_had_happened(
    given: list[tuple[str, datetime]], now: datetime
) -> None:
    counted = [(SCORING.weights.get(name, 0.0), when) for name, when in given if when <= now]
    score = engagement(happened(*given), SCORING, now)
    assert close(score.value_at(now), naive(counted, SCORING.half_life, now), counted)
    assert score == engagement(happened(*given).until(now), SCORING, now)


def test_engagement__centuries_between_events__neither_overflows_nor_fails() -> None:
    scoring = Scoring(half_life=DAY)
    score = engagement(happened(("purchase", datetime(1900, 1, 1, tzinfo=UTC)), ("click", NOW)), scoring, NOW)
    assert (score.value, score.at) == (1.0, NOW)


def test_engagement__nothing_that_counts__is_zero_and_rules_may_say_so() -> None:
    score = engagement(happened(("scroll", NOW)), SCORING, NOW)
    assert score.value == 0
    facts = Facts(traits={"engagement": score})
    low = Rule.parse({"trait": "engagement", "at_most": 2}).evaluate(facts, NOW)
    assert (low.matches, low.until) == (True, None)


def test_next_contribution__an_event_of_a_clock_that_is_fast__bounds_the_score() -> None:
    soon = NOW + timedelta(minutes=2)
    timeline = happened(("scroll", NOW + timedelta(minutes=1)), ("click", soon), ("view_item", NOW))
    assert next_contribution(timeline, SCORING, NOW) == soon
    assert next_contribution(timeline, SCORING, soon) is None


def test_item_scores__the_same_weights__rank_the_highest_first() -> None:
    timeline = Timeline(
        [
            Event(UUID(int=1), "purchase", NOW - 14 * DAY, properties={"item_id": ["boot", "pack", "boot"]}),
            Event(UUID(int=2), "add_to_cart", NOW, properties={"item_id": "shell"}),
            Event(UUID(int=3), "click", NOW, properties={"item_id": "pack"}),
            Event(UUID(int=4), "view_item", NOW, properties={"item_id": "shorts"}),
            Event(UUID(int=5), "click", NOW, properties={}),
            Event(UUID(int=6), "purchase", NOW + DAY, properties={"item_id": "later"}),
        ]
    )
    found = [(one.item_id, one.score.value_at(NOW)) for one in item_scores(timeline, SCORING, NOW)]
    assert found == [("shell", 3.0), ("pack", pytest.approx(2.25)), ("boot", pytest.approx(1.25))]


def test_signature__same_meaning__is_equal() -> None:
    one = Scoring({"click": 1, "view_item": 0, "purchase": 5.0}, DAY)
    assert one.signature == Scoring({"purchase": 5, "click": 1.0}, DAY).signature
    assert one.signature != Scoring({"purchase": 4, "click": 1.0}, DAY).signature
