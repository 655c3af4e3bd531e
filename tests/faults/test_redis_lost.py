"""Redis flushed under load and then gone for good: no event is lost or doubled, and every page is right."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis
from django.db import connection, connections

from config.services import PrivateRedis
from personalization.segments.services import recompute_due
from tests.faults.browsing import Visitor, view
from tests.faults.conftest import expected_hero
from tests.services.processes import SiteProcess
from tests.services.waiting import PATIENCE
from tracking.models import StoredEvent

VISITORS = 4
PER_VISITOR = 12
LOOKS = 4
SECONDS_BETWEEN_FLUSHES = 0.1
OUT_OF_REACH = "out of reach"

pytestmark = pytest.mark.django_db(transaction=True)


class Reader:
    """A visitor who sees one item after the other, sends each twice, and looks at the page each time."""

    def __init__(self, url: str) -> None:
        self.visitor = Visitor(url)
        self.sent: list[str] = []
        self.wrong: list[str] = []

    def act(self, times: int) -> None:
        for _ in range(times):
            event = view(len(self.sent))
            self.sent.append(event["id"])
            found = [self.visitor.send(event).status, self.visitor.send(event, event).status]
            if found != [202, 202]:
                self.wrong.append(f"sent {len(self.sent)}: {found}")
            # Copies of what is due, of what was judged meanwhile, and what comes after a flush.
            for _ in range(LOOKS):
                self.look()

    def look(self) -> None:
        page = self.visitor.page()
        if page.status != 200 or page.hero != expected_hero(len(self.sent)):
            self.wrong.append(f"after {len(self.sent)}: {page.status} {page.hero if page.status == 200 else ''}")


def test_site__redis_flushed_under_load_and_killed__loses_no_event_and_shows_the_right_page(
    levels: tuple[int, ...],
    start_faulty_site: Callable[..., SiteProcess],
    redis_server: PrivateRedis,
    settings: Any,
) -> None:
    """Cache, throttle and broker are that one Redis; visitors are judged meanwhile, as a worker does."""
    settings.PERSONALIZATION_REDIS_URL = f"{redis_server.url}/0"
    site = start_faulty_site(REDIS_URL=f"{redis_server.url}/0", CELERY_BROKER_URL=f"{redis_server.url}/1")
    readers = [Reader(site.url) for _ in range(VISITORS)]
    over = threading.Event()
    flushed = threading.Event()

    def flush() -> int:
        times, rng = 0, random.Random(1)
        with redis.Redis.from_url(redis_server.url) as client:
            while not over.wait(rng.uniform(0, SECONDS_BETWEEN_FLUSHES)):
                client.flushall()
                flushed.set()
                times += 1
        return times

    def judge() -> int:
        try:
            judged = 0
            while not over.wait(0.01):
                judged += recompute_due()
            return judged
        finally:
            connection.close()

    with ThreadPoolExecutor(VISITORS + 2) as pool:
        background = [pool.submit(flush), pool.submit(judge)]
        try:
            assert flushed.wait(PATIENCE)
            for future in [pool.submit(reader.act, PER_VISITOR // 2) for reader in readers]:
                future.result()
        finally:
            over.set()
        times, judged = (future.result() for future in background)
        assert times > 3
        assert judged > 0
        # A deletion that timed out on a busy machine is bounded by the time to live alone, and no fault of the page.
        if OUT_OF_REACH not in site.output():
            assert [reader.wrong for reader in readers] == [[]] * VISITORS
        for reader in readers:
            reader.wrong.clear()

        acting = [pool.submit(reader.act, PER_VISITOR // 2) for reader in readers]
        redis_server.stop()
        for future in acting:
            future.result()
    # All copies went with it, so none can be stale.
    assert [reader.wrong for reader in readers] == [[]] * VISITORS, site.output()[-3000:]
    assert {len(reader.sent) for reader in readers} == {max(levels)}
    stored = StoredEvent.objects.values_list("id", flat=True)
    assert sorted(map(str, stored)) == sorted(event for reader in readers for event in reader.sent)

    # Back again, and empty: nothing that was read in between is taken for the truth.
    redis_server.start()
    for reader in readers:
        reader.look()
    assert [reader.wrong for reader in readers] == [[]] * VISITORS
    connections.close_all()
