"""PgBouncer between the site and PostgreSQL, pooling by transactions, where this machine has it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from config.services import free_port
from personalization.profiles.models import Verdict
from personalization.segments.models import Segment
from tests.architecture import PROJECT
from tests.docs.reading import code_blocks, section
from tests.faults.browsing import Visitor, view
from tests.services.processes import RealProcess, SiteProcess
from tracking.models import StoredEvent

PROGRAM = shutil.which("pgbouncer", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
PEOPLE = 60
EVENTS = 80

pytestmark = [
    pytest.mark.skipif(PROGRAM is None, reason="needs PgBouncer: install the package pgbouncer"),
]


class PgBouncer(RealProcess):
    """A PgBouncer with two connections to the test's PostgreSQL for everybody together."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, {})
        self.port = free_port()
        settings = connection.settings_dict
        self.url = f"postgresql://{settings['USER']}@127.0.0.1:{self.port}/{settings['NAME']}"
        (block,) = code_blocks(section("docs/how-to/deploy.md", "PgBouncer"), "ini")
        self.file = folder / "pgbouncer.ini"
        database = f"* = host={settings['HOST']} user={settings['USER']}"
        pool = f"listen_addr = 127.0.0.1\nlisten_port = {self.port}\nauth_type = any\nunix_socket_dir =\n"
        assert "pool_mode = transaction" in block.text
        self.file.write_text(f"[databases]\n{database}\n{block.text}{pool}default_pool_size = 2\n")
        self.file.chmod(0o644)

    def command(self) -> list[str]:
        assert PROGRAM is not None
        # It refuses to run as root, and nobody may not enter this test's folders.
        become = ["setpriv", "--reuid=nobody", "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--"]
        return [*(become if os.geteuid() == 0 else ()), PROGRAM, str(self.file)]

    def is_ready(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=30).close()
        except psycopg.OperationalError:
            return False
        return True


@pytest.fixture
def pooled(transactional_db: None, services_only: None, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of processes that reach the test's database through PgBouncer."""
    with PgBouncer(tmp_path) as pool:
        yield {"DATABASE_URL": pool.url, "DJANGO_SETTINGS_MODULE": "tests.config.pooled"}


def manage(environment: dict[str, str], *arguments: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, str(PROJECT / "manage.py"), *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_pgbouncer__visitors_at_once__are_stored_and_decided(pooled: dict[str, str], tmp_path: Path) -> None:
    Segment.objects.create(slug="lookers", name="Lookers", rule={"event": "view_item"}, status="active")
    with SiteProcess(tmp_path, pooled) as site, ThreadPoolExecutor(10) as threads:
        visitors = [Visitor(site.url) for _ in range(20)]
        sent = threads.map(lambda visitor: [visitor.send(view(number)).status for number in range(5)], visitors)
        assert {status for statuses in sent for status in statuses} == {202}
        assert {answer.status for answer in threads.map(Visitor.page, visitors)} == {200}
        gone = visitors[0].ask("POST", "/consent/", b'{"choices": {"analytics": false, "personalization": false}}')
        assert gone.status == 200
    assert StoredEvent.objects.count() == 95


def test_pgbouncer__history_imported_and_everybody_judged__is_all_there(pooled: dict[str, str], tmp_path: Path) -> None:
    Segment.objects.create(
        slug="lookers", name="Lookers", rule={"event": "view_item", "at_least": EVENTS}, status="active"
    )
    start = datetime(2026, 1, 1)  # noqa: DTZ001  # the format names the zone
    rows = [
        f"{start + timedelta(minutes=number * PEOPLE + person)} UTC,view,{number},1,tea,leaf,2.5,{person},s"
        for number in range(EVENTS)
        for person in range(PEOPLE)
    ]
    head = "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session"
    (tmp_path / "history.csv").write_text("\n".join([head, *rows, ""]))
    # Over 500 rows go in by COPY to a temporary table; a visitor's timeline comes out in several reads.
    manage(pooled, "import_events", "history.csv", "--mapping", "rees46", folder=tmp_path)
    assert StoredEvent.objects.count() == PEOPLE * EVENTS
    # Two at once, so that the pool hands the connections back and forth.
    with ThreadPoolExecutor(2) as threads:
        said = set(threads.map(lambda _: manage(pooled, "recompute_segments", folder=tmp_path), range(2)))
    assert said == {f"lookers\t{PEOPLE}\n"}
    assert Verdict.objects.filter(key="lookers", matches=True).count() == PEOPLE
