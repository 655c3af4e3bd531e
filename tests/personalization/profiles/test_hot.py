"""The hot head: never stale after a commit, whatever happens to Redis."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries
from redis import Redis

from config.services import PrivateRedis
from consent import keyed
from consent.models import WithdrawalMark
from consent.purposes import ANALYTICS, PERSONALIZATION
from consent.stores import erase_everywhere
from personalization.profiles import head as head_module
from personalization.profiles import hot as hot_module
from personalization.profiles.head import VERSION_KEY, configuration_version, head_key, load, read_known
from personalization.profiles.hot import hot, lease_key
from personalization.profiles.services import DUE_AT_ONCE, publish, set_traits
from personalization.segments.presence import presence_of
from personalization.segments.services import judge_visitors
from tests.personalization.segments.people import GIVEN, NOW, VIEWED, record, request_of, segment, view, visitor_with

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def redis(redis_server: PrivateRedis, settings: Any) -> Iterator[Redis]:
    """A server of the test's own: emptying all of it and counting its commands concern nobody else."""
    settings.PERSONALIZATION_REDIS_URL = f"{redis_server.url}/0"
    with Redis.from_url(settings.PERSONALIZATION_REDIS_URL) as client:
        yield client


def in_another_thread(act: Callable[[], object]) -> None:
    """Do it on a database connection of its own, as another process would."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failures:
        raise failures[0]


def test_load__warm__costs_no_query_and_one_round_trip(
    redis: Redis, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30):
        segment(f"s{number}", VIEWED)
    visitor_id = visitor_with(view())
    set_traits(visitor_id, {"vip": True}, source="test", now=NOW)
    judge_visitors([visitor_id], now=NOW)
    assert presence_of(request_of(visitor_id), NOW).matches("s0")
    presence = presence_of(request_of(visitor_id), NOW)
    redis.config_resetstat()
    with django_assert_num_queries(0):
        assert all(presence.matches(f"s{number}") for number in range(30))
    commands = {name: stats["calls"] for name, stats in redis.info("commandstats").items()}
    commands = {name: calls for name, calls in commands.items() if "config" not in name and "info" not in name}
    assert commands == {"cmdstat_mget": 1}


def test_configuration_version__warm__costs_one_round_trip(
    redis: Redis, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    version = publish()
    assert configuration_version() == version
    with django_assert_num_queries(0):
        assert configuration_version() == version
    assert publish() > version
    assert configuration_version() > version


@pytest.mark.parametrize("change", ["event", "trait", "verdict", "erased"])
def test_load__a_writer_commits_between_lease_and_write__wins(
    change: str, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment("viewers", VIEWED)
    visitor_id = visitor_with(view())
    if change in ("event", "trait"):
        judge_visitors([visitor_id], now=NOW)
    redis.flushdb()

    def write() -> None:
        match change:
            case "event":
                record(visitor_id, view())
            case "trait":
                set_traits(visitor_id, {"vip": True}, source="test", now=NOW)
            case "verdict":
                judge_visitors([visitor_id], now=NOW)
            case "erased":
                erase_everywhere(visitor_id, withdrawn=PERSONALIZATION.bit, remaining=ANALYTICS.bit)

    def read_slowly(*args: Any, **kwargs: Any) -> Any:
        assert redis.exists(lease_key(head_key(visitor_id)))
        found = read_known(*args, **kwargs)
        in_another_thread(write)
        return found

    monkeypatch.setattr(head_module, "read_known", read_slowly)
    stale = load(visitor_id, given_at=GIVEN)
    assert not redis.exists(head_key(visitor_id))
    monkeypatch.undo()
    fresh = load(visitor_id, given_at=GIVEN)
    assert fresh.head != stale.head
    assert fresh.head == read_known(visitor_id, given_at=GIVEN).head
    assert redis.exists(head_key(visitor_id))


def test_load__everything_flushed_between_lease_and_write__writes_nothing(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor_id = visitor_with(view())

    def read_slowly(*args: Any, **kwargs: Any) -> Any:
        found = read_known(*args, **kwargs)
        redis.flushall()
        return found

    monkeypatch.setattr(head_module, "read_known", read_slowly)
    assert load(visitor_id, given_at=GIVEN).head is not None
    assert not redis.exists(head_key(visitor_id))


def test_configuration_version__published_while_it_is_read__is_not_kept(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish()
    read = head_module._read_version

    def read_slowly() -> int:
        version = read()
        in_another_thread(publish)
        return version

    monkeypatch.setattr(head_module, "_read_version", read_slowly)
    old = configuration_version()
    assert not redis.exists(VERSION_KEY)
    monkeypatch.undo()
    assert configuration_version() > old


def test_load__two_rebuild_at_once__only_the_one_with_the_lease_writes(redis: Redis) -> None:
    visitor_id = visitor_with(view())
    redis.set(lease_key(head_key(visitor_id)), "of another")
    assert load(visitor_id, given_at=GIVEN).head is not None
    assert not redis.exists(head_key(visitor_id))


def test_forget__recording__deletes_before_and_after_the_commit(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor_id = visitor_with(view())
    store = hot()
    assert store is not None
    drop, calls = store.drop, []

    def note(keys: Any) -> None:
        calls.append((sorted(keys), connection.in_atomic_block))
        drop(keys)

    monkeypatch.setattr(store, "drop", note)
    record(visitor_id, view())
    assert calls == [([head_key(visitor_id)], True), ([head_key(visitor_id)], False)]


def test_load__copies__live_for_a_minute_at_most(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    leases: list[Any] = []

    def read_slowly(*args: Any, **kwargs: Any) -> Any:
        leases.append(redis.pttl(lease_key(head_key(visitor_id))))
        return read_known(*args, **kwargs)

    visitor_id = visitor_with(view())
    monkeypatch.setattr(head_module, "read_known", read_slowly)
    load(visitor_id, given_at=GIVEN)
    copies = [redis.pttl(key) for key in (head_key(visitor_id), VERSION_KEY)]
    assert all(isinstance(left, int) and 0 < left <= 60_000 for left in [*copies, *leases])
    assert len(leases) == 1


def test_load__inside_the_transaction_that_changes_the_visitor__keeps_nothing_that_may_be_rolled_back(
    redis: Redis,
) -> None:
    visitor_id = visitor_with(view())
    judge_visitors([visitor_id], now=NOW)
    with transaction.atomic():
        record(visitor_id, view())
        known = load(visitor_id, given_at=GIVEN)
        assert known.head is not None
        assert known.head.due_at == DUE_AT_ONCE
        assert not redis.exists(head_key(visitor_id))
        transaction.set_rollback(True)
    known = load(visitor_id, given_at=GIVEN)
    assert known.head is not None
    assert known.head.due_at is None


def test_load__proof_older_than_the_withdrawal__never_rebuilds_nor_reads_the_head(redis: Redis) -> None:
    visitor_id = visitor_with(view())
    WithdrawalMark.objects.create(digest=keyed.mark_digest(visitor_id), withdrawn_at=GIVEN + timedelta(minutes=1))
    assert load(visitor_id, given_at=GIVEN).head is None
    assert not redis.keys(f"*{visitor_id.hex}*")
    newer = GIVEN + timedelta(minutes=2)
    assert load(visitor_id, given_at=newer).head is not None
    assert redis.exists(head_key(visitor_id))
    assert load(visitor_id, given_at=GIVEN).head is None
    assert load(visitor_id, given_at=newer).head is not None


def test_load__withdrawn_without_a_profile__is_refused_as_well(redis: Redis) -> None:
    visitor_id = uuid4()
    WithdrawalMark.objects.create(digest=keyed.mark_digest(visitor_id), withdrawn_at=GIVEN + timedelta(minutes=1))
    assert load(visitor_id, given_at=GIVEN).head is None
    assert not redis.keys(f"*{visitor_id.hex}*")


def test_erase__hot_head__is_gone(redis: Redis) -> None:
    visitor_id = visitor_with(view())
    load(visitor_id, given_at=GIVEN)
    assert redis.exists(head_key(visitor_id))
    erase_everywhere(visitor_id, withdrawn=3, remaining=0)
    assert not redis.keys(f"*{visitor_id.hex}*")


def test_load__a_copy_of_another_release__is_rebuilt(redis: Redis) -> None:
    visitor_id = visitor_with(view())
    redis.set(head_key(visitor_id), b"\xc1 no head")
    assert load(visitor_id, given_at=GIVEN).head == read_known(visitor_id, given_at=GIVEN).head


def test_presence__flushed_without_end_while_visitors_act__is_never_stale_after_a_commit(redis: Redis) -> None:
    """Four visitors act and look, others look at them too, and Redis is emptied all the time."""
    segment("even", {"event": "view_item", "at_least": 1})
    visitor_ids = [visitor_with() for _ in range(4)]
    stale: list[str] = []
    failures: list[BaseException] = []
    over = threading.Event()

    def act(visitor_id: UUID) -> None:
        for number in range(12):
            record(visitor_id, view())
            known = load(visitor_id, given_at=GIVEN)
            if known.head is None or known.head.due_at != DUE_AT_ONCE:
                stale.append(f"{number}: not due after an event: {known.head}")
            if not presence_of(request_of(visitor_id), NOW).matches("even"):
                stale.append(f"{number}: does not match after an event")
            judge_visitors([visitor_id], now=NOW)
            known = load(visitor_id, given_at=GIVEN)
            if known.head is None or known.head.due_at is not None or known.head.matching != {"even"}:
                stale.append(f"{number}: still due after judging: {known.head}")

    def look() -> None:
        while not over.is_set():
            for visitor_id in visitor_ids:
                load(visitor_id, given_at=GIVEN)

    def flush() -> None:
        while not over.is_set():
            redis.flushall()

    def guarded(what: Callable[..., None], *args: Any) -> threading.Thread:
        def run() -> None:
            try:
                what(*args)
            except BaseException as error:
                failures.append(error)
            finally:
                connection.close()

        return threading.Thread(target=run)

    actors = [guarded(act, visitor_id) for visitor_id in visitor_ids]
    others = [guarded(look), guarded(look), guarded(flush)]
    for thread in [*others, *actors]:
        thread.start()
    for thread in actors:
        thread.join()
    over.set()
    for thread in others:
        thread.join()
    assert failures == []
    assert stale == []


def test_presence__redis_gone_in_mid_request__asks_the_database_and_says_so_once(
    redis_server: PrivateRedis, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PERSONALIZATION_REDIS_URL = f"{redis_server.url}/0"
    segment("viewers", VIEWED)
    visitor_id = visitor_with(view())
    judge_visitors([visitor_id], now=NOW)
    presence = presence_of(request_of(visitor_id), NOW)
    load(visitor_id, given_at=GIVEN)
    redis_server.stop()
    with caplog.at_level(logging.WARNING, logger=hot_module.__name__):
        assert presence.matches("viewers")
        record(visitor_id, view())
        judge_visitors([visitor_id], now=NOW)
        assert presence_of(request_of(visitor_id), NOW).matches("viewers")
        assert presence_of(request_of(None), NOW).version == presence.version
    assert len(caplog.records) == 1


def test_load__redis_dies_between_lease_and_write__answers(
    redis_server: PrivateRedis, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PERSONALIZATION_REDIS_URL = f"{redis_server.url}/0"
    visitor_id = visitor_with(view())

    def read_slowly(*args: Any, **kwargs: Any) -> Any:
        redis_server.stop()
        return read_known(*args, **kwargs)

    monkeypatch.setattr(head_module, "read_known", read_slowly)
    assert load(visitor_id, given_at=GIVEN).head is not None


def test_hot__redis_back_again__is_used_again(
    redis_server: PrivateRedis, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PERSONALIZATION_REDIS_URL = f"{redis_server.url}/0"
    visitor_id = visitor_with(view())
    redis_server.stop()
    load(visitor_id, given_at=GIVEN)
    redis_server.start()
    store = hot()
    assert store is not None
    assert store.is_resting
    monkeypatch.setattr(hot_module, "PAUSE", 0.0)
    load(visitor_id, given_at=GIVEN)
    assert store.get([head_key(visitor_id)]) != [None]
