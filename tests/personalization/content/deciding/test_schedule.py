"""Schedules are exact in time, in any zone and over every change of its clocks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.content.deciding.schedule import Hours, Opening, Schedule

pytestmark = pytest.mark.once

BERLIN = ZoneInfo("Europe/Berlin")
DAILY = frozenset(range(7))

# Zones with changes of an hour, of half an hour, at midnight, over the date line, and with none.
zones = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Pacific/Apia", "Asia/Kolkata"]
).map(ZoneInfo)
moments = st.integers(0, 15 * 365 * 24 * 60).map(
    lambda minutes: datetime(2011, 12, 20, tzinfo=UTC) + timedelta(minutes=minutes)
)
clocks = st.integers(0, 24 * 60 - 1).map(lambda minutes: time(minutes // 60, minutes % 60))
hours = st.builds(Hours, zones, st.frozensets(st.integers(0, 6), min_size=1), clocks, clocks)
schedules = st.builds(Schedule, st.none() | moments, st.none() | moments, st.none() | hours)


def _at(local: str, zone: ZoneInfo = BERLIN, fold: int = 0) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _changes(hours: Hours, start: datetime, end: datetime) -> list[str]:
    """Every change between two instants, by the clocks of the zone."""
    schedule, found = Schedule(hours=hours), []
    while (start := schedule.next_change(start) or end) < end:
        found.append(f"{start.astimezone(hours.zone):%a %H:%M%z}")
    return found


def test_hours__weekdays_and_hours__by_the_clocks_of_the_zone() -> None:
    work = Hours(BERLIN, frozenset({4}), time(9), time(17))
    assert [work.contain(_at(f"2026-11-20T{clock}")) for clock in ("08:59", "09:00", "16:59", "17:00")] == [
        False,
        True,
        True,
        False,
    ]
    assert not work.contain(_at("2026-11-21T12:00"))
    assert work.contain(_at("2026-11-20T03:00", ZoneInfo("America/New_York")))


def test_hours__over_midnight__belong_to_the_day_on_which_they_begin() -> None:
    night = Hours(BERLIN, frozenset({4}), time(22), time(6))
    assert _changes(night, _at("2026-11-16T00:00"), _at("2026-11-23T00:00")) == ["Fri 22:00+0100", "Sat 06:00+0100"]


def test_hours__whole_days_that_adjoin__change_nothing_between_them() -> None:
    weekend = Hours(BERLIN, frozenset({5, 6}))
    assert _changes(weekend, _at("2026-11-16T00:00"), _at("2026-11-24T00:00")) == ["Sat 00:00+0100", "Mon 00:00+0100"]


@pytest.mark.parametrize(
    ("start", "end", "changes"),
    [
        (time(1, 30), time(2, 30), ["Sun 01:30+0100", "Sun 03:00+0200"]),
        (time(2, 30), time(3, 30), ["Sun 03:00+0200", "Sun 03:30+0200"]),
        (time(2, 10), time(2, 40), []),
        (time(1), time(4), ["Sun 01:00+0100", "Sun 04:00+0200"]),
    ],
)
def test_hours__clocks_put_forward__a_time_that_is_skipped_counts_at_the_change(
    start: time, end: time, changes: list[str]
) -> None:
    sunday = Hours(BERLIN, frozenset({6}), start, end)
    assert _changes(sunday, _at("2026-03-28T00:00"), _at("2026-03-30T00:00")) == changes


@pytest.mark.parametrize(
    ("start", "end", "changes"),
    [
        (time(1, 30), time(2, 30), ["Sun 01:30+0200", "Sun 02:30+0200"]),
        (time(2, 30), time(3, 30), ["Sun 02:30+0200", "Sun 03:30+0100"]),
        (time(2, 10), time(2, 40), ["Sun 02:10+0200", "Sun 02:40+0200"]),
        (time(1), time(4), ["Sun 01:00+0200", "Sun 04:00+0100"]),
    ],
)
def test_hours__clocks_put_back__a_time_that_comes_twice_counts_the_first_time(
    start: time, end: time, changes: list[str]
) -> None:
    sunday = Hours(BERLIN, frozenset({6}), start, end)
    assert _changes(sunday, _at("2026-10-24T00:00"), _at("2026-10-26T00:00")) == changes


def test_hours__a_whole_day_is_skipped__nothing_is_open_on_it() -> None:
    apia = ZoneInfo("Pacific/Apia")  # had no 30 December 2011, a Friday
    friday = Hours(apia, frozenset({4}), time(9), time(17))
    start, end = _at("2011-12-29T00:00", apia), _at("2012-01-07T00:00", apia)
    assert _changes(friday, start, end) == ["Fri 09:00+1400", "Fri 17:00+1400"]


def test_schedule__next_change__of_hours_that_begin_after_the_start() -> None:
    mondays = Hours(BERLIN, frozenset({0}), time(9), time(17))
    schedule = Schedule(_at("2027-03-01T12:00"), _at("2027-03-08T12:00"), mondays)
    now, seen = _at("2026-11-20T12:00"), []
    while change := schedule.next_change(now):
        now = change
        seen.append((f"{now.astimezone(BERLIN):%d.%m. %H:%M}", schedule.at(now)))
    assert seen == [
        ("01.03. 12:00", Opening.OPEN),
        ("01.03. 17:00", Opening.CLOSED),
        ("08.03. 09:00", Opening.OPEN),
        ("08.03. 12:00", Opening.OVER),
    ]


@given(zones, clocks, clocks, moments)
def test_hours__two_windows_that_adjoin__hold_every_instant_exactly_once(
    zone: ZoneInfo, one: time, other: time, now: datetime
) -> None:
    if one != other:
        assert Hours(zone, DAILY, one, other).contain(now) is not Hours(zone, DAILY, other, one).contain(now)


@given(hours, moments)
def test_hours__away_from_clock_changes__are_what_the_clock_shows(hours: Hours, now: datetime) -> None:
    offsets = {(now + timedelta(hours=away)).astimezone(hours.zone).utcoffset() for away in range(-50, 50)}
    local = now.astimezone(hours.zone)
    clock, today = local.time(), local.weekday() in hours.weekdays
    yesterday = (local.weekday() - 1) % 7 in hours.weekdays
    if hours.start < hours.end:
        expected = today and hours.start <= clock < hours.end
    else:
        expected = (today and clock >= hours.start) or (yesterday and clock < hours.end)
    if len(offsets) == 1:
        assert hours.contain(now) is expected


@given(schedules, moments, st.integers(0, 999))
def test_schedule__any_moment__the_next_change_is_the_first(schedule: Schedule, now: datetime, share: int) -> None:
    change = schedule.next_change(now)
    is_open = schedule.is_open(now)
    if change is not None:
        assert change > now
        assert schedule.is_open(change) is not is_open
    ahead = change - now if change is not None else timedelta(days=3000)
    assert schedule.is_open(now + ahead * share // 1000) is is_open
