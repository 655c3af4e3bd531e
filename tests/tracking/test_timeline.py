"""Timelines: order, index by name, sessions, own fields."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tracking.timeline import ALL, Event, Page, Session, Timeline, own_fields

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TICK = timedelta(microseconds=1)


def event(number: int, occurred_at: datetime = NOON, name: str = "page_view") -> Event:
    return Event(UUID(int=number), name, occurred_at)


def test_module__imported__needs_no_django() -> None:
    program = "import sys, tracking.timeline, personalization.rules; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0  # our own text


def test_timeline__events_in_any_order__are_sorted_by_time_then_id() -> None:
    events = [event(3), event(1, NOON + TICK), event(2), event(4, NOON - TICK)]
    assert [found.id.int for found in Timeline(events)] == [4, 2, 3, 1]


def test_timeline__times_in_other_zones__are_compared_as_instants() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    timeline = Timeline([event(1, NOON), event(2, (NOON - MINUTE).astimezone(east))])
    assert [found.id.int for found in timeline] == [2, 1]
    assert timeline.times == [NOON - MINUTE, NOON]


def test_timeline__time_without_zone__is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Timeline([event(1, NOON.replace(tzinfo=None))])


def test_timeline__without_events__is_empty() -> None:
    timeline = Timeline()
    assert len(timeline) == 0
    assert timeline.sessions == ()
    assert timeline.named(ALL) == ()
    assert timeline.named({"page_view"}) == ()
    assert timeline.until(NOON) == timeline


def test_named__several_names__are_merged_in_order() -> None:
    timeline = Timeline([event(number, NOON + number * MINUTE, name) for number, name in enumerate("abcab")])
    assert [found.id.int for found in timeline.named(["b", "a", "x"])] == [0, 1, 3, 4]
    assert timeline.index(frozenset({"a", "b"})).positions == [0, 1, 3, 4]
    assert timeline.index(frozenset({"c"})) == timeline.indexes["c"]
    assert list(timeline.index(ALL).positions) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("gap", "sessions"),
    [
        (30 * MINUTE - TICK, (Session(0, 2),)),
        (30 * MINUTE, (Session(0, 2),)),
        (30 * MINUTE + TICK, (Session(0, 1), Session(1, 2))),
    ],
)
def test_sessions__gap_of_half_an_hour__splits_only_beyond_it(gap: timedelta, sessions: tuple[Session, ...]) -> None:
    timeline = Timeline([event(1), event(2, NOON + gap)])
    assert timeline.sessions == sessions
    assert timeline.session_of(1) == len(sessions) - 1


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(0, 7), max_size=20))
def test_sessions__any_timeline__cover_it_without_overlap(minutes: list[int]) -> None:
    times = [NOON + sum(minutes[: place + 1]) * 10 * MINUTE for place in range(len(minutes))]
    timeline = Timeline(event(number, at) for number, at in enumerate(times))
    positions = [place for session in timeline.sessions for place in range(session.start, session.stop)]
    assert positions == list(range(len(minutes)))
    for number, session in enumerate(timeline.sessions):
        assert {timeline.session_of(place) for place in range(session.start, session.stop)} == {number}


def test_until__an_instant__keeps_what_had_occurred_by_then() -> None:
    timeline = Timeline([event(1), event(2, NOON + TICK)])
    assert [found.id.int for found in timeline.until(NOON)] == [1]
    assert timeline.until(NOON + TICK) is timeline
    assert [found.id.int for found in timeline.since(NOON + TICK)] == [2]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (Page(), {}),
        (Page("https://[::1", "T"), {"title": "T"}),
        (Page("/only/path"), {"path": "/only/path"}),
        (Page("https://A.example"), {"host": "a.example"}),
        (Page("https://a.example/%C3%A4"), {"host": "a.example", "path": "/%C3%A4"}),
        (Page("?utm_source=&utm_source=b&utm_medium=c+d"), {"utm_medium": "c d"}),
        (Page("?utm_campaign=a&utm_campaign=b&utm_term=x"), {"utm_campaign": "a"}),
        (Page(referrer="https://[::1"), {}),
        (Page(referrer="https://News.example:8080/x"), {"referrer_host": "news.example"}),
    ],
)
def test_own_fields__of_a_page__are_those_that_are_known(page: Page, expected: dict[str, str]) -> None:
    assert own_fields(Event(UUID(int=1), "page_view", NOON, page)) == expected


def test_fields_of__asked_twice__are_worked_out_once() -> None:
    timeline = Timeline([Event(UUID(int=1), "page_view", NOON, Page("https://a.example/x"))])
    assert timeline.fields[0] is timeline.fields[0]
