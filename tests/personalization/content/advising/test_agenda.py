"""The month of the start page: what starts and ends on which day, by the clocks it was planned by."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from personalization.content.advising.agenda import Entry, entries_between, month_named, month_of

TODAY = date(2026, 11, 20)
pytestmark = pytest.mark.once


def entry(day: int, hour: int, name: str = "x") -> Entry:
    return Entry(datetime(2026, 11, day, hour), True, name)  # noqa: DTZ001  # as clocks show it


def test_entries__of_another_zone__stand_on_the_day_that_its_clocks_show() -> None:
    midnight = datetime(2026, 11, 23, 23, tzinfo=UTC)
    (one,) = entries_between(None, midnight, ZoneInfo("Europe/Berlin"), "Sale", is_paused=True)
    assert (one.at.isoformat(), one.starts, one.is_paused) == ("2026-11-24T00:00:00", False, True)
    assert list(entries_between(None, None, ZoneInfo("UTC"), "Sale")) == []


def test_month__of_entries__has_each_on_its_day_in_order() -> None:
    entries = [entry(3, 9, "b"), entry(3, 8, "z"), entry(3, 9, "a"), Entry(datetime(2026, 12, 3), True, "no")]  # noqa: DTZ001
    month = month_of(date(2026, 11, 1), entries, today=TODAY)
    assert [(day.day.day, [one.name for one in day.entries]) for day in month.busy] == [(3, ["z", "a", "b"])]
    assert [day.day.day for day in month.days if day.is_today] == [20]
    assert (len(month.days), month.before, month.after) == (30, "2026-10", "2026-12")


@pytest.mark.parametrize(("first_weekday", "column"), [(0, 7), (6, 1)])
def test_month__that_begins_on_a_sunday__begins_in_its_column(first_weekday: int, column: int) -> None:
    assert month_of(date(2026, 11, 1), [], today=TODAY, first_weekday=first_weekday).column == column


@pytest.mark.parametrize("name", ["", "2026-13", "2026-00", "26-01", "2026-1", "2026-01-01", "9999-12"])
def test_month_named__by_no_month__is_todays(name: str) -> None:
    assert month_named(name, today=TODAY) == date(2026, 11, 1)
