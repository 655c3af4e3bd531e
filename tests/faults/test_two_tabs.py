"""Two tabs of one visitor: one withdraws while the other goes on sending."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from consent.models import WithdrawalMark
from personalization.profiles.models import Profile, Trait, Verdict
from personalization.segments.services import recompute_due
from tests.faults.browsing import Answer, Visitor, view
from tests.services.processes import SiteProcess
from tests.services.waiting import eventually
from tracking.models import StoredEvent
from tracking.models import Visitor as VisitorRow

AFTERWARDS = 5
"""So many batches of each sender come when the withdrawal has been answered."""

pytestmark = pytest.mark.django_db(transaction=True)


def keys_about(visitor: Visitor) -> list[str]:
    """Keys of the hot store that name the visitor."""
    url = os.environ.get("REDIS_URL")
    if not url:
        return []
    import redis

    with redis.Redis.from_url(url, decode_responses=True) as client:
        return sorted(client.scan_iter(f"*{visitor.visitor_id.hex}*"))


def test_site__one_tab_withdraws_while_the_other_sends__nothing_remains_and_the_other_is_refused(
    levels: tuple[int, ...], start_faulty_site: Callable[..., SiteProcess]
) -> None:
    site = start_faulty_site()
    first = Visitor(site.url)
    tabs = [Visitor(site.url, first.visitor_id, dict(first.jar)) for _ in range(3)]
    bystander = Visitor(site.url)
    assert bystander.send(view()).status == 202
    withdrawn, over = threading.Event(), threading.Event()
    before: list[Answer] = []

    def keep_sending(tab: Visitor) -> list[Answer]:
        after: list[Answer] = []
        while len(after) < AFTERWARDS:
            late = withdrawn.is_set()
            answer = tab.send(view(), view())
            (after if late else before).append(answer)
            tab.page()
        return after

    def judge() -> None:
        try:
            while not over.is_set():
                recompute_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tabs) + 1) as pool:
        judging = pool.submit(judge)
        try:
            sending = [pool.submit(keep_sending, tab) for tab in tabs]
            eventually(lambda: sum(answer.status == 202 for answer in before) >= 5, site.output)
            assert first.choose(analytics=False, personalization=False).status == 200
            withdrawn.set()
            after = [answer for future in sending for answer in future.result()]
        finally:
            withdrawn.set()
            over.set()
        judging.result()

    assert {answer.status for answer in before} <= {202, 403}
    assert {answer.status for answer in after} == {403}
    assert {one["reason"] for answer in after for one in answer.json()["rejected"]} == {"consent"}
    # The other tab's cookies are still the old ones: they show nobody.
    assert tabs[0].page().hero == "for everybody"
    for model in (StoredEvent, Profile, Verdict, Trait):
        assert set(model._default_manager.values_list("visitor_id", flat=True)) <= {bystander.visitor_id}
    assert list(VisitorRow.objects.values_list("id", flat=True)) == [bystander.visitor_id]
    assert StoredEvent.objects.filter(visitor_id=bystander.visitor_id).count() == 1
    assert keys_about(first) == []
    mark = WithdrawalMark.objects.get()
    assert first.visitor_id.hex not in mark.digest
