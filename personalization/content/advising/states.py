"""Whether something is shown now and, if not, what keeps it back and until when. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Final

from personalization.content.deciding.blocks import PublishedCampaign
from personalization.content.deciding.schedule import Opening, Schedule

_JUMPS: Final = 60
"""From one opening to the next: schedules that have not met after so many never will, for all that anybody plans."""


class Kind(Enum):
    """What holds at one moment."""

    SHOWN = auto()
    LATER = auto()
    """It has not begun, or it is between its hours."""
    PAUSED = auto()
    """A campaign of it is."""
    FAILING = auto()
    """It is switched off after errors."""
    OVER = auto()
    NEVER = auto()
    """Its times and those of its campaigns have no moment in common."""


@dataclass(frozen=True, slots=True)
class State:
    """What holds, and why."""

    kind: Kind
    campaign: str = ""
    """The campaign that it is because of; empty: it is itself."""
    at: datetime | None = None
    """When it will be shown, or when it ended."""


SHOWN: Final = State(Kind.SHOWN)


def state_of(
    schedule: Schedule, campaigns: Sequence[PublishedCampaign] = (), *, now: datetime, failing: bool = False
) -> State:
    """Say whether what has this schedule, in these campaigns, is shown.

    Args:
        schedule: its own.
        campaigns: all that it belongs to.
        now: an aware datetime.
        failing: whether it is switched off after errors.

    >>> from datetime import UTC, timedelta
    >>> now = datetime(2026, 11, 20, tzinfo=UTC)
    >>> sale = PublishedCampaign("Sale", True, Schedule(ends_at=now))
    >>> state_of(Schedule(starts_at=now + timedelta(days=1)), [sale], now=now).kind.name
    'OVER'
    """
    bounds = [("", schedule), *((one.name, one.schedule) for one in campaigns)]
    for name, one in bounds:
        if one.at(now) is Opening.OVER:
            return State(Kind.OVER, name, one.ends_at)
    opens = opens_at([one for _name, one in bounds], now=now)
    if opens is None:
        return State(Kind.NEVER, next((one.name for one in campaigns if one.schedule.ends_at), ""))
    if failing:
        return State(Kind.FAILING)
    for campaign in campaigns:
        if not campaign.live:
            return State(Kind.PAUSED, campaign.name)
    return SHOWN if opens == now else State(Kind.LATER, at=opens)


def opens_at(schedules: Iterable[Schedule], *, now: datetime) -> datetime | None:
    """The first moment from `now` on at which all of these are open; None: there is none.

    >>> from datetime import UTC, timedelta
    >>> now = datetime(2026, 11, 20, tzinfo=UTC)
    >>> opens_at([Schedule(ends_at=now), Schedule()], now=now), opens_at([Schedule()], now=now) == now
    (None, True)
    """
    every, moment = list(schedules), now
    for _jump in range(_JUMPS):
        closed = [one for one in every if not one.is_open(moment)]
        if not closed:
            return moment
        changes = [one.next_change(moment) for one in closed]
        if None in changes:
            return None
        moment = max(change for change in changes if change is not None)
    return None
