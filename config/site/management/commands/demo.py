"""Runs the whole demo: migrates, seeds, then web server, Celery worker and beat until Ctrl-C, all under var/.

Once it serves, simulated visitors fill its history up, and with --traffic more of them walk through its pages.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.services import PrivatePostgreSQL, PrivateRedis, ServiceUnavailable, start_child, web_server

START_TIMEOUT = 120.0
VISITORS = 5_000
# Simulated visitors come and go; the others are there until somebody stops the demo.
GUESTS = ("history", "traffic")
# Ctrl-C asks; what has not ended after this long is killed.
STOP_TIMEOUT = 6.0


class Stopped(Exception):
    """Ctrl-C, or a polite signal."""


class Command(BaseCommand):
    help = "Run the demo: the shop, its admin, a worker and the scheduler. Ctrl-C stops everything."
    requires_system_checks: list[str] = []  # the prepared child runs them

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="the web server's port (default: 8000)")
        parser.add_argument("--services", action="store_true", help="run on a PostgreSQL and a Redis of its own")
        parser.add_argument(
            "--visitors", type=int, default=VISITORS, help=f"how many visitors to simulate (default: {VISITORS:,})"
        )
        parser.add_argument(
            "--traffic", action="store_true", help="have simulated visitors walk through the pages, too"
        )
        parser.add_argument("--prepare", action="store_true", help="only migrate and seed the database")

    def handle(
        self,
        *args: Any,
        port: int,
        services: bool,
        visitors: int,
        traffic: bool,
        prepare: bool,
        **options: Any,
    ) -> None:
        if prepare:
            self.prepare()
            return
        ask_if_free(port)
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sign, _stop)
        try:
            with contextlib.ExitStack() as stack:
                run = Run(settings.VAR_DIR, port)
                stack.callback(run.stop)
                if services:
                    self.stdout.write("Starting PostgreSQL and Redis …")
                    run.start_services(stack)
                self.stdout.write("Preparing the database …")
                run.prepare()
                run.start()
                self.announce(port, settings.VAR_DIR, services, visitors)
                if visitors:
                    run.start_history(visitors)
                if traffic:
                    run.start_traffic()
                run.wait(self.say)
        except Stopped:
            self.stdout.write("\nStopped. `make demo` starts it again where it left off.")
        except ServiceUnavailable as error:
            raise CommandError(str(error)) from error

    def prepare(self) -> None:
        """Bring the database up to date and fill it where it is empty."""
        from config.site.seeds import seed

        call_command("migrate", verbosity=0, interactive=False)
        seed()
        call_command("setup_attune")
        if apps.is_installed("config.pages"):
            call_command("seed_pages", verbosity=0)

    def say(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()

    def announce(self, port: int, folder: Path, services: bool, visitors: int) -> None:
        from config.site.seeds import LOGIN, PASSWORD

        people = f"What {visitors:,} simulated visitors did fills up behind. " if visitors else ""
        place = "PostgreSQL and Redis" if services else "SQLite, no services"
        self.stdout.write(
            "\n".join(
                [
                    "",
                    f"  The shop    http://127.0.0.1:{port}/",
                    f"  The admin   http://127.0.0.1:{port}/admin/   log-in: {LOGIN}   password: {PASSWORD}",
                    "",
                    f"  {people}Running on {place}; logs and database under {folder}. Ctrl-C stops everything.",
                    "",
                ]
            )
        )
        self.stdout.flush()


class Run:
    """One run of the demo: its children and what they need to know."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port = port
        self.folder = folder
        self.logs = folder / "log"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.demo",
            "ATTUNE_VAR": str(folder),
            "PYTHONUNBUFFERED": "1",
        }
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def start_services(self, stack: contextlib.ExitStack) -> None:
        """PostgreSQL and Redis, stopped after everything that talks to them."""
        postgresql = PrivatePostgreSQL(self.folder / "postgresql")
        redis = PrivateRedis(self.folder / "redis")
        services = stack.pop_all()
        stack.callback(redis.stop)
        stack.callback(postgresql.stop)
        stack.push(services)
        self.environment["DATABASE_URL"] = postgresql.start().url()
        redis.start()
        self.environment["REDIS_URL"] = f"{redis.url}/0"
        self.environment["CELERY_BROKER_URL"] = f"{redis.url}/1"

    def prepare(self) -> None:
        """Migrate and seed, in a process that knows the services."""
        self._start("prepare", [sys.executable, "manage.py", "demo", "--prepare"])
        # Among the children until it has ended: whoever stops us meanwhile stops it, too.
        failed = self.children["prepare"].wait()
        del self.children["prepare"]
        if failed:
            raise CommandError(f"The database cannot be prepared:\n{self.last_lines('prepare')}")

    def start(self) -> None:
        """Web server, worker and scheduler; returns when the site answers."""
        celery = ["celery", "--app", "config"]
        worker = ["worker", "--pool", "threads", "--concurrency", "2", "--without-gossip", "--without-mingle"]
        beat = ["beat", "--pidfile", "", "--loglevel", "WARNING"]
        self._start("web", web_server(self.port))
        self._start("worker", [sys.executable, "-m", *celery, *worker, "--loglevel", "INFO"])
        self._start("beat", [sys.executable, "-m", *celery, *beat])
        deadline = time.monotonic() + START_TIMEOUT
        while not self._answers():
            self._ask_if_alive()
            if time.monotonic() > deadline:
                raise CommandError(f"The site does not answer:\n{self.last_lines('web')}")
            time.sleep(0.1)

    def start_history(self, visitors: int) -> None:
        """Have simulated visitors do what they did before today, as far as they have not in an earlier run."""
        self._start("history", [*self._simulate, f"--visitors={visitors}", "--gently"])

    def start_traffic(self) -> None:
        """Have simulated visitors walk through the pages from now on."""
        self._start("traffic", [*self._simulate, "--live"])

    @property
    def _simulate(self) -> list[str]:
        return [sys.executable, "manage.py", "simulate", f"--origin=http://127.0.0.1:{self.port}"]

    def wait(self, say: Callable[[str], None]) -> NoReturn:
        """Until somebody stops us, or a child ends that the demo needs; `say` is told what simulated visitors did."""
        while True:
            for name in GUESTS:
                child = self.children.get(name)
                if child is not None and child.poll() is not None:
                    del self.children[name]
                    say(self.last_lines(name) if child.returncode else self.last_line(name))
            self._ask_if_alive()
            time.sleep(0.5)

    def stop(self) -> None:
        """Ask all children at once, then make them. A Ctrl-C has reached them already; asking again is harmless."""
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_TIMEOUT
        for child in self.children.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def last_line(self, name: str) -> str:
        """What a child said in the end."""
        return (self.logs / f"{name}.log").read_text(errors="replace").strip().rpartition("\n")[2]

    def last_lines(self, name: str) -> str:
        log = self.logs / f"{name}.log"
        return "\n".join([*log.read_text(errors="replace").splitlines()[-15:], f"(all of it: {log})"])

    def _start(self, name: str, command: list[str]) -> None:
        log = self.logs / f"{name}.log"
        log.unlink(missing_ok=True)
        self.children[name] = start_child(command, log=log, env=self.environment, cwd=settings.BASE_DIR)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=10) as response:
                return bool(response.status)
        except urllib.error.HTTPError as error:
            raise CommandError(f"The home page answers {error.code}:\n{self.last_lines('web')}") from error
        except OSError:
            return False

    def _ask_if_alive(self) -> None:
        for name, child in self.children.items():
            if child.poll() is not None:
                raise CommandError(f"The {name} process has ended:\n{self.last_lines(name)}")


def ask_if_free(port: int) -> None:
    """Raise CommandError where something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(
                f"Port {port} is taken ({error.strerror}). Choose another: make demo PORT={port + 1}"
            ) from error


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, signal.SIG_IGN)
    raise Stopped
