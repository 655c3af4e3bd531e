"""`make demo`, as a newcomer runs it: one command, one process group, nothing left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config.services import free_port
from tests.services.processes import PROJECT


@contextlib.contextmanager
def running_demo(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A demo in a process group of its own, and its address once it serves."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    environment.pop("CELERY_BROKER_URL", None)
    environment |= {"ATTUNE_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings.demo"}
    command = [sys.executable, "manage.py", "demo", "--port", str(port), *options]
    with subprocess.Popen(
        command,
        cwd=PROJECT,
        env=environment,
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
        assert demo.wait(timeout=10) == 0
        assert group_is_gone(demo.pid)


def test_demo__taken_port__says_so_and_names_another() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} is taken"):
            call_command("demo", port=port)
