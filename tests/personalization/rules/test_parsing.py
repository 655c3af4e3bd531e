"""What is no rule, and how its author is told."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalization.rules import InvalidRule, Limits, Rule
from tests.personalization.rules import strategies

pytestmark = pytest.mark.once

NAN = float("nan")


def mistakes(data: object, limits: Limits | None = None) -> list[str]:
    """Return the places of all mistakes."""
    with pytest.raises(InvalidRule) as caught:
        Rule.parse(data, limits or Limits())
    return [place for place, found, allowed in caught.value.errors]


@pytest.mark.parametrize(
    ("data", "places"),
    [
        (None, ["$"]),
        ([], ["$"]),
        ({}, ["$"]),
        ({"sequence": [{"event": "a"}, {"event": "b"}]}, ["$"]),
        ({"all": {}}, ["$.all"]),
        ({"all": [1, {"not": []}]}, ["$.all[0]", "$.all[1].not"]),
        ({"all": [], "any": []}, ["$.any"]),
        ({"event": "a", "wihtin": "1d"}, ["$.wihtin"]),
        ({"event": "a", "a key": 1, 3: 1}, ['$["a key"]', "$[3]"]),
        ({"event": ""}, ["$.event"]),
        ({"event": []}, ["$.event"]),
        ({"event": ["a", "*", 1, ""]}, ["$.event[1]", "$.event[2]", "$.event[3]"]),
        ({"event": None}, ["$.event"]),
        ({"event": "a\0"}, ["$.event"]),
        ({"event": "\ud800"}, ["$.event"]),
        ({"event": "a", "within": 10}, ["$.within"]),
        ({"event": "a", "within": "0s"}, ["$.within"]),
        ({"event": "a", "within": "-1d"}, ["$.within"]),
        ({"event": "a", "within": "1 d"}, ["$.within"]),
        ({"event": "a", "within": "9" * 5000 + "w"}, ["$.within"]),
        ({"event": "a", "within": "99999999w"}, ["$.within"]),
        ({"event": "a", "within": None}, ["$.within"]),
        ({"event": "a", "within": {"from": "2026-01-01T00:00:00Z"}}, ["$.within.to"]),
        ({"event": "a", "within": {"from": "2026-01-01T00:00:00", "to": 1}}, ["$.within.from", "$.within.to"]),
        ({"event": "a", "within": {"from": "2026-01-01T00:00:00Z", "to": "2026-01-01T01:00:00+01:00"}}, ["$.within"]),
        ({"event": "a", "within": {"from": "0001-01-01T00:00:00+14:00", "to": "x"}}, ["$.within.from", "$.within.to"]),
        ({"event": "a", "at_least": "3"}, ["$.at_least"]),
        ({"event": "a", "at_least": True}, ["$.at_least"]),
        ({"event": "a", "at_least": -1}, ["$.at_least"]),
        ({"event": "a", "at_most": NAN}, ["$.at_most"]),
        ({"event": "a", "at_most": float("inf")}, ["$.at_most"]),
        ({"event": "a", "at_most": 10**400}, ["$.at_most"]),
        ({"event": "a", "at_most": 10**5000}, ["$.at_most"]),
        ({"event": "a", "at_least": 3, "at_most": 2}, ["$.at_least"]),
        ({"event": "a", "measure": "median"}, ["$.measure"]),
        ({"event": "a", "measure": "sum"}, ["$.of"]),
        ({"event": "a", "of": "price"}, ["$.of"]),
        ({"event": "a", "measure": "duration", "of": "price"}, ["$.of"]),
        ({"event": "a", "measure": "distinct", "of": "x", "at_least": -1}, ["$.at_least"]),
        ({"event": "a", "measure": "sessions", "per": "category"}, ["$.per"]),
        ({"event": "a", "per": 3}, ["$.per"]),
        ({"event": "a", "where": {}}, ["$.where"]),
        ({"event": "a", "where": [{}]}, ["$.where[0].property", "$.where[0]"]),
        ({"event": "a", "where": [{"property": "x", "is": 1, "in": [1]}]}, ["$.where[0]"]),
        ({"event": "a", "where": [{"property": "x", "like": 1}]}, ["$.where[0].like", "$.where[0]"]),
        ({"event": "a", "where": [{"property": "x", "is": [1]}]}, ["$.where[0].is"]),
        ({"event": "a", "where": [{"property": "x", "in": "ab"}]}, ["$.where[0].in"]),
        ({"event": "a", "where": [{"property": "x", "in": [1, None, {}]}]}, ["$.where[0].in[1]", "$.where[0].in[2]"]),
        ({"event": "a", "where": [{"property": "x", "at_least": 2, "at_most": 1}]}, ["$.where[0].at_least"]),
        ({"event": "a", "where": [{"property": "x", "at_least": 2, "is": 1}]}, ["$.where[0]"]),
        ({"event": "a", "where": [{"property": "x", "contains": 1}]}, ["$.where[0].contains"]),
        ({"event": "a", "where": [{"property": "x", "matches": "("}]}, ["$.where[0].matches"]),
        ({"event": "a", "where": [{"property": "x", "matches": "(?=a)"}]}, ["$.where[0].matches"]),
        ({"event": "a", "where": [{"property": "x", "exists": 1}]}, ["$.where[0].exists"]),
        ({"event": "a", "not_followed_by": {"event": "b"}}, ["$.after"]),
        ({"event": "a", "not_followed_by": "b", "after": "1h"}, ["$.not_followed_by"]),
        (
            {"event": 1, "not_followed_by": {"where": 1, "x": 1}, "after": "1", "per": "x"},
            ["$.per", "$.event", *(f"$.not_followed_by.{key}" for key in ("x", "event", "where")), "$.after"],
        ),
        ({"event": "a", "after": "1h"}, ["$.after"]),
        ({"seen": "first"}, ["$"]),
        ({"seen": "first", "within": "1d", "beyond": "1d"}, ["$"]),
        ({"seen": "often", "within": "session"}, ["$.seen", "$.within"]),
        ({"trait": "x"}, ["$"]),
        ({"trait": "", "is": NAN}, ["$.trait", "$.is"]),
        ({"segment": 1}, ["$.segment"]),
        ({"segment": "a", "is": 1}, ["$.is"]),
        ({"request": "country", "is": None}, ["$.is"]),
        ({"all": [{"event": "a", "within": "x"}, {"any": [{"not": {"seen": 1, "beyond": 2}}]}]},
         ["$.all[0].within", "$.all[1].any[0].not.seen", "$.all[1].any[0].not.beyond"]),
    ],
)  # fmt: skip
def test_parse__mistakes__are_all_listed_at_their_places(data: object, places: list[str]) -> None:
    assert mistakes(data) == places


def test_invalid_rule__its_errors__say_what_was_found_and_what_is_allowed() -> None:
    with pytest.raises(InvalidRule) as caught:
        Rule.parse({"all": [{"event": "a"}, {"event": "a", "within": "10x"}]})
    ((place, found, allowed),) = caught.value.errors
    assert (place, found) == ("$.all[1].within", '"10x"')
    assert "10m" in allowed
    assert str(caught.value).startswith('$.all[1].within: found "10x"; allowed: ')


def nested(levels: int) -> dict[str, Any]:
    rule: dict[str, Any] = {"event": "a"}
    for _ in range(levels):
        rule = {"not": rule}
    return rule


def test_parse__eight_levels__is_the_deepest_nesting() -> None:
    assert Rule.parse(nested(8)).event_names == frozenset({"a"})
    assert mistakes(nested(9)) == ["$" + ".not" * 9]


@pytest.mark.parametrize("joint", ["all", "any"])
def test_parse__endless_nesting__is_a_mistake_and_no_crash(joint: str) -> None:
    rule: Any = {"event": "a"}
    deep: Any = "a"
    for _ in range(20_000):
        rule, deep = {joint: [rule]}, [deep]
    assert len(mistakes(rule)) == 1
    assert mistakes({"event": deep}) == ["$.event[0]"]
    assert mistakes({"request": "a", "is": deep}) == ["$.is"]
    while isinstance(rule, dict) and joint in rule:  # taken apart by hand: the interpreter would recurse
        rule = rule[joint].pop()
    while isinstance(deep, list):
        deep = deep.pop()


def test_parse__over_200_conditions__is_a_mistake() -> None:
    condition = {"event": "a"}
    assert Rule.parse({"all": [condition] * 200}).event_names == frozenset({"a"})
    assert mistakes({"all": [condition] * 201}) == ["$"]


def test_limits__lowered_later__flag_a_rule_that_stays_valid() -> None:
    lower = Limits(longest_duration=timedelta(days=30))
    rule = Rule.parse({"any": [{"event": "a", "within": "60d"}, {"seen": "last", "beyond": "30d"}]})
    assert [mistake.place for mistake in rule.beyond(lower)] == ["$.any[0].within"]
    assert rule.beyond(Limits()) == ()
    assert mistakes(rule.to_json(), lower) == ["$.any[0].within"]


def test_rule__its_data_changed_afterwards__stays_what_it_was() -> None:
    data: dict[str, Any] = {"event": ["a"], "where": [{"property": "x", "in": [1]}]}
    rule = Rule.parse(data)
    data["event"].append("b")
    rule.to_json()["event"].append("c")
    assert rule.to_json() == {"event": ["a"], "where": [{"property": "x", "in": [1]}]}


def test_rule__true_and_one__are_different_rules() -> None:
    assert Rule.parse({"trait": "x", "is": True}) != Rule.parse({"trait": "x", "is": 1})
    assert Rule.parse({"is": 1, "trait": "x"}) == Rule.parse({"trait": "x", "is": 1})


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.sampled_from(["1d", "*"])),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["all", "any", "not", "event", "within", "where", "seen", "trait", "is", "at_least", "x"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=300)
@given(json_values)
def test_parse__any_json__is_a_rule_or_invalid(data: object) -> None:
    try:
        rule = Rule.parse(data)
    except InvalidRule as error:
        mistakes = error.errors
        assert mistakes
        assert all(place.startswith("$") and found and allowed for place, found, allowed in mistakes)
    else:
        assert Rule.parse(json.loads(json.dumps(rule.to_json()))) == rule
        assert rule.describe().endswith(".")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.rules)
def test_describe__any_rule__is_one_translatable_sentence(rule: dict[str, Any]) -> None:
    asked: list[str] = []

    def mark(text: str) -> str:
        asked.append(text)
        return f"~{text}"

    sentence = Rule.parse(rule).describe(gettext=mark)
    assert asked
    assert "~" in sentence
    assert sentence.endswith(".")
    assert "{" not in sentence
