"""PostgreSQL killed under load and started again: what was answered with 202 is there, everything else was refused."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command

from config.services import PrivatePostgreSQL
from tests.faults.browsing import Answer, Visitor, eventually, view
from tests.faults.conftest import expected_hero
from tests.services.processes import PROJECT, SiteProcess

VISITORS = 4
AT_LEAST = 10
"""So many batches are taken before the crash, and again after it."""

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(180),
    pytest.mark.usefixtures("services_only"),
]


@pytest.fixture
def crashing() -> Iterator[PrivatePostgreSQL]:
    """A PostgreSQL for this test alone, as durable as in production."""
    # Not under pytest's folder: the path of a socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="attune-crash-"))
    try:
        with PrivatePostgreSQL(folder / "postgresql", durable=True) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def kill(server: PrivatePostgreSQL) -> None:
    """SIGKILL for the server and for each of its processes: nothing is flushed, nobody says goodbye."""
    pid_file = server.folder / "cluster" / "postmaster.pid"
    postmaster = int(pid_file.read_text().split()[0])
    for pid in (postmaster, *children_of(postmaster)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server.stop()  # gathers what is left of the child, so that its number is free


def children_of(parent: int) -> list[int]:
    """The processes that this one has started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # pid (name) state parent …, and the name may hold anything.
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(status.parent.name))
    return found


def manage(server: PrivatePostgreSQL, *arguments: str) -> None:
    environment = {**os.environ, "DATABASE_URL": server.url(), "REDIS_URL": ""}
    environment.pop("PYTEST_CURRENT_TEST", None)
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=PROJECT, env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


def stored_ids(server: PrivatePostgreSQL) -> list[str]:
    with psycopg.connect(server.url()) as connection:
        return [str(found) for (found,) in connection.execute("SELECT id FROM attune_tracking_storedevent ORDER BY id")]


class Sender:
    """A visitor who sends event after event, each again and again until it is taken."""

    def __init__(self, url: str) -> None:
        self.visitor = Visitor(url)
        self.taken: list[str] = []
        self.pending: list[str] = []
        self.odd: list[Answer] = []

    def send_until(self, over: threading.Event) -> None:
        event = view()
        while not over.is_set():
            self.pending = [event["id"]]
            answer = self.visitor.send(event)
            if answer.status == 202:
                self.taken.append(event["id"])
                event = view()
            elif answer.status not in (0, 503) or (answer.status == 503 and "retry-after" not in answer.headers):
                self.odd.append(answer)
            else:
                over.wait(0.02)


def test_site__postgresql_killed_under_load__loses_nothing_that_it_took(
    levels: tuple[int, ...],
    crashing: PrivatePostgreSQL,
    start_faulty_site: Callable[..., SiteProcess],
    tmp_path: Path,
) -> None:
    editors_work = tmp_path / "configured.json"
    call_command("dumpdata", "attune_segments", "attune_content", output=str(editors_work), verbosity=0)
    manage(crashing, "migrate", "--verbosity=0")
    manage(crashing, "loaddata", str(editors_work))
    site = start_faulty_site(DATABASE_URL=crashing.url(), REDIS_URL="", CELERY_BROKER_URL="")
    senders = [Sender(site.url) for _ in range(VISITORS)]
    over = threading.Event()

    def taken() -> int:
        return sum(len(sender.taken) for sender in senders)

    with ThreadPoolExecutor(VISITORS) as pool:
        running = [pool.submit(sender.send_until, over) for sender in senders]
        try:
            eventually(lambda: min(len(sender.taken) for sender in senders) >= AT_LEAST, site.output)
            kill(crashing)
            refusal = senders[0].visitor.send(view())
            pages = [visitor.page() for visitor in (senders[0].visitor, Visitor(site.url, jar={"none": ""}))]
            before = taken()
            crashing.start()
            eventually(lambda: taken() >= before + AT_LEAST * VISITORS, site.output)
        finally:
            over.set()
        for future in running:
            future.result()

    assert (refusal.status, int(refusal.headers["retry-after"]) > 0) == (503, True)
    assert refusal.json()["error"]
    assert [(page.status, page.hero) for page in pages] == [(200, "the page's own")] * 2
    assert [sender.odd for sender in senders] == [[]] * VISITORS
    # Taken once each; of the last ones, what a crash or the end of the test left unanswered may be there or not.
    found = stored_ids(crashing)
    assert len(found) == len(set(found))
    sent = {event for sender in senders for event in (*sender.taken, *sender.pending)}
    assert {event for sender in senders for event in sender.taken} <= set(found) <= sent
    for sender in senders:
        assert sender.visitor.page().hero == expected_hero(len(sender.taken))
