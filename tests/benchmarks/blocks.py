"""What 1, 10 and 50 blocks add to a warm page with 100 segments, and wagtail-personalisation to a page of its own.

**Attune.** The page without Attune holds the same bytes as plain HTML, and goes through the middlewares of a new Django
project; the page with blocks goes through the same and `EdgeMiddleware`. They are asked for in pairs and in turn, by
visitors who agreed and whose verdicts are stored.

**wagtail-personalisation**, installed from the package index into an environment of its own under `var/`: a page with
one variant and 10 or 50 segments of one rule each, that look at the request, against the same page of the same Wagtail
site without the app. Each runs in a process of its own, warm, on SQLite that does not wait for the disk.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from tests.benchmarks import page, page_cache

BLOCKS: Final = (1, 10, 50)
ROUNDS: Final = 600
WARM_UP: Final = 100
WAGTAIL_ROUNDS: Final = 200
WAGTAIL: Final = ("wagtail==8.0.1", "wagtail-personalisation==1.0.0", "django~=5.2.19")
PROJECT: Final = Path(__file__).resolve().parent.parent.parent
ENVIRONMENT: Final = PROJECT / "var" / "bench" / "wagtail"
EDGE, CACHES, KEY = page_cache.STACK[0], (page_cache.STACK[1], page_cache.STACK[-1]), page_cache.STACK[-2]
PLAIN_STACK: Final = [name for name in page_cache.STACK if name not in (EDGE, KEY, *CACHES)]


def measure() -> list[tuple[int, float, float, int]]:
    """For each number of blocks the milliseconds of the page without and with them, and its queries."""
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    page.configure(max(BLOCKS))
    jars = page.visitors()
    settings.MIDDLEWARE = PLAIN_STACK
    without = WSGIHandler()
    settings.MIDDLEWARE = [EDGE, *PLAIN_STACK]
    handlers = {"with": WSGIHandler(), "without": without}
    cut_templates()
    found: list[tuple[int, float, float, int]] = []
    for blocks in BLOCKS:
        content = page_cache.call(handlers["with"], f"/with-{blocks}/", jars[0])[1]
        if content.count(b"data-attune-block=") != blocks:
            raise SystemExit("A block is missing.")
        times: dict[str, list[float]] = {"with": [], "without": []}
        for jar in jars:
            page_cache.call(handlers["with"], f"/with-{blocks}/", jar)
        with CaptureQueriesContext(connection) as queries:
            page_cache.call(handlers["with"], f"/with-{blocks}/", jars[0])
        count = len(queries)
        gc.collect()
        gc.disable()
        for number in range(ROUNDS + WARM_UP):
            jar = jars[number % len(jars)]
            for name in ("with", "without")[:: 1 if number % 2 else -1]:
                spent, _ = page_cache.call(handlers[name], f"/{name}-{blocks}/", jar)
                if number >= WARM_UP:
                    times[name].append(spent)
        gc.enable()
        found.append((blocks, statistics.median(times["without"]), statistics.median(times["with"]), count))
    return found


def cut_templates() -> None:
    """Make templates with the first of the blocks."""
    for name in ("with", "without"):
        whole: Any = page.templates[name]
        head, _, body = whole.source.partition("</h1>")
        parts = body.split("</section>")
        for blocks in BLOCKS:
            text = f"{head}</h1>" + "</section>".join([*parts[:blocks], ""])
            page.templates[f"{name}-{blocks}"] = whole.engine.from_string(text)


def run_on(database_url: str, redis_url: str) -> None:
    """Measure on one database, in this process, and print rows of the table."""
    page_cache.set_up(database_url, redis_url)
    from django.db import connection

    database = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        rows = measure()
    finally:
        connection.creation.destroy_test_db(database, verbosity=0)
    runs_on = "PostgreSQL + Redis" if redis_url else "SQLite"
    for blocks, without, mine, queries in rows:
        what = f"{blocks} block{'s' if blocks > 1 else ''}, 100 segments"
        print(_row(f"Attune on {runs_on}", what, without, mine, queries), flush=True)


def run_wagtail(folder: Path) -> None:
    """Measure the Wagtail site and print rows of the table; if it cannot be installed, say so."""
    try:
        python = install()
    except subprocess.CalledProcessError as error:
        print(f"wagtail-personalisation is left out, as it cannot be installed: {_last_line(error.stderr)}")
        return
    found = {}
    for segments in ("none", "10", "50"):
        command = [str(python), "-m", "wagtail_site", str(folder), segments, str(WAGTAIL_ROUNDS)]
        environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(Path(__file__).parent)}
        run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        found[segments] = json.loads(run.stdout)
    for segments in ("10", "50"):
        one = found[segments]
        what = f"one variant, {segments} segments"
        print(_row("wagtail-personalisation on SQLite", what, found["none"]["ms"], one["ms"], one["queries"]))


def install() -> Path:
    """The Python of an environment with Wagtail, made at the first run."""
    python = ENVIRONMENT / "bin" / "python"
    stamp = ENVIRONMENT / ".installed"
    if stamp.is_file() and stamp.read_text() == "\n".join(WAGTAIL):
        return python
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    for command in (
        [sys.executable, "-m", "venv", str(ENVIRONMENT)],
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *WAGTAIL],
    ):
        subprocess.run(command, capture_output=True, text=True, check=True)
    stamp.write_text("\n".join(WAGTAIL))
    return python


def main() -> None:
    """Print the table: with private services, or those that the environment names."""
    print("| what | page | without | with | added | ratio | queries |")
    print("|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as name, page_cache.services(Path(name)) as (database, redis):
        _in_a_process(f"sqlite:///{Path(name) / 'bench.sqlite3'}", "")
        if database:
            _in_a_process(database, redis)
        run_wagtail(Path(name))


def _row(who: str, what: str, without: float, mine: float, queries: int) -> str:
    added = f"{mine - without:.2f} ms | {mine / without:.2f} ×"
    return f"| {who} | {what} | {without:.2f} ms | {mine:.2f} ms | {added} | {queries} |"


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2] or "pip says nothing"


def _in_a_process(database_url: str, redis_url: str) -> None:
    subprocess.run([sys.executable, "-m", "tests.benchmarks.blocks", database_url, redis_url], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run_on(sys.argv[1], sys.argv[2])
    else:
        main()
