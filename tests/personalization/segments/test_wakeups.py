"""Waking workers: never in the way of a response, whatever the broker does."""

from __future__ import annotations

import logging
import os
import threading
from typing import Any
from uuid import uuid4

import pytest

from personalization.profiles.models import Profile
from personalization.segments import tasks, updating, wakeups
from personalization.segments.models import Recomputation, Segment
from personalization.segments.services import recompute_due
from tests.personalization.segments.people import NOW, VIEWED, record, segment, view
from tests.services.waiting import PATIENCE


def broken(*args: Any, **kwargs: Any) -> None:
    raise ConnectionRefusedError("no broker")


def test_wake_for__visitors__publishes_from_another_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    published = threading.Event()
    found: list[Any] = []

    def publish(**options: Any) -> None:
        found.append((threading.current_thread().name, options))
        published.set()

    monkeypatch.setattr(tasks.judge_visitors, "apply_async", publish)
    visitor_id = uuid4()
    wakeups.wake_for([visitor_id])
    assert published.wait(PATIENCE)
    assert found == [("attune-wakeups", {"args": ([str(visitor_id)],), "retry": False})]


def test_wake_for__a_broker_that_hangs__does_not_hold_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def hang(**options: Any) -> None:
        reached.set()
        go_on.wait(PATIENCE)

    monkeypatch.setattr(tasks.judge_visitors, "apply_async", hang)
    wakeups.wake_for([uuid4()])
    assert reached.wait(PATIENCE)
    reached.clear()
    wakeups.wake_for([uuid4()])  # returns, though the thread is stuck
    go_on.set()
    assert reached.wait(PATIENCE)


# Newer Pythons warn of forking beside threads, which is what is tested.
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_fork__while_another_thread_is_at_it__leaves_the_child_free_to_wake(monkeypatch: pytest.MonkeyPatch) -> None:
    held, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with wakeups._condition:
            held.set()
            go_on.wait(PATIENCE)

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(PATIENCE)
    child = os.fork()
    if not child:
        is_free = wakeups._condition.acquire(timeout=PATIENCE)
        os._exit(0 if is_free and wakeups._thread is None and not wakeups._waiting else 1)
    go_on.set()
    other.join(PATIENCE)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_publish__no_broker__logs_once_a_minute(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tasks.judge_visitors, "apply_async", broken)
    monkeypatch.setattr(wakeups, "_logged_at", float("-inf"))
    with caplog.at_level(logging.WARNING):
        assert not wakeups.publish([uuid4()])
        assert not wakeups.publish([uuid4()])
    (logged,) = caplog.records
    assert "Pages do that work themselves" in logged.getMessage()


def test_wake_for__a_whole_import__is_left_to_recompute_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wakeups, "_is_eager", lambda: True)
    monkeypatch.setattr(tasks.judge_visitors, "apply_async", broken)
    monkeypatch.setattr(wakeups, "publish", broken)
    wakeups.wake_for([uuid4() for _ in range(wakeups.TOO_MANY + 1)])
    wakeups.wake_for([])


@pytest.mark.django_db(transaction=True)
def test_recording__no_broker__stores_the_event_and_leaves_the_visitor_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wakeups, "_is_eager", lambda: True)  # publishes on this thread, the worst case
    monkeypatch.setattr(tasks.judge_visitors, "apply_async", broken)
    assert record(uuid4(), view()).accepted == 1
    assert Profile.objects.get().due_at is not None
    assert recompute_due(now=NOW) == 1
    assert Profile.objects.get().due_at is None


@pytest.mark.django_db
def test_update_soon__no_broker__says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.recompute_segments, "apply_async", broken)
    assert not updating.update_soon()


@pytest.mark.django_db
def test_tasks__called_in_turn__judge_and_count(monkeypatch: pytest.MonkeyPatch) -> None:
    parts: list[Any] = []
    monkeypatch.setattr(tasks.recompute_part, "delay", lambda *args: parts.append(args))
    segment("viewers", VIEWED)
    first, second = uuid4(), uuid4()
    record(first, view())
    tasks.judge_visitors([str(first)])
    record(second, view())
    assert tasks.recompute_due() == 1
    assert tasks.recompute_segments() == len(parts) == 1
    assert tasks.recompute_part(*parts[0]) == 2
    assert Segment.objects.get().size == 2
    assert Recomputation.objects.get().finished_at is not None
    assert tasks.count_members() == {"viewers": 2}
