"""Judging by a real worker: soon after the event, and everybody in parts."""

from __future__ import annotations

import pytest
from django.utils import timezone

from personalization.profiles.models import Profile, Verdict
from personalization.segments import updating
from personalization.segments.models import Recomputation, Segment
from tests.personalization.segments.people import VIEWED, segment, view, visitor_with
from tests.services.processes import CeleryProcess
from tests.services.waiting import eventually


@pytest.mark.django_db(transaction=True)
def test_worker__visitors_act_and_everybody_is_updated__stores_what_is_true(
    celery_worker_process: CeleryProcess,
) -> None:
    stored = segment("viewers", VIEWED)
    visitor_ids = [visitor_with(view()) for _ in range(3)]
    eventually(lambda: Verdict.objects.filter(matches=True).count() == 3, celery_worker_process.output)
    assert set(Profile.objects.values_list("due_at", flat=True)) == {None}

    Segment.objects.filter(pk=stored.pk).update(rule={"not": VIEWED})
    stored.refresh_from_db()
    stored.save()
    started = timezone.now()
    assert updating.update_soon()
    eventually(
        lambda: Recomputation.objects.filter(started_at__gte=started, finished_at__isnull=False).exists(),
        celery_worker_process.output,
    )
    assert not Verdict.objects.filter(visitor_id__in=visitor_ids, matches=True).exists()
    assert Segment.objects.get().size == 0
