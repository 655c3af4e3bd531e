"""PostgreSQL and Redis of one's own: where they listen, and that they end with their parent."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from config import services
from config.services import PrivatePostgreSQL, PrivateRedis
from config.settings.environment import database


def test_private_postgresql__stopped_and_started__keeps_its_rows(tmp_path: Path) -> None:
    for _ in range(2):
        with PrivatePostgreSQL(tmp_path / "postgresql") as server, psycopg.connect(server.url()) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS kept (at timestamptz DEFAULT now())")
            connection.execute("INSERT INTO kept DEFAULT VALUES")
            answer = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert answer == (2,)


def test_private_postgresql__folder_with_spaces_and_signs__is_reached_by_its_url(tmp_path: Path) -> None:
    with PrivatePostgreSQL(tmp_path / "a b+c#%20") as server:
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        # Django's settings read the same path.
        assert (Path(database(server.url())["HOST"]) / ".s.PGSQL.5432").is_socket()


def test_private_postgresql__deep_folder__still_finds_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    with PrivatePostgreSQL(deep) as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_private_postgresql__programs_in_a_closed_folder__run_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root, for whom the server runs as nobody, a project may lie in a folder of root's own."""
    installation = services.postgresql_programs().parent
    closed = tmp_path / "closed"
    for folder in (installation, installation.parent.with_name(f"{installation.parent.name}.libs")):
        shutil.copytree(folder, closed / folder.relative_to(installation.parent.parent), symlinks=True)
    closed.chmod(0o700)
    programs = closed / installation.parent.name / installation.name / "bin"
    monkeypatch.setattr(services, "postgresql_programs", lambda: programs)
    with PrivatePostgreSQL(tmp_path / "postgresql") as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_private_redis__parent_killed__ends_with_it(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux tells children that their parent died")
    code = (
        "import os, signal, pathlib, sys; from config.services import PrivateRedis\n"
        "server = PrivateRedis(pathlib.Path(sys.argv[1])).start(); print(server.port, server._child.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    parent = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    port, _ = (int(word) for word in parent.stdout.split())
    with pytest.raises(ConnectionRefusedError):  # noqa: PT012  # it may still be shutting down, then it answers no more
        while True:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                while connection.recv(1024):
                    pass


def test_private_redis__two_at_once__listen_apart(tmp_path: Path) -> None:
    with PrivateRedis(tmp_path / "a") as first, PrivateRedis(tmp_path / "b") as second:
        assert first.url != second.url
