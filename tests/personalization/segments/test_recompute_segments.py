"""The command `recompute_segments`."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from personalization.profiles.models import Verdict
from personalization.segments.models import Segment
from tests.personalization.segments.people import NOW, VIEWED, segment, view, visitor_with
from tracking.models import Import, Visitor

pytestmark = pytest.mark.django_db


def run(**options: Any) -> list[str]:
    out = StringIO()
    call_command("recompute_segments", stdout=out, **options)
    return out.getvalue().splitlines()


def test_recompute_segments__now__stores_and_prints_sizes() -> None:
    segment("viewers", VIEWED)
    segment("buyers", {"event": "purchase"})
    visitor_with(view())
    assert run() == ["buyers\t0", "viewers\t1"]
    assert run(segment="viewers") == ["viewers\t1"]
    assert Verdict.objects.count() == 1
    assert Segment.objects.get(slug="viewers").size == 1


def test_recompute_segments__at_a_time__prints_sizes_and_writes_nothing() -> None:
    segment("viewers", VIEWED)
    visitor_with(view(10))
    visitor_with(view(1))
    then = NOW - timedelta(minutes=5)
    assert run(at=then.isoformat()) == ["viewers\t1"]
    assert run(at=NOW.replace(tzinfo=None).isoformat()) == ["viewers\t2"]
    assert not Verdict.objects.exists()
    assert Segment.objects.get().size is None


def test_recompute_segments__imported_visitors__says_how_far_their_times_were_moved() -> None:
    segment("viewers", VIEWED)
    visitor = visitor_with(view())
    record = Import.objects.create(
        name="old.csv", purposes=3, shift_microseconds=86_400_000_000, last_event_at=NOW, rows=1, started_at=NOW
    )
    errors = StringIO()
    call_command("recompute_segments", stdout=StringIO(), stderr=errors, no_color=True)
    assert errors.getvalue() == ""
    Visitor.objects.filter(pk=visitor).update(imported_from=record)
    call_command("recompute_segments", stdout=StringIO(), stderr=errors, no_color=True)
    assert errors.getvalue() == "With visitors imported from old.csv, whose times were moved by +1 days, 0:00:00.\n"


def test_recompute_segments__segment_about_the_request__says_that_it_has_no_size() -> None:
    segment("phones", {"request": "device", "is": "mobile"})
    errors = StringIO()
    call_command("recompute_segments", segment="phones", stdout=StringIO(), stderr=errors, no_color=True)
    assert "decided at each visit" in errors.getvalue()


@pytest.mark.parametrize("options", [{"at": "yesterday"}, {"segment": "gone"}])
def test_recompute_segments__nonsense__says_so(options: dict[str, str]) -> None:
    with pytest.raises(CommandError, match=r"yesterday|gone"):
        run(**options)
