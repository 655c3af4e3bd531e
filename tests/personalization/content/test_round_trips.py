"""What decisions cost where there is a Redis: one round trip and no query once warm; and the page when it is gone."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
import redis
from django.http import HttpRequest
from pytest_django import DjangoAssertNumQueries, Settings

from config.services import PrivateRedis
from personalization.content.models import Block, CallToAction, Campaign, OverallLimit, Variant
from personalization.content.services import decide_all, decide_call_to_action, in_segment
from tests.personalization.content.visitors import judged, request_of, segment

pytestmark = pytest.mark.django_db(transaction=True)

KEYS = [f"b{number}" for number in range(20)]


@pytest.fixture
def fan() -> UUID:
    """A member of one of a hundred segments, and twenty blocks."""
    return _fan()


def _fan(cap_times: int | None = None) -> UUID:
    """With a number: under all limits that there are, and the best score first."""
    segments = [segment(f"s{number}") for number in range(100)]
    campaign = Campaign.objects.create(name="Sale", cap_times=cap_times) if cap_times else None
    if cap_times:
        OverallLimit.objects.create(times=cap_times, within="session")
    for number, key in enumerate(KEYS):
        block = Block.objects.create(key=key, name=key, pick="best" if cap_times else "first", campaign=campaign)
        variant = Variant.objects.create(
            block=block, name="V", body="<p>x</p>", audience_kind="segments", cap_times=cap_times, score="likes"
        )
        variant.segments.add(segments[number], segments[50])
    CallToAction.objects.create(key="join", name="Join", label="Join", url="/")
    return judged(uuid4(), ["s50"])


def _page(request: HttpRequest) -> int:
    """Everything that a page may ask; how many variants it shows."""
    decisions = decide_all(request, KEYS)
    in_segment(request, "s1")
    decide_call_to_action(request, "join")
    return sum(decision.variant is not None for decision in decisions.values())


def _commands(client: redis.Redis) -> int:
    stats = client.info("stats")
    assert isinstance(stats, dict)
    return int(stats["total_commands_processed"])


@pytest.mark.parametrize("cap_times", [None, 3])
def test_page__warm_redis__one_round_trip_and_no_query(
    cap_times: int | None,
    redis_server: PrivateRedis,
    settings: Settings,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    fan = _fan(cap_times)
    # A server of its own: what is counted is all that a server was asked, whoever asked.
    settings.PERSONALIZATION_REDIS_URL = redis_server.url
    for _ in range(2):
        assert _page(request_of(fan)) == 20
    with redis.Redis.from_url(redis_server.url) as client:
        first = _commands(client)
        alone = _commands(client) - first
        with django_assert_num_queries(0):
            assert _page(request_of(fan)) == 20
        assert _commands(client) - first - 2 * alone == 1


def test_page__redis_flushed__is_right_and_warm_again(
    fan: UUID, redis_url: str, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.PERSONALIZATION_REDIS_URL = redis_url
    with redis.Redis.from_url(redis_url) as client:
        for _ in range(3):
            client.flushdb()
            assert _page(request_of(fan)) == 20
    with django_assert_num_queries(0):
        assert _page(request_of(fan)) == 20


def test_page__redis_gone__is_right_from_the_database(
    fan: UUID, redis_server: PrivateRedis, settings: Settings
) -> None:
    settings.PERSONALIZATION_REDIS_URL = redis_server.url
    assert _page(request_of(fan)) == 20
    redis_server.stop()
    assert _page(request_of(fan)) == 20
    assert _page(request_of()) == 0


def test_page__block_changed_with_redis__the_next_request_shows_it(
    fan: UUID, redis_url: str, settings: Settings
) -> None:
    settings.PERSONALIZATION_REDIS_URL = redis_url
    assert _page(request_of(fan)) == 20
    Block.objects.filter(key="b0").get().delete()
    assert _page(request_of(fan)) == 19
    block = Block.objects.get(key="b1")
    block.status = Block.Status.PAUSED
    block.save()
    assert _page(request_of(fan)) == 18
