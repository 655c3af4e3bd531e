"""SQLite held by another process for longer than anybody waits: senders are asked to come back, pages render."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.faults.browsing import Visitor, view
from tests.faults.conftest import expected_hero
from tests.services.processes import SiteProcess
from tests.services.waiting import PATIENCE
from tracking.models import StoredEvent

BUSY_TIMEOUT = "0.2"
WRITERS_WAIT = "BEGIN IMMEDIATE"
EVERYBODY_WAITS = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE"
HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=120, isolation_level=None)
for statement in sys.argv[2].split(";"):
    connection.execute(statement).fetchall()
print("held", flush=True)
sys.stdin.read()
"""

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("sqlite_only")]


def close_all_connections() -> None:
    """Close this process's connections: who has the database open keeps others from holding it alone.

    Not only this thread's: a browser's event loop has a context of its own, in which an earlier test has left one open.
    """
    gc.collect()
    # By their types: to ask a lazy object what it is an instance of would wake it.
    wrappers = (found for found in gc.get_objects() if issubclass(type(found), BaseDatabaseWrapper))
    for found in wrappers:
        if found.connection is not None:
            found.connection.close()
            found.connection = None


@contextmanager
def held(statements: str) -> Iterator[None]:
    """Have another process hold the test's database until the end of the block."""
    close_all_connections()
    name = str(connection.settings_dict["NAME"])
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, name, statements], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        try:
            assert holder.stdout.readline() == b"held\n"
            yield
        finally:
            holder.stdin.close()
            holder.wait(PATIENCE)


@pytest.mark.parametrize(
    ("statements", "shown"),
    [(WRITERS_WAIT, expected_hero(1)), (EVERYBODY_WAITS, "the page's own")],
    ids=["writers wait", "everybody waits"],
)
def test_site__sqlite_locked_by_another_process__asks_to_try_again_and_renders(
    levels: tuple[int, ...], start_faulty_site: Callable[..., SiteProcess], statements: str, shown: str
) -> None:
    site = start_faulty_site(FAULTS_BUSY_TIMEOUT=BUSY_TIMEOUT)
    visitor = Visitor(site.url)
    assert visitor.send(view()).status == 202
    late = view()
    with held(statements):
        refusal, page = visitor.send(late), visitor.page()
        assert refusal.status == 503
        assert int(refusal.headers["retry-after"]) > 0
        assert (page.status, page.hero) == (200, shown)
        choice = visitor.choose(analytics=False, personalization=False)
        assert choice.status == 503
        assert int(choice.headers["retry-after"]) > 0
        # Input that is wrong anyway is told so, although it cannot be counted now.
        assert visitor.ask("POST", "/collect/", b"{").status == 400
    assert visitor.send(late).json() == {"accepted": 1, "duplicates": 0, "rejected": []}
    assert visitor.page().hero == expected_hero(2)
    assert StoredEvent.objects.count() == 2
