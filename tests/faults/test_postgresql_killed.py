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
from functools import partial
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.core.management import call_command

from config.services import PrivatePostgreSQL
from tests.faults.browsing import Answer, Visitor, view
from tests.faults.conftest import expected_hero
from tests.services.processes import PROJECT, SiteProcess
from tests.services.waiting import eventually

VISITORS = 4
AT_LEAST = 6
"""So many batches are taken before the crash, and again after it."""

pytestmark = [
    pytest.mark.django_db(transaction=True),
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
    postmaster = int((server.folder / "cluster" / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGSTOP)  # it starts no further ones meanwhile
    backends = children_of(postmaster)
    for pid in (*backends, postmaster):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server.stop()  # gathers what is left of the child, so that its number is free
    # As long as one of them has the shared memory, no other server starts.
    eventually(lambda: not any(map(is_running, backends)))


def stat_of(pid: int) -> tuple[str, int] | None:
    """State and parent of a process."""
    with suppress(OSError):
        # pid (name) state parent …, and the name may hold anything.
        state, parent, *_ = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return state, int(parent)
    return None


def is_running(pid: int) -> bool:
    stat = stat_of(pid)
    return stat is not None and stat[0] != "Z"


def children_of(parent: int) -> list[int]:
    """The processes that this one has started."""
    pids = [int(folder.name) for folder in Path("/proc").glob("[0-9]*")]
    return [pid for pid in pids if (stat := stat_of(pid)) is not None and stat[1] == parent]


def manage(server: PrivatePostgreSQL, *arguments: str) -> None:
    environment = {**os.environ, "DATABASE_URL": server.url(), "REDIS_URL": ""}
    environment.pop("PYTEST_CURRENT_TEST", None)
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=PROJECT, env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


def stored_events(server: PrivatePostgreSQL) -> list[tuple[str, UUID]]:
    """Every event and its visitor."""
    with psycopg.connect(server.url()) as connection:
        rows = connection.execute("SELECT id, visitor_id FROM attune_tracking_storedevent")
        return [(str(event), visitor) for event, visitor in rows]


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


class Chooser:
    """One visitor after the other who comes, acts and withdraws, again and again until that is taken."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.gone: list[Visitor] = []
        self.odd: list[Answer] = []

    def choose_until(self, over: threading.Event) -> None:
        while not over.is_set():
            visitor = Visitor(self.url)
            for ask in (partial(visitor.send, view()), partial(visitor.choose, analytics=False, personalization=False)):
                while not over.is_set():
                    answer = ask()
                    if answer.status in (200, 202):
                        break
                    self.check(answer)
                    self.check(visitor.ask("GET", "/consent/preferences/"))
                    over.wait(0.02)
                else:
                    return
            self.gone.append(visitor)

    def check(self, answer: Answer) -> None:
        if answer.status not in (0, 200, 503):
            self.odd.append(answer)


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
    chooser = Chooser(site.url)
    over = threading.Event()

    def taken() -> int:
        return sum(len(sender.taken) for sender in senders)

    with ThreadPoolExecutor(VISITORS + 1) as pool:
        running = [pool.submit(sender.send_until, over) for sender in senders]
        running.append(pool.submit(chooser.choose_until, over))
        try:
            eventually(lambda: min(len(sender.taken) for sender in senders) >= AT_LEAST, site.output)
            kill(crashing)
            refusal = senders[0].visitor.send(view())
            pages = [visitor.page() for visitor in (senders[0].visitor, Visitor(site.url, jar={"none": ""}))]
            before, gone_before = taken(), len(chooser.gone)
            crashing.start()
            eventually(lambda: taken() >= before + AT_LEAST * VISITORS, site.output)
            eventually(lambda: len(chooser.gone) > gone_before + 1, site.output)
        finally:
            over.set()
        for future in running:
            future.result()

    assert (refusal.status, int(refusal.headers["retry-after"]) > 0) == (503, True)
    assert refusal.json()["error"]
    assert [(page.status, page.hero) for page in pages] == [(200, "the page's own")] * 2
    assert [sender.odd for sender in senders] == [[]] * VISITORS
    assert (chooser.odd, gone_before > 0) == ([], True)
    # Taken once each; of the last ones, what a crash or the end of the test left unanswered may be there or not.
    events = stored_events(crashing)
    assert {visitor for _, visitor in events} & {visitor.visitor_id for visitor in chooser.gone} == set()
    senders_ids = {sender.visitor.visitor_id for sender in senders}
    found = [event for event, visitor in events if visitor in senders_ids]
    assert len(found) == len(set(found))
    sent = {event for sender in senders for event in (*sender.taken, *sender.pending)}
    assert {event for sender in senders for event in sender.taken} <= set(found) <= sent
    for sender in senders:
        assert sender.visitor.page().hero == expected_hero(len(sender.taken))
