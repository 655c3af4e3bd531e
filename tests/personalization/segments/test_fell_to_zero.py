"""Since when nobody is in a segment: noted by each of the ways in which people are counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from personalization.segments import services
from personalization.segments.models import Segment
from tests.personalization.segments.people import NOW, record, segment, view, visitor_with

pytestmark = pytest.mark.django_db
LATELY = {"event": "view_item", "within": "10m"}
Count = Callable[[datetime], object]


def at_once(now: datetime) -> None:
    services.recompute_now(now=now)


def in_parts(now: datetime) -> None:
    recomputation, parts = services.start_recomputation(now=now)
    number = 0
    for first, last in parts:
        services.judge_everybody_between(first, last, now=now)
        services.finish_part(recomputation.pk, now=now)
        number += 1
    services.split_recomputation(recomputation.pk, parts=number, now=now)


def as_they_are_due(now: datetime) -> None:
    services.recompute_due(now=now)
    services.count_members(now=now)


@pytest.mark.parametrize("count", [at_once, in_parts, as_they_are_due])
def test_emptied_at__people_come_and_go__is_when_the_last_one_was_gone(count: Count) -> None:
    segment("lately", LATELY)
    segment("never", {"event": "purchase"})
    segment("phones", {"request": "device", "is": "mobile"})

    def emptied(at: datetime) -> dict[str, datetime | None]:
        count(at)
        return dict(Segment.objects.values_list("slug", "emptied_at"))

    nobody = {"lately": None, "never": None, "phones": None}
    visitor = visitor_with(view())
    assert emptied(NOW) == nobody
    gone = NOW + timedelta(hours=1)
    assert emptied(gone) == {**nobody, "lately": gone}
    assert emptied(gone + timedelta(hours=1)) == {**nobody, "lately": gone}
    record(visitor, view(-180))
    assert emptied(NOW + timedelta(hours=3)) == nobody
