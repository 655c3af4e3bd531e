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


@pytest.mark.parametrize("options", [{"at": "yesterday"}, {"segment": "gone"}])
def test_recompute_segments__nonsense__says_so(options: dict[str, str]) -> None:
    with pytest.raises(CommandError, match=r"yesterday|gone"):
        run(**options)
