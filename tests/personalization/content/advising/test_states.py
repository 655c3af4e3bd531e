"""Whether something is shown now, what keeps it back, and when schedules are open together."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from personalization.content.advising.states import Kind, State, opens_at, state_of
from personalization.content.deciding.blocks import PublishedCampaign
from personalization.content.deciding.schedule import ALWAYS, Hours, Schedule

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)  # a Friday
DAY = timedelta(days=1)
WEEKEND = Schedule(hours=Hours(ZoneInfo("UTC"), frozenset({5, 6}), time(8), time(22)))
SATURDAY = datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "campaign", "state"),
    [
        (ALWAYS, None, State(Kind.SHOWN)),
        (Schedule(ends_at=NOW), None, State(Kind.OVER, at=NOW)),
        (Schedule(starts_at=NOW + DAY), None, State(Kind.LATER, at=NOW + DAY)),
        (WEEKEND, None, State(Kind.LATER, at=SATURDAY)),
        (ALWAYS, PublishedCampaign("Sale", live=False), State(Kind.PAUSED, "Sale")),
        (ALWAYS, PublishedCampaign("Sale", live=True, schedule=WEEKEND), State(Kind.LATER, at=SATURDAY)),
        (
            Schedule(starts_at=NOW + 2 * DAY),
            PublishedCampaign("Sale", live=True, schedule=Schedule(ends_at=NOW + DAY)),
            State(Kind.NEVER, "Sale"),
        ),
        (
            Schedule(starts_at=NOW + DAY),
            PublishedCampaign("Sale", live=False, schedule=Schedule(ends_at=NOW)),
            State(Kind.OVER, "Sale", NOW),
        ),
    ],
)
def test_state__schedule_in_a_campaign__says_what_keeps_it_back(
    schedule: Schedule, campaign: PublishedCampaign | None, state: State
) -> None:
    assert state_of(schedule, [campaign] if campaign else [], now=NOW) == state


def test_state__switched_off_after_errors__is_told_before_when_it_starts() -> None:
    assert state_of(Schedule(starts_at=NOW + DAY), now=NOW, failing=True).kind is Kind.FAILING


def test_opens__schedules_that_meet_late__are_open_when_the_last_one_is() -> None:
    evenings = Schedule(hours=Hours(ZoneInfo("UTC"), frozenset({6}), time(20), time(23)))
    assert opens_at([WEEKEND, evenings], now=NOW) == datetime(2026, 11, 22, 20, tzinfo=UTC)
    nights = Schedule(hours=Hours(ZoneInfo("UTC"), frozenset(range(5)), time(1), time(2)))
    assert opens_at([WEEKEND, nights], now=NOW) is None
