"""Judging: order, unknown segments, the request, and until when verdicts hold."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalization.rules import Facts
from personalization.scoring.engagement import ENGAGEMENT, next_contribution
from personalization.segments.judging import ask, judge, with_computed
from personalization.segments.published import compile_rules, in_order
from tests.personalization.rules import strategies
from tests.personalization.segments.people import LEFT_CART, NOW, VIEWED, VIEWED_THREE, timeline, view


def matches(rules: dict[str, Any], *events: Any, request: dict[str, Any] | None = None) -> dict[str, bool]:
    verdicts = judge(compile_rules(1, rules), timeline(*events), {}, NOW, request)
    return {key: verdict.matches for key, verdict in verdicts.items()}


def test_judge__segments_that_name_each_other__are_asked_in_order() -> None:
    rules = {
        "a-last": {"all": [{"segment": "b-middle"}, {"not": {"segment": "z-first"}}]},
        "b-middle": {"segment": "c-seen"},
        "c-seen": VIEWED,
        "z-first": {"event": "purchase"},
    }
    assert matches(rules, view()) == {"a-last": True, "b-middle": True, "c-seen": True, "z-first": False}


@pytest.mark.parametrize(
    "rule", [{"segment": "gone"}, {"not": {"segment": "gone"}}, {"any": [VIEWED, {"segment": "gone"}]}]
)
def test_judge__a_slug_that_names_no_active_segment__makes_the_whole_rule_not_match(rule: dict[str, Any]) -> None:
    published = compile_rules(1, {"one": rule})
    assert matches({"one": rule}, view()) == {"one": False}
    reason = ask(published.rules["one"], Facts(timeline=timeline(view())), NOW, explain=True).reason
    assert reason is not None
    assert reason.text == "There is no active segment “gone”."


def test_judge__contextual_rules__are_left_out_without_a_request() -> None:
    rules = {
        "german": {"request": "country", "is": "DE"},
        "through": {"all": [{"segment": "german"}, VIEWED]},
        "viewers": VIEWED,
    }
    assert matches(rules, view()) == {"viewers": True}
    assert matches(rules, view(), request={"country": "DE"}) == {"german": True, "through": True, "viewers": True}


def test_judge__a_rule_over_a_segment__holds_no_longer_than_the_segment() -> None:
    rules = {"left": LEFT_CART, "stayed": {"not": {"segment": "left"}}}
    verdicts = judge(compile_rules(1, rules), timeline(view(5, name="add_to_cart")), {}, NOW)
    assert verdicts["stayed"].matches
    assert verdicts["stayed"].until == verdicts["left"].until == NOW + timedelta(minutes=10)


def test_judge__a_circle_that_two_editors_made_at_once__matches_nobody() -> None:
    rules = {
        "a": {"not": {"segment": "b"}},
        "b": {"not": {"segment": "a"}},
        "self": {"not": {"segment": "self"}},
        "outside": {"not": {"segment": "a"}},
    }
    assert matches(rules) == {"a": False, "b": False, "self": False, "outside": True}


def test_judge__a_stored_rule_with_mistakes__matches_nobody() -> None:
    assert matches({"broken": {"nonsense": 1}, "through": {"segment": "broken"}}) == {"broken": False, "through": False}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.data(),
    st.lists(strategies.rules, max_size=4),
    st.sampled_from([("in",), ("in", "out")]),
    strategies.facts(),
)
def test_judge__random_rules_together__say_what_each_says_alone(
    data: st.DataObject, drawn: list[Any], there: tuple[str, ...], facts: Facts
) -> None:
    now = data.draw(strategies.moments(facts.timeline))
    rules = {slug: data.draw(strategies.timeline_conditions) for slug in there}
    rules |= {f"rule-{number}": rule for number, rule in enumerate(drawn)}
    rules |= {"scored": {"trait": ENGAGEMENT, "at_least": 1}, "over": {"not": {"segment": "in"}}}
    published = compile_rules(1, rules)
    traits = with_computed(published, facts.timeline, facts.traits, now)
    verdicts = judge(published, facts.timeline, facts.traits, now, facts.request)
    segments = {key for key, verdict in verdicts.items() if verdict.matches}
    asked = {key: rule for key, rule in published.rules.items() if facts.request is not None or not rule.is_contextual}
    assert verdicts.keys() == asked.keys()
    for key, rule in asked.items():
        alone = ask(rule, Facts(facts.timeline, traits, segments, facts.request), now)
        bounds = [alone.until, *(verdicts[slug].until for slug in rule.rule.segments if slug in verdicts)]
        if ENGAGEMENT in rule.rule.traits:
            bounds.append(next_contribution(facts.timeline, published.scoring, now))
        assert verdicts[key].matches is alone.matches
        assert verdicts[key].until == min((bound for bound in bounds if bound is not None), default=None)


def test_in_order__a_long_chain__keeps_those_named_before_those_naming() -> None:
    references = {f"s{number}": [f"s{number + 1}"] for number in range(200)}
    assert in_order(references) == [f"s{number}" for number in reversed(range(200))]


def test_rules_version__other_rules__moves_and_comes_back() -> None:
    one = compile_rules(1, {"a": VIEWED})
    assert one.rules_version == compile_rules(2, {"a": VIEWED}).rules_version
    assert one.rules_version != compile_rules(3, {"a": VIEWED_THREE}).rules_version
    assert one.rules_version == compile_rules(4, {"a": VIEWED, "now": {"request": "path", "is": "/"}}).rules_version
