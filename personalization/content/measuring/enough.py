"""When there will be enough to say whether two groups differ: how many more, and until when at this pace. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import Final

from personalization.content.measuring.comparing import ENOUGH_CLICKED, ENOUGH_PEOPLE, Share

LONGEST: Final = timedelta(days=90)
"""The longest range of time that is counted: what takes longer is never together in one."""
SHORTEST: Final = timedelta(days=1)
"""After less than this there is no pace yet."""
SURE: Final = (1.959963984540054 + 0.8416212335729143) ** 2
"""Of a test that finds a difference that is there 80 times out of 100, and one that is not 5 times."""
OUT_OF_REACH: Final = 50
"""So many times as many people as there are will hardly come."""


def lacking(hits: int, enough: int) -> int:
    """How many are missing, in tens: of few people that gives nothing away.

    >>> lacking(50, 100), lacking(3, 100), lacking(100, 100)
    (50, 100, 0)
    """
    return max(0, ceil((enough - hits) / 10) * 10)


def people_lacking(one: Share, other: Share) -> tuple[int, int]:
    """How many more must see each of the two before they are compared."""
    return lacking(one.of, ENOUGH_PEOPLE), lacking(other.of, ENOUGH_PEOPLE)


def clicks_lacking(one: Share, other: Share) -> int:
    """How many more must click in the two together before they are compared."""
    return max(0, ENOUGH_CLICKED - one.hits - other.hits)


def lacking_on_each_side(one: Share, other: Share) -> int | None:
    """How many more must see each before the difference, if it stays what it is, is told from chance.

    None: it is so small that it hardly ever will be.

    >>> lacking_on_each_side(Share(30, 500), Share(20, 500)), lacking_on_each_side(Share(20, 500), Share(20, 500))
    (1400, None)
    """
    apart = abs(one.rate - other.rate)
    fewest = min(one.of, other.of)
    if not apart:
        return None
    spread = one.rate * (1 - one.rate) + other.rate * (1 - other.rate)
    needed = SURE * spread / (apart * apart)
    if needed > fewest * OUT_OF_REACH:
        return None
    more = max(needed - fewest, fewest / 10)
    step = 10 if more < 1000 else 100
    return ceil(more / step) * step


def enough_at(have: int, more: int, *, first: datetime | None, until: datetime) -> datetime | None:
    """When so many more will be there, if they come as they did from `first` to `until`.

    None where that cannot be told: there is no pace yet, or all of them would not come in the longest range of time.

    >>> now = datetime(2026, 11, 20)
    >>> enough_at(50, 50, first=now - timedelta(days=10), until=now)
    datetime.datetime(2026, 11, 30, 0, 0)
    >>> enough_at(5, 95, first=now - timedelta(days=28), until=now)
    """
    if first is None or not have or until - first < SHORTEST:
        return None
    took = until - first
    left = took / have * more
    return until + left if took + left <= LONGEST else None
