"""`make demo`, as a newcomer runs it: one command, one process group, nothing left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config.services import free_port
from tests.services.processes import PROJECT
from tests.services.waiting import PATIENCE


def demo_environment(folder: Path) -> dict[str, str]:
    """What a command of a demo in that folder finds in its environment: no services, whatever this run has."""
    services = {"DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"}
    environment = {name: value for name, value in os.environ.items() if name not in services}
    return environment | {"ATTUNE_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings.demo"}


@contextlib.contextmanager
def running_demo(folder: Path, *options: str, visitors: int = 0) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A demo in a process group of its own, and its address once it serves; with so many simulated visitors."""
    port = free_port()
    command = [sys.executable, "manage.py", "demo", "--port", str(port), "--visitors", str(visitors), *options]
    with subprocess.Popen(
        command,
        cwd=PROJECT,
        env=demo_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as demo:
        try:
            assert demo.stdout is not None
            said = []
            for line in demo.stdout:
                said.append(line)
                if "Ctrl-C" in line:
                    break
            else:
                pytest.fail("".join(said))
            yield demo, f"http://127.0.0.1:{port}"
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(demo.pid, signal.SIGKILL)


def group_is_gone(leader: int) -> bool:
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize(
    ("options", "to_group"),
    [((), True), (("--services",), False)],
    ids=["without services, the whole group", "with services, only the command"],
)
def test_demo__interrupted__stops_all_of_its_children(
    tmp_path: Path, options: tuple[str, ...], to_group: bool, sqlite_only: None
) -> None:
    with running_demo(tmp_path, *options) as (demo, address):
        with urllib.request.urlopen(f"{address}/") as response:
            assert response.status == 200
        if to_group:
            os.killpg(demo.pid, signal.SIGINT)
        else:
            demo.send_signal(signal.SIGINT)
        assert demo.wait(PATIENCE) == 0
        assert group_is_gone(demo.pid)


def said_by(demo: subprocess.Popen[str], words: str) -> str:
    """The line with these words, once the demo says it."""
    assert demo.stdout is not None
    for line in demo.stdout:
        if words in line:
            return line
    return ""


def counted(folder: Path, query: str) -> int:
    with contextlib.closing(sqlite3.connect(folder / "attune.sqlite3")) as database:
        (count,) = database.execute(query).fetchone()
    return int(count)


PEOPLE = "SELECT COUNT(*) FROM demo_simulator_simulatedvisitor"
COUNTING = (
    "SELECT COALESCE(MAX(every), 0) FROM django_celery_beat_intervalschedule WHERE id IN"
    " (SELECT interval_id FROM django_celery_beat_periodictask WHERE task = 'attune.count_members')"
)
"""Seconds from one count of the people in segments to the next: who watches the history fill up sees them counted."""
EVENTS = "SELECT COUNT(*) FROM attune_tracking_storedevent"


def test_demo__simulated_history__fills_up_behind_and_is_there_at_the_next_start(
    demo_folder: Path, sqlite_only: None
) -> None:
    for _ in range(2):
        with running_demo(demo_folder, visitors=40) as (demo, address):
            said = said_by(demo, "simulated visitors have done")
            assert said.strip().startswith("40 simulated visitors")
            with urllib.request.urlopen(f"{address}/") as response:  # and the demo goes on
                assert response.status == 200
            assert demo.poll() is None
            events = counted(demo_folder, EVENTS)
            assert events > 0
            assert counted(demo_folder, f"{PEOPLE} WHERE finished_at IS NOT NULL") == 40  # no input
    assert counted(demo_folder, EVENTS) == events


def test_demo__with_traffic__has_visitors_who_send_events(demo_folder: Path, sqlite_only: None) -> None:
    with running_demo(demo_folder, "--traffic") as (demo, _):
        while not counted(demo_folder, EVENTS):
            assert demo.poll() is None
            time.sleep(0.1)
        while not counted(demo_folder, COUNTING):  # beat writes it down when it starts
            assert demo.poll() is None
            time.sleep(0.1)
        assert counted(demo_folder, COUNTING) <= 15
        demo.send_signal(signal.SIGINT)
        assert demo.wait(PATIENCE) == 0
        assert group_is_gone(demo.pid)


def test_demo__taken_port__says_so_and_names_another() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} is taken"):
            call_command("demo", port=port)
