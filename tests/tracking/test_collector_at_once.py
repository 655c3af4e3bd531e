"""The collector while others write: a locked database, two tabs at once, a withdrawal in between."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from consent import keyed
from consent.models import WithdrawalMark
from tests.services.waiting import PATIENCE
from tests.tracking.samples import NOW, batch, event
from tests.tracking.senders import Sender, wire
from tracking import views
from tracking.collector import collect
from tracking.models import StoredEvent, Visitor
from tracking.recording import record_events
from tracking.services import erase_events

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("alone")]


@pytest.fixture
def elsewhere() -> Iterator[Callable[..., Future[Any]]]:
    """Run something in another thread, with a database connection of its own."""

    def run(work: Callable[[], Any]) -> Any:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        yield lambda work: pool.submit(run, work)


@contextmanager
def writing(elsewhere: Callable[..., Future[Any]], work: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """Have another thread do `work` in a transaction that stays open until the yielded function is called."""
    begun, end = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            work()
            begun.set()
            end.wait(PATIENCE)

    future = elsewhere(hold)
    assert begun.wait(PATIENCE) or future.result(0) is None
    try:
        yield end.set
    finally:
        end.set()
        future.result(PATIENCE)


def test_collect__sqlite_stays_locked__asks_to_try_again(
    sqlite_only: None, sender: Sender, elsewhere: Callable[..., Future[Any]]
) -> None:
    sent = wire()
    assert sender.send(wire()).status_code == 202
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    with writing(elsewhere, lambda: Visitor.objects.all().delete() and None):
        response = sender.send(sent)
        assert response.status_code == 503
        assert int(response["Retry-After"]) > 0
        # What is refused is answered, although it cannot be counted.
        assert sender.post(b"{").status_code == 400
    assert sender.send(sent).json() == {"accepted": 1, "duplicates": 0, "rejected": []}


def test_collect__site_with_atomic_requests__answers_after_the_commit(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    within: list[bool] = []

    def collecting(*args: Any, **options: Any) -> Any:
        within.append(connection.in_atomic_block)
        return collect(*args, **options)

    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)
    monkeypatch.setattr(views, "collect", collecting)
    assert sender.send(wire()).status_code == 202
    assert within == [False]


def test_collect__two_tabs_at_once__store_each_event_once(elsewhere: Callable[..., Future[Any]]) -> None:
    visitor = Sender()
    events = [wire() for _ in range(20)]
    tabs = [Sender(visitor_id=visitor.visitor_id) for _ in range(4)]
    answers = [elsewhere(lambda tab=tab: tab.send(*events).json()) for tab in tabs]
    found = [answer.result(PATIENCE) for answer in answers]
    assert sum(answer["accepted"] for answer in found) == 20
    assert sum(answer["duplicates"] for answer in found) == 60
    assert StoredEvent.objects.count() == 20
    assert Visitor.objects.count() == 1


def wait_until_it_waits(future: Future[Any]) -> None:
    """Return when another thread's statement waits for a lock, or has found that it need not.

    SQLite tells nobody; but there whoever writes waits with its first statement, so that nothing can go in between.
    """
    until = time.monotonic() + PATIENCE
    while connection.vendor == "postgresql" and not future.done() and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone():
                return
        time.sleep(0.01)


@pytest.mark.parametrize("known", [False, True])
def test_collect__withdrawal_under_way__waits_and_is_refused(
    sender: Sender, elsewhere: Callable[..., Future[Any]], known: bool
) -> None:
    if known:
        assert sender.send(wire()).status_code == 202
    with writing(elsewhere, lambda: withdraw(sender)) as commit:
        late = elsewhere(lambda: Sender(visitor_id=sender.visitor_id).send(wire()).status_code)
        wait_until_it_waits(late)
        assert not late.done()
        commit()
        assert late.result(PATIENCE) == 403
    assert not StoredEvent.objects.exists()
    assert not Visitor.objects.exists()


@pytest.mark.parametrize("known", [False, True])
def test_withdrawal__recording_under_way__waits_and_leaves_nothing_of_it(
    sender: Sender, elsewhere: Callable[..., Future[Any]], known: bool
) -> None:
    if known:
        assert sender.send(wire()).status_code == 202
    recorded = batch([event()], visitor_id=sender.visitor_id, given_at=sender.given_at)

    def withdraw_whole() -> None:
        with transaction.atomic():
            withdraw(sender)

    with writing(elsewhere, lambda: record_events([recorded], now=NOW) and None) as commit:
        late = elsewhere(withdraw_whole)
        wait_until_it_waits(late)
        commit()
        late.result(PATIENCE)
    assert not StoredEvent.objects.exists()
    assert not Visitor.objects.exists()


def withdraw(sender: Sender) -> None:
    """What taking the last purpose back writes, within its transaction."""
    now = timezone.now()
    WithdrawalMark.objects.create(digest=keyed.mark_digests(sender.visitor_id)[0], withdrawn_at=now)
    erase_events(sender.visitor_id, remaining=0, now=now)
