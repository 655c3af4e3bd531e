"""Real processes on the test's database and broker: the site as a server runs it, and a Celery worker."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from django.db import connection

from config.services import free_port, start_child, stop_child, web_server
from config.settings.environment import sqlite_url
from tests.services.waiting import PATIENCE

PROJECT = Path(__file__).resolve().parent.parent.parent


def test_database_url() -> str:
    """The URL of the database that the running test uses."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return sqlite_url(Path(settings["NAME"]))
    login = ":".join(quote(str(settings[name]), safe="") for name in ("USER", "PASSWORD") if settings[name])
    return f"postgresql://{login}@/{settings['NAME']}?host={quote(settings['HOST'])}"


class RealProcess:
    """A child with this run's environment; its output is in `log`."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.environment = {**os.environ, "DATABASE_URL": test_database_url(), **environment}
        self.environment.pop("PYTEST_CURRENT_TEST", None)
        self.log = folder / f"{type(self).__name__.lower()}-{time.monotonic_ns()}.log"
        self._child: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def is_ready(self) -> bool:
        raise NotImplementedError

    def start(self) -> Self:
        self._child = start_child(self.command(), log=self.log, env=self.environment, cwd=PROJECT)
        deadline = time.monotonic() + PATIENCE
        while not self.is_ready():
            if self._child.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"{type(self).__name__} did not start:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.02)
        return self

    @property
    def pid(self) -> int:
        """The child's, while it runs."""
        if self._child is None:
            raise RuntimeError(f"{type(self).__name__} does not run.")
        return self._child.pid

    def stop(self) -> None:
        """Stop it as Ctrl-C or a service manager would."""
        if self._child is not None:
            stop_child(self._child)
            self._child = None

    def kill(self) -> None:
        """Kill it without warning."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    def output(self) -> str:
        """What it has written so far."""
        return self.log.read_text(errors="replace")

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


class SiteProcess(RealProcess):
    """The site behind the same server as in the demo."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        super().__init__(folder, environment)
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        return web_server(self.port)

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/admin/login/", timeout=PATIENCE) as response:
                return bool(response.status == 200)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False


class CeleryProcess(RealProcess):
    """A worker with an empty queue to begin with."""

    def start(self) -> Self:
        from config.celery import app

        with app.connection_for_write() as broker:
            app.control.purge(connection=broker)
        return super().start()

    def stop(self) -> None:
        """End it at once: the next worker begins with an empty queue anyway."""
        self.kill()

    def command(self) -> list[str]:
        worker = [sys.executable, "-m", "celery", "--app", "config", "worker", "--loglevel", "INFO"]
        return [*worker, "--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle"]

    def is_ready(self) -> bool:
        return " ready." in self.output()
