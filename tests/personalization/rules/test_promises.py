"""The promises of the rule language, held against random rules, timelines and instants."""

import json
import os
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalization.rules import Facts, Rule
from tests.personalization.rules import naive, strategies
from tests.personalization.rules.strategies import TICK

pytestmark = pytest.mark.once

EXAMPLES = settings(
    max_examples=int(os.environ.get("ATTUNE_EXAMPLES", "100")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def leaves(rule: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the conditions of a rule."""
    for joint in ("all", "any"):
        if joint in rule:
            return [leaf for inner in rule[joint] for leaf in leaves(inner)]
    return leaves(rule["not"]) if "not" in rule else [rule]


@EXAMPLES
@given(st.data(), strategies.rules, strategies.facts())
def test_evaluate__random_rules__agrees_with_the_naive_reading(
    data: st.DataObject, rule: dict[str, Any], facts: Facts
) -> None:
    now = data.draw(strategies.moments(facts.timeline))
    verdict = Rule.parse(rule).evaluate(facts, now, explain=True)
    assert verdict.matches is naive.holds(rule, facts, now)
    assert verdict.reason is not None
    assert verdict.reason.matches is verdict.matches


@EXAMPLES
@given(st.data(), strategies.rules, strategies.facts())
def test_until__any_instant_before_it__has_the_same_verdict(
    data: st.DataObject, rule: dict[str, Any], facts: Facts
) -> None:
    now = data.draw(strategies.moments(facts.timeline))
    parsed = Rule.parse(rule)
    verdict = parsed.evaluate(facts, now)
    end = verdict.until or now + timedelta(days=40)
    assert end > now
    times = {now, end - TICK, now + TICK, now + (end - now) / 2}
    times |= {
        moment for moment in (data.draw(strategies.moments(facts.timeline)) for _ in range(4)) if now < moment < end
    }
    times |= {event.occurred_at for event in facts.timeline if now < event.occurred_at < end}
    for moment in sorted(time for time in times if time < end):
        assert naive.holds(rule, facts, moment) is verdict.matches


@EXAMPLES
@given(st.data(), strategies.rules, strategies.facts())
def test_until__when_it_comes__some_condition_changes(data: st.DataObject, rule: dict[str, Any], facts: Facts) -> None:
    now = data.draw(strategies.moments(facts.timeline))
    until = Rule.parse(rule).evaluate(facts, now).until
    if until is not None:
        before = [naive.holds(leaf, facts, until - TICK) for leaf in leaves(rule)]
        assert before != [naive.holds(leaf, facts, until) for leaf in leaves(rule)]


@EXAMPLES
@given(st.data(), strategies.conditions, strategies.facts())
def test_until__of_one_condition__is_the_exact_change(data: st.DataObject, rule: dict[str, Any], facts: Facts) -> None:
    now = data.draw(strategies.moments(facts.timeline))
    verdict = Rule.parse(rule).evaluate(facts, now)
    if verdict.until is not None:
        assert naive.holds(rule, facts, verdict.until) is not verdict.matches


@EXAMPLES
@given(st.data(), strategies.rules, strategies.facts())
def test_rule__written_and_read_again__is_the_same_rule(
    data: st.DataObject, rule: dict[str, Any], facts: Facts
) -> None:
    now = data.draw(strategies.moments(facts.timeline))
    parsed = Rule.parse(rule)
    again = Rule.parse(json.loads(json.dumps(parsed.to_json())))
    assert again == parsed
    assert hash(again) == hash(parsed)
    assert again.evaluate(facts, now, explain=True) == parsed.evaluate(facts, now, explain=True)
    assert again.describe() == parsed.describe()


@EXAMPLES
@given(st.data(), strategies.rules, strategies.facts())
def test_evaluate__events_of_other_names__change_nothing(
    data: st.DataObject, rule: dict[str, Any], facts: Facts
) -> None:
    now: datetime = data.draw(strategies.moments(facts.timeline))
    parsed = Rule.parse(rule)
    named = type(facts.timeline)(facts.timeline.named(parsed.event_names))
    fewer = Facts(named, facts.traits, facts.segments, facts.request)
    assert parsed.evaluate(fewer, now) == parsed.evaluate(facts, now)
