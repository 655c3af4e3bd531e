"""Verdicts: cases that analysts read, decaying traits, local time, reasons, what a rule says of itself, and cost."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from personalization.rules import ALL, Decaying, Facts, Reason, Rule, Told
from tests.personalization.rules import naive
from tracking.timeline import Event, Timeline, Value

pytestmark = pytest.mark.once

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
TICK = timedelta(microseconds=1)
CASES = Path(__file__).parent / "cases"


def instant(text: str | None) -> datetime | None:
    """Read a time of the day of the cases, or a whole one."""
    return None if text is None else datetime.fromisoformat(text if "T" in text else f"2026-11-20T{text}Z")


def cases() -> Iterator[Any]:
    for file in sorted(CASES.glob("*.json")):
        for case in json.loads(file.read_text()):
            yield pytest.param(case, id=f"{file.stem}: {case['title']}")


def events(data: list[list[Any]]) -> Iterator[Event]:
    for number, (name, at, *properties) in enumerate(data):
        occurred_at = instant(at)
        assert occurred_at is not None
        yield Event(UUID(int=number), name, occurred_at, properties=properties[0] if properties else {})


@pytest.mark.parametrize("case", list(cases()))
def test_evaluate__case__gives_the_expected_verdict(case: dict[str, Any]) -> None:
    timeline = Timeline(events(case.get("events", [])))
    facts = Facts(timeline, case.get("traits", {}), frozenset(case.get("segments", [])), case.get("request"))
    now = instant(case.get("now", "12:00:00"))
    assert now is not None
    verdict = Rule.parse(case["rule"]).evaluate(facts, now, explain=True)
    assert (verdict.matches, verdict.until) == (case["matches"], instant(case["until"]))
    assert naive.holds(case["rule"], facts, now) is case["matches"]
    if "reason" in case:
        assert verdict.reason is not None
        assert verdict.reason.text == case["reason"]


def test_evaluate__time_without_zone__is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Rule.parse({"all": []}).evaluate(Facts(), datetime(2026, 11, 20))  # noqa: DTZ001  # that is the point


def test_evaluate__time_in_another_zone__is_the_same_instant() -> None:
    facts = Facts(Timeline([Event(UUID(int=1), "a", NOON)]))
    rule = Rule.parse({"event": "a", "within": "1h"})
    assert rule.evaluate(facts, NOON.astimezone(ZoneInfo("Asia/Tokyo"))) == rule.evaluate(facts, NOON)


def score(value: float, half_life: timedelta = DAY, at: datetime = NOON) -> Facts:
    return Facts(traits={"score": Decaying(value, half_life, at)})


@pytest.mark.parametrize(
    ("value", "test", "matches", "until"),
    [
        (8.0, {"at_least": 2}, True, NOON + 2 * DAY + TICK),
        (8.0, {"at_most": 2}, False, NOON + 2 * DAY),
        (8.0, {"at_least": 2, "at_most": 4}, False, NOON + DAY),
        (4.0, {"at_least": 2, "at_most": 4}, True, NOON + DAY + TICK),
        (1.0, {"at_least": 2}, False, None),
        (1.0, {"at_least": 0}, True, None),
        (1.0, {"at_most": 0}, False, None),
        (1.0, {"at_least": -1, "at_most": 1}, True, None),
        (0.0, {"at_least": 0}, True, None),
        (-8.0, {"at_least": -2}, False, NOON + 2 * DAY),
        (-8.0, {"at_most": -2}, True, NOON + 2 * DAY + TICK),
        (8.0, {"exists": True}, True, None),
        (8.0, {"exists": False}, False, None),
        (8.0, {"is": 8}, False, None),
        (8.0, {"is_not": 9}, False, None),
        (8.0, {"not_in": []}, False, None),
    ],
)
def test_trait__decaying__crosses_its_bound_at_the_solved_instant(
    value: float, test: dict[str, Any], matches: bool, until: datetime | None
) -> None:
    verdict = Rule.parse({"trait": "score", **test}).evaluate(score(value), NOON)
    assert (verdict.matches, verdict.until) == (matches, until)


def test_trait__decaying_for_a_thousand_half_lives__never_reaches_zero() -> None:
    facts = score(1.0, timedelta(seconds=1))
    for name, matches in [("at_least", True), ("at_most", False)]:
        rule = Rule.parse({"trait": "score", name: 5e-324 if matches else 0})
        assert rule.evaluate(facts, NOON + 2 * DAY).matches is matches


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.floats(-1e6, 1e6),
    st.integers(1, 10**15),
    st.integers(-(10**13), 10**13),
    st.sampled_from([-100.0, -1.0, 0.1, 1.0, 3.0, 12345.678]),
    st.sampled_from(["at_least", "at_most"]),
)
@example(320575.5, 437_050_046_578_688, 0, 0.1, "at_least")  # beyond 2^53 microseconds
def test_trait__decaying__changes_at_until_and_not_before(
    value: float, half_life: int, ago: int, bound: float, name: str
) -> None:
    facts = score(value, half_life * TICK, NOON - ago * TICK)
    rule = Rule.parse({"trait": "score", name: bound})
    verdict = rule.evaluate(facts, NOON)
    if verdict.until is None:
        for later in (TICK, DAY, 10_000 * DAY):
            assert rule.evaluate(facts, NOON + later).matches is verdict.matches
    else:
        assert verdict.until > NOON
        assert rule.evaluate(facts, verdict.until).matches is not verdict.matches
        assert rule.evaluate(facts, verdict.until - TICK).matches is verdict.matches


@pytest.mark.parametrize(
    "mistake", [{"value": float("nan")}, {"half_life": timedelta(0)}, {"at": NOON.replace(tzinfo=None)}]
)
def test_decaying__impossible_parts__are_refused(mistake: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\."):
        Decaying(**{"value": 1.0, "half_life": DAY, "at": NOON, **mistake})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.datetimes(datetime(2010, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001  # made aware below
    st.sampled_from(["Europe/Berlin", "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns"]),
    st.one_of(
        st.builds(lambda hour: {"request": "hour", "is": hour}, st.integers(0, 23)),
        st.builds(lambda day: {"request": "weekday", "is": day}, st.sampled_from(["mon", "fri", "sun"])),
    ),
)
def test_request__local_time__changes_at_until_and_not_before(
    naive_time: datetime, zone: str, rule: dict[str, Any]
) -> None:
    now = naive_time.replace(tzinfo=UTC)
    facts = Facts(request={"time_zone": zone})
    verdict = Rule.parse(rule).evaluate(facts, now)
    assert verdict.until is not None
    assert naive.holds(rule, facts, verdict.until) is not verdict.matches
    moment = now
    while moment < verdict.until:
        assert naive.holds(rule, facts, moment) is verdict.matches
        moment += timedelta(minutes=30)
    assert naive.holds(rule, facts, verdict.until - TICK) is verdict.matches


@pytest.mark.parametrize(
    ("rule", "names", "horizon"),
    [
        ({"all": []}, frozenset(), timedelta(0)),
        ({"event": "a", "within": "1d"}, frozenset({"a"}), DAY),
        ({"event": ["a", "b"]}, frozenset({"a", "b"}), None),
        ({"event": "*", "within": "1d"}, ALL, DAY),
        ({"event": "a", "within": "session"}, ALL, None),
        ({"event": "a", "within": "previous_session"}, ALL, None),
        ({"event": "a", "measure": "sessions", "within": "1d"}, ALL, DAY),
        ({"event": "a", "per": "session"}, ALL, None),
        ({"seen": "last", "within": "1d"}, ALL, DAY),
        ({"seen": "first", "within": "1d"}, ALL, None),
        ({"event": "a", "not_followed_by": {"event": "b"}, "after": "1h", "within": "1d"}, frozenset({"a", "b"}), DAY),
        (
            {"not": {"any": [{"event": "a", "within": "1d"}, {"event": "b", "within": "2d"}]}},
            frozenset({"a", "b"}),
            2 * DAY,
        ),
        ({"all": [{"event": "a", "within": "1d"}, {"trait": "x", "is": 1}]}, frozenset({"a"}), DAY),
    ],
)
def test_rule__about_itself__tells_events_and_horizon(rule: Any, names: Any, horizon: timedelta | None) -> None:
    parsed = Rule.parse(rule)
    assert (parsed.event_names, parsed.horizon) == (names, horizon)


def test_rule__about_itself__tells_traits_segments_and_context() -> None:
    rule = Rule.parse({"any": [{"trait": "x", "is": 1}, {"not": {"segment": "s"}}, {"request": "path", "is": "/"}]})
    assert (rule.traits, rule.segments) == (frozenset({"x"}), frozenset({"s"}))
    assert rule.is_contextual
    assert not rule.asks_requests_only
    assert Rule.parse({"not": {"request": "hour", "is": 1}}).asks_requests_only
    assert not Rule.parse({"segment": "s"}).is_contextual
    assert not Rule.parse({"all": []}).asks_requests_only


def test_reason__not_asked_for__is_not_built() -> None:
    assert Rule.parse({"event": "a"}).evaluate(Facts(), NOON).reason is None


def test_reason__of_joined_clauses__is_a_tree_that_survives_json() -> None:
    rule = Rule.parse({"all": [{"event": "a", "within": "10m", "at_least": 3}, {"not": {"segment": "s"}}]})
    facts = Facts(Timeline([Event(UUID(int=1), "a", NOON)]))
    reason = rule.evaluate(facts, NOON, explain=True).reason
    assert reason is not None
    assert reason.lines() == [
        "✗ all of",
        "  ✗ 1 of at least 3 `a` in 10m",
        "  ✓ not",
        "    ✗ not in the segment `s`",
    ]
    assert Reason.from_json(json.loads(json.dumps(reason.to_json()))) == reason


def test_reason__of_something_long_ago__tells_it_as_people_do() -> None:
    timeline = Timeline([Event(UUID(int=1), "add_to_cart", NOON - timedelta(days=3, hours=2, seconds=5))])
    told = {}
    for condition in (
        {"seen": "first", "beyond": "2d"},
        {"event": "add_to_cart", "not_followed_by": {"event": "purchase"}, "after": "15m"},
    ):
        reason = Rule.parse(condition).evaluate(Facts(timeline), NOON, explain=True).reason
        assert reason is not None
        told[next(iter(condition))] = reason.text
    assert told == {
        "seen": "first seen 3d 2h ago; asked: beyond 2d",
        "event": "`add_to_cart`, not followed by `purchase`, 3d 2h ago of at least 15m",
    }


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            {"event": "view_item", "per": "item_category", "within": "session", "at_least": 3},
            "Viewed an item at least 3 times with the same item category in this visit.",
        ),
        ({"event": "purchase", "at_most": 0, "within": "90d"}, "Never bought something in the last 90 days."),
        (
            {"event": "add_to_cart", "not_followed_by": {"event": "purchase"}, "after": "15m"},
            "Last added something to the cart at least 15 minutes ago and has not bought something since.",
        ),
        (
            {
                "all": [
                    {"seen": "first", "within": "7d"},
                    {"any": [{"segment": "fans"}, {"request": "country", "is": "DE"}]},
                ]
            },
            "Came for the first time in the last 7 days and (is in the segment “fans” or the country is “DE”).",
        ),
        ({"all": []}, "Everybody."),
        (
            {"all": [{"not": {"all": [{"event": "purchase"}]}}, {"event": "search"}, {"not": {"segment": "fans"}}]},
            "(Not so: bought something) and searched the site and not so: is in the segment “fans”.",
        ),
        ({"not": {"trait": "score", "at_least": 5}}, "Not so: “score”, known about the visitor, is at least 5."),
        (
            {"event": "purchase", "measure": "sum", "of": "value", "at_least": 100, "within": "1d"},
            "Bought something with value adding up to at least 100 in the last day.",
        ),
        (
            {"event": "view_item", "measure": "distinct", "of": "item_id", "at_least": 2, "within": "30d"},
            "Viewed an item, at least 2 different ones in the last 30 days.",
        ),
        (
            {"event": "purchase", "measure": "distinct", "of": "coupon", "at_least": 2},
            "Bought something with at least 2 different values of coupon.",
        ),
        (
            {
                "event": "page_view",
                "where": [{"property": "path", "starts_with": "/shop"}],
                "at_least": 1,
                "at_most": 5,
            },
            "Viewed a page 1 to 5 times (only where the page's path starts with “/shop”).",
        ),
    ],
)
def test_describe__rule__is_one_plain_sentence(rule: Any, sentence: str) -> None:
    assert Rule.parse(rule).describe() == sentence


class Watched:
    """Stored events that count how often one is looked at."""

    def __init__(self, timeline: Timeline) -> None:
        self.names = [event.name for event in timeline]
        self.times = timeline.times
        self.looked_at = 0

    def event(self, position: int) -> Event:
        raise AssertionError("A rule needed a whole event.")

    def properties_of(self, position: int) -> dict[str, Value]:
        self.looked_at += 1
        return {}

    def fields_of(self, position: int) -> dict[str, str]:
        self.looked_at += 1
        return {}


@pytest.mark.parametrize(
    ("rule", "most"),
    [
        ({"event": "rare", "within": "1d"}, 0),
        ({"event": "rare", "where": [{"property": "x", "is": 1}]}, 5),
        ({"event": "rare", "measure": "sum", "of": "x"}, 5),
        ({"event": ["rare", "missing"], "per": "x"}, 5),
        ({"event": "rare", "per": "x", "within": "session"}, 5),
        ({"event": "rare", "measure": "sessions"}, 0),
        ({"event": "rare", "not_followed_by": {"event": "missing"}, "after": "1h"}, 0),
        ({"seen": "previous", "beyond": "1h"}, 0),
    ],
)
@pytest.mark.parametrize("others", [10, 5000])
def test_evaluate__long_timeline__looks_at_the_named_events_only(rule: Any, most: int, others: int) -> None:
    names = ["rare"] * 5 + ["often"] * others
    timeline = Timeline(
        Event(UUID(int=number), name, NOON - number * timedelta(minutes=1)) for number, name in enumerate(names)
    )
    watched = Watched(timeline)
    Rule.parse(rule).evaluate(Facts(Timeline.of_stored(watched)), NOON)
    assert watched.looked_at <= most


def test_reason__told__says_in_plain_words_what_was_asked_and_found() -> None:
    rule = Rule.parse(
        {
            "all": [
                {"event": "view_item", "where": [{"property": "item_category", "is": "boots"}], "at_least": 2},
                {"any": [{"trait": "engagement", "at_least": 3}, {"seen": "last", "within": "1h"}]},
                {"not": {"event": "purchase"}},
                {"event": "view_item", "per": "item_category", "measure": "sum", "of": "price", "at_most": 9},
                {"event": "add_to_cart", "not_followed_by": {"event": "purchase"}, "after": "15m"},
            ]
        }
    )
    boots: dict[str, Value] = {"item_category": "boots", "price": 4}
    views = [Event(UUID(int=minutes), "view_item", NOON - minutes * MINUTE, properties=boots) for minutes in (9, 8)]
    left = Event(UUID(int=1), "add_to_cart", NOON - 5 * MINUTE)
    facts = Facts(Timeline([*views, left]), {"engagement": 2.5})
    verdict = rule.evaluate(facts, NOON, explain=True)
    assert verdict.reason is not None
    told = rule.tell(verdict.reason)

    def lines(one: Told, level: int = 0) -> list[str]:
        own = f"{'  ' * level}{'✓' if one.matches else '✗'} {one.text} {one.found}".rstrip()
        return [own, *(line for child in one.children for line in lines(child, level + 1))]

    assert lines(told) == [
        "✗ All of these:",
        "  ✓ Viewed an item at least 2 times (only where item category is “boots”). 2 times",
        "  ✓ At least one of these:",
        "    ✗ “engagement”, known about the visitor, is at least 3. 2.5",
        "    ✓ Was here in the last hour. 5m ago",
        "  ✓ Not so:",
        "    ✗ Bought something. never",
        '  ✓ Viewed an item with price adding up to at most 9 with the same item category. 8, with "boots"',
        "  ✗ Last added something to the cart at least 15 minutes ago and has not bought something since. 5m ago",
    ]
    assert Reason.from_json(verdict.reason.to_json()) == verdict.reason
