"""How long 50 visitors wait who look around at the same time: pages, and the blocks that come after a page.

The demo's server (Granian, four threads) serves three pages with 20 blocks over 100 segments, and the endpoint of
blocks, which is asked for ten of them. The *bare* page renders a list of 200 items from memory and asks no database;
the *catalog* does what pages do: four queries of its own for products, categories and articles, and a template that
extends another; the page of *django CMS* has a menu of eight pages, and ten plugins of text and picture in two places,
which come from the CMS's cache of placeholders. 50 visitors, 25 of them known, each ask, read for 0.2 to 1 second, and
ask again, over connections that are open. The same pages without Attune hold the same bytes as plain HTML, and run
without its middleware, on a server of their own.

**How to read it.** The visitors have a core to themselves, the servers have the others. Both servers of a pair are
asked in turn, five times, and each time at the same moments; meanwhile the others rest. *95 of 100 within* and the
*ratio* are those of the middle one of these turns. *CPU* is what the server spent on an answer, all told. What Attune
adds to it hardly depends on the page, so the ratio is highest where the page itself is next to nothing. One visitor in
twenty comes while another one is answered, and waits for both: there whatever is added counts twice, and so does every
moment in which a page waits for its database and lets another one pass. The bare page without Attune is the only one
that never waits for anything.

`LOAD_SECONDS=2` makes each turn shorter than 3 seconds.
"""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from tests.benchmarks import page, page_cache
from tests.benchmarks.load_visitors import cpu_seconds, keep_to, look_around, split_cores

GOAL_MS: Final = 200
GOAL_RATIO: Final = 1.1
SECONDS: Final = float(os.environ.get("LOAD_SECONDS", "3"))
ROUNDS: Final = 5
PAIRS: Final = {"bare page": "/shop/", "catalog": "/catalog/", "page of django CMS": "/pages/page-0/"}
BLOCKS: Final = "/personalization/blocks/?page=/shop/&keys=" + ",".join(f"block-{number}" for number in range(10))


def run_on(database_url: str, redis_url: str, folder: Path) -> None:
    """Measure on one database, and print rows of the table."""
    os.environ |= {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "tests.benchmarks.load_settings"}
    os.environ |= {"REDIS_URL": redis_url, "LOAD_WITH_ATTUNE": "yes", "LOAD_WITH_CMS": "yes"}
    os.environ.pop("CELERY_BROKER_URL", None)
    import django

    django.setup()
    from django.db import connection

    from tests.benchmarks import load_pages
    from tests.services.processes import SiteProcess

    class Site(SiteProcess):
        def __init__(self, *, with_attune: bool, with_cms: bool) -> None:
            said = {"LOAD_WITH_ATTUNE": with_attune, "LOAD_WITH_CMS": with_cms}
            super().__init__(folder, {name: "yes" if value else "no" for name, value in said.items()})

        def is_ready(self) -> bool:
            try:
                plain = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                plain.request("GET", PAIRS["bare page"])
                return plain.getresponse().status == 200
            except OSError:
                return False

    database = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        page.configure()
        load_pages.stock()
        load_pages.write_pages()
        jars = [jar for known in page.visitors() for jar in (known, "")]
        connection.close()
        servers_cores, visitors_core = split_cores()
        with ExitStack() as stack:
            keep_to(servers_cores)
            sites = {
                (attune, cms): stack.enter_context(Site(with_attune=attune, with_cms=cms))
                for attune in (False, True)
                for cms in (False, True)
            }
            keep_to(visitors_core)
            asked = {
                f"the {name} {'with 20 blocks' if attune else 'without Attune'}": (sites[attune, "CMS" in name], path)
                for name, path in PAIRS.items()
                for attune in (False, True)
            } | {"10 blocks after their page": (sites[True, False], BLOCKS)}
            turns: dict[str, list[list[float]]] = {name: [] for name in asked}
            cpu = dict.fromkeys(asked, 0.0)
            for number in range(ROUNDS + 1):
                for name, (site, path) in list(asked.items())[:: 1 if number % 2 else -1]:
                    before = cpu_seconds(site.pid)
                    # The first round warms everything up.
                    times = look_around(site.port, path, jars, seconds=SECONDS if number else 1, seed=str(number))
                    if number:
                        turns[name].append(times)
                        cpu[name] += cpu_seconds(site.pid) - before
    finally:
        connection.creation.destroy_test_db(database, verbosity=0)
    runs_on = "PostgreSQL + Redis" if redis_url else "SQLite"
    for name, taken in turns.items():
        same = turns.get(name.replace("with 20 blocks", "without Attune"), taken)
        pairs = [_percentile(mine) / _percentile(plain) for mine, plain in zip(taken, same, strict=True)]
        ratio = f"{statistics.median(pairs):.2f} (≤ {GOAL_RATIO})" if same is not taken else ""
        answers = [spent for turn in taken for spent in turn]
        spent = f"{cpu[name] / (len(answers) + len(jars) * ROUNDS) * 1000:.1f} ms"
        within = (
            f"{statistics.median(answers):.1f} ms | {statistics.median(map(_percentile, taken)):.1f} ms (≤ {GOAL_MS})"
        )
        print(f"| {runs_on} | {name} | {len(answers)} | {spent} | {within} | {ratio} |", flush=True)


def _percentile(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def main() -> None:
    """Print the table: with private services, or those that the environment names."""
    print("| runs on | asked for | answers | CPU | half within | 95 of 100 within (goal) | ratio (goal) |")
    print("|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as name, page_cache.services(Path(name)) as (database, redis):
        for urls in ((f"sqlite:///{Path(name) / 'bench.sqlite3'}", ""), (database, redis)):
            if urls[0]:
                subprocess.run([sys.executable, "-m", "tests.benchmarks.load", *urls, name], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run_on(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    else:
        main()
