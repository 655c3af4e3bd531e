"""What is refused is counted without a write for each request, whatever happens to threads and the database."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from multiprocessing import get_context
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.services.waiting import PATIENCE
from tests.tracking.samples import NOW
from tests.tracking.senders import DESKTOP, Sender, refused_counts, wire
from tracking import refusals
from tracking.models import RefusedEvents
from tracking.refusals import count_refused, count_soon, write_waiting
from tracking.services import Refused, track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alone")]


@pytest.fixture
def late(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Counts wait, for as long as the test wants them to: nobody starts the thread."""
    settings.TRACKING_REFUSALS_EVERY = 60
    monkeypatch.setattr(refusals, "_thread", threading.current_thread())
    refusals._waiting.clear()
    yield
    refusals._waiting.clear()


@pytest.mark.usefixtures("late")
def test_flood__requests_refused_whole__are_written_once_and_counted_exactly(settings: Any) -> None:
    settings.TRACKING_BATCHES_PER_MINUTE = 40
    sender = Sender()
    with CaptureQueriesContext(connection) as queries:
        for _ in range(60):
            sender.post(b"{")
        for _ in range(10):
            sender.post(b"{", sec_fetch_site="cross-site", origin="https://elsewhere.example")
    assert [query["sql"] for query in queries if "attune_tracking_refusedevents" in query["sql"]] == []
    with CaptureQueriesContext(connection) as queries:
        assert write_waiting()
    written = [query["sql"] for query in queries if "attune_tracking_refusedevents" in query["sql"]]
    assert len(written) == 1
    assert refused_counts() == {"batch_malformed": 40, "batch_throttled": 20, "batch_origin": 10}


@pytest.mark.usefixtures("late")
def test_counts__of_bots_and_of_no_consent__wait_unlike_what_comes_with_stored_events() -> None:
    assert Sender().post('{"events": [{}, {}]}', user_agent="Googlebot/2.1").status_code == 202
    assert track(Sender(consents=False).request(), "view_item") == Refused("consent")
    assert refused_counts() == {}
    assert Sender().send(wire(), {}).json()["accepted"] == 1
    assert refused_counts() == {"malformed": 1}
    assert write_waiting()
    assert refused_counts() == {"malformed": 1, "bot": 2, "consent": 1}


@pytest.mark.usefixtures("late")
def test_counts__of_several_days__are_added_to_each() -> None:
    count_refused({"bot": 1}, now=NOW)
    for days in (0, 0, 1):
        count_soon({"bot": 2, "nul": 0}, now=NOW + timedelta(days=days))
    for _ in range(2):  # what is written waits no longer
        assert write_waiting()
        assert list(RefusedEvents.objects.order_by("day").values_list("day", "reason", "count")) == [
            (NOW.date(), "bot", 5),
            (NOW.date() + timedelta(days=1), "bot", 2),
        ]


@pytest.mark.usefixtures("late")
def test_counts__of_a_request_that_is_rolled_back__stay() -> None:
    with transaction.atomic():
        track(Sender(consents=False).request(), "view_item")
        transaction.set_rollback(True)
    assert write_waiting()
    assert refused_counts() == {"consent": 1}


@pytest.mark.usefixtures("late")
def test_counts__database_away__wait_and_are_logged_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write = refusals._write

    def gone(counts: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(refusals, "_write", gone)
    monkeypatch.setattr(refusals, "_logged_at", float("-inf"))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            count_soon({"bot": 1}, now=NOW)
            assert not write_waiting()
    assert len(caplog.records) == 1
    monkeypatch.setattr(refusals, "_write", write)
    assert write_waiting()
    assert refused_counts() == {"bot": 3}


@pytest.mark.django_db(transaction=True)
def test_thread__what_waits__is_written_soon_and_at_the_end(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TRACKING_REFUSALS_EVERY = 0.001
    monkeypatch.setattr(refusals, "_thread", None)
    monkeypatch.setattr(refusals, "AT_THE_END", PATIENCE)
    done = threading.Event()
    write = refusals.write_waiting

    def told() -> bool:
        written = write()
        if written:
            done.set()
        return written

    monkeypatch.setattr(refusals, "write_waiting", told)
    for _ in range(2):
        with transaction.atomic():  # the thread neither waits for it nor is undone with it
            count_soon({"bot": 1}, now=NOW)
            if connection.vendor != "sqlite":
                assert done.wait(PATIENCE)
        assert done.wait(PATIENCE)
        done.clear()
    assert refused_counts() == {"bot": 2}
    settings.TRACKING_REFUSALS_EVERY = 60
    thread = refusals._thread
    assert thread is not None
    count_soon({"nul": 3}, now=NOW)
    try:
        refusals._end()
        assert not thread.is_alive()
    finally:
        refusals._ending = False
    assert refused_counts() == {"bot": 2, "nul": 3}


@pytest.mark.django_db(transaction=True)
def test_threads__counting_at_once__lose_nothing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TRACKING_REFUSALS_EVERY = 0.001
    monkeypatch.setattr(refusals, "_thread", None)
    monkeypatch.setattr(refusals, "AT_THE_END", PATIENCE)

    def flood() -> None:
        for _ in range(500):
            count_soon({"bot": 1, "nul": 2}, now=NOW)

    threads = [threading.Thread(target=flood) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    try:
        refusals._end()
    finally:
        refusals._ending = False
    assert refused_counts() == {"bot": 2000, "nul": 4000}


@pytest.mark.usefixtures("late")
# Newer Pythons warn of forking beside threads, which is what is tested.
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_fork__the_child__begins_with_nothing() -> None:
    count_soon({"bot": 1}, now=NOW)
    child = os.fork()
    if not child:
        os._exit(0 if not refusals._waiting and refusals._thread is None else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert refusals._waiting.total() == 1


@pytest.mark.django_db(transaction=True)
def test_worker_process__that_ends_in_order__writes_what_waits_first(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TRACKING_REFUSALS_EVERY = 60
    monkeypatch.setattr(refusals, "AT_THE_END", PATIENCE)
    connections.close_all()  # the child's are its own
    worker = get_context("fork").Process(target=count_soon, args=({"bot": 7},), kwargs={"now": NOW})
    worker.start()
    worker.join(PATIENCE)
    assert worker.exitcode == 0
    assert refused_counts() == {"bot": 7}


def test_page__of_refused_events__says_that_counts_lag(admin_client: Client) -> None:
    count_refused({"bot": 2}, now=NOW)
    page = admin_client.get("/admin/attune_tracking/refusedevents/", headers={"user-agent": DESKTOP}).content.decode()
    assert "Counts may lag a second behind" in page
    assert ">2<" in page
