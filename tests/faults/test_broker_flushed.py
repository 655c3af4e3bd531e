"""The Redis that carries the tasks is flushed while a worker waits on it: later visitors are judged all the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import redis

from config.services import PrivateRedis
from personalization.profiles.models import Profile
from tests.faults.browsing import Visitor, view
from tests.services.processes import CeleryProcess, SiteProcess
from tests.services.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]  # the broker is a Redis on either backend


def test_worker__its_broker_is_flushed__goes_on_judging(
    levels: tuple[int, ...],
    start_faulty_site: Callable[..., SiteProcess],
    start_celery_worker: Callable[..., CeleryProcess],
    redis_server: PrivateRedis,
) -> None:
    broker = f"{redis_server.url}/1"
    worker = start_celery_worker(CELERY_BROKER_URL=broker)
    site = start_faulty_site(CELERY_BROKER_URL=broker)

    def is_judged(visitor: Visitor) -> bool:
        return Profile.objects.filter(visitor_id=visitor.visitor_id, due_at=None).exists()

    for _ in range(3):
        visitor = Visitor(site.url)
        assert visitor.send(view()).status == 202
        eventually(lambda visitor=visitor: is_judged(visitor), worker.output)  # type: ignore[misc]  # bound now
        with redis.Redis.from_url(redis_server.url) as client:
            client.flushall()
