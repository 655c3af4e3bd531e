"""Workers that never were, and workers that die in the middle: the page is right, and nobody is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from config.services import free_port
from personalization.profiles.models import Profile, Verdict
from personalization.profiles.services import DUE_AT_ONCE
from personalization.segments.services import recompute_due
from personalization.segments.storing import CLAIM_LASTS
from personalization.segments.tasks import recompute_due as recompute_due_task
from tests.faults.browsing import Visitor, view
from tests.faults.conftest import expected_hero
from tests.services.processes import CeleryProcess, SiteProcess
from tests.services.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


def test_site__no_worker_no_beat_and_no_broker__page_is_right_and_the_visitor_stays_due(
    levels: tuple[int, ...], start_faulty_site: Callable[..., SiteProcess]
) -> None:
    site = start_faulty_site(CELERY_BROKER_URL=f"redis://127.0.0.1:{free_port()}/0")
    visitor = Visitor(site.url)
    for seen in range(1, max(levels) + 1):
        assert visitor.send(view()).status == 202
        page = visitor.page()
        assert (page.status, page.hero) == (200, expected_hero(seen))
    profile = Profile.objects.get(visitor_id=visitor.visitor_id)
    assert (profile.due_at, profile.judged_version) == (DUE_AT_ONCE, 0)
    assert not Verdict.objects.exists()
    # Whenever somebody comes to judge, that is enough.
    assert recompute_due() == 1
    assert Verdict.objects.filter(visitor_id=visitor.visitor_id, matches=True).count() == len(levels)
    assert visitor.page().hero == expected_hero(max(levels))


def test_worker__killed_in_the_middle_of_judging__leaves_the_visitor_due_for_the_next(
    levels: tuple[int, ...],
    start_faulty_site: Callable[..., SiteProcess],
    start_celery_worker: Callable[..., CeleryProcess],
    tmp_path: Path,
) -> None:
    reached = tmp_path / "in the middle of judging"
    doomed = start_celery_worker(DJANGO_SETTINGS_MODULE="tests.faults.settings", FAULTS_STALL_AT=str(reached))
    site = start_faulty_site()
    visitor = Visitor(site.url)
    assert visitor.send(view()).status == 202
    eventually(reached.exists, doomed.output)
    doomed.kill()

    profile = Profile.objects.get()
    assert profile.due_at == DUE_AT_ONCE
    assert profile.claimed_until is not None
    assert not Verdict.objects.exists()
    assert visitor.page().hero == expected_hero(1)
    # The dead worker's claim holds for a while, and not for longer.
    assert recompute_due(now=profile.claimed_until - timedelta(seconds=1)) == 0
    Profile.objects.update(claimed_until=timezone.now() - timedelta(microseconds=1))

    heir = start_celery_worker()
    recompute_due_task.apply_async()
    eventually(lambda: Profile.objects.filter(due_at=None).exists(), heir.output)
    verdict = Verdict.objects.get()
    assert (verdict.visitor_id, verdict.key, verdict.matches) == (visitor.visitor_id, "level-1", True)
    profile.refresh_from_db()
    assert profile.claimed_until is None
    assert recompute_due(now=timezone.now() + 2 * CLAIM_LASTS) == 0
    assert visitor.page().hero == expected_hero(1)
