"""How long 50 visitors wait who look around at the same time: pages, and the blocks that come after a page.

The demo's server (Granian, four threads) serves two pages with 20 blocks over 100 segments, and the endpoint of blocks,
which is asked for ten of them. The *bare* page renders a list of 200 items from memory and asks no database; the
*catalog* does what pages do: four queries of its own for products, categories and articles, and a template that extends
another. 50 visitors, 25 of them known, each ask, read for 0.2 to 1 second, and ask again, over connections that stay
open. The same pages without Attune hold the same bytes as plain HTML, and run without its middleware, on a server of
their own: both servers are asked in turn, several times. `LOAD_SECONDS=2` makes each turn shorter than 10 seconds.
"""

from __future__ import annotations

import http.client
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

from tests.benchmarks import page, page_cache

GOAL_MS: Final = 200
GOAL_RATIO: Final = 1.1
PARALLEL: Final = 50
SECONDS: Final = float(os.environ.get("LOAD_SECONDS", "10"))
ROUNDS: Final = 3
SHOP: Final = "/shop/"
CATALOG: Final = "/catalog/"
BLOCKS: Final = "/personalization/blocks/?page=/shop/&keys=" + ",".join(f"block-{number}" for number in range(10))


def ask(port: int, path: str, jars: list[str]) -> list[float]:
    """Let all visitors ask for some seconds; the milliseconds that each answer took."""
    taken: list[float] = []
    failed: list[object] = []
    end = time.monotonic() + SECONDS

    def look_around(number: int) -> None:
        source = random.Random(number)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        headers = {"Cookie": jars[number % len(jars)], "User-Agent": "Mozilla/5.0 Firefox/140.0"}
        time.sleep(source.uniform(0, 1))
        while time.monotonic() < end:
            started = time.perf_counter()
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            taken.append((time.perf_counter() - started) * 1000)
            if answer.status != 200:
                failed.append(answer.status)
            time.sleep(source.uniform(0.2, 1))
        connection.close()

    visitors = [threading.Thread(target=look_around, args=(number,)) for number in range(PARALLEL)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    if failed or not taken:
        raise SystemExit(f"{len(failed)} requests failed: {failed[:5]}")
    return taken


def stock() -> None:
    """Make what the catalog shows: five categories, twelve products in each, and six articles."""
    from config.site.models import Article, Category, Product, Topic

    topic = Topic.objects.create(slug="paths", name="Paths", order=0)
    for number in range(6):
        name = f"article-{number}"
        Article.objects.create(slug=name, title=name, topic=topic, author="A. Writer", minutes=number, order=number)
    for order, slug in enumerate(("packs", "boots", "tents", "stoves", "maps")):
        category = Category.objects.create(slug=slug, name=slug.title(), order=order)
        for number in range(12):
            Product.objects.create(
                item_id=f"{slug[0]}{number}",
                slug=f"{slug}-{number}",
                category=category,
                name=f"{slug.title()} {number}",
                description="Carried over the pass and back in every weather. " * 10,
                price=number * 10,
                order=number,
            )


def run_on(database_url: str, redis_url: str, folder: Path) -> None:
    """Measure on one database, and print rows of the table."""
    page_cache.set_up(database_url, redis_url)
    from django.db import connection

    from tests.services.processes import SiteProcess

    class Site(SiteProcess):
        def is_ready(self) -> bool:
            try:
                plain = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                plain.request("GET", SHOP)
                return plain.getresponse().status == 200
            except OSError:
                return False

    environment = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.load_settings", "REDIS_URL": redis_url}
    database = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        page.configure()
        stock()
        jars = [*page.visitors(), *[""] * page.VISITORS]
        with (
            Site(folder, environment | {"LOAD_WITH_ATTUNE": "yes"}) as mine,
            Site(folder, environment | {"LOAD_WITH_ATTUNE": "no"}) as without,
        ):
            asked = {
                "the bare page without Attune": (without.port, SHOP),
                "the bare page with 20 blocks": (mine.port, SHOP),
                "the catalog without Attune": (without.port, CATALOG),
                "the catalog with 20 blocks": (mine.port, CATALOG),
                "10 blocks after their page": (mine.port, BLOCKS),
            }
            taken: dict[str, list[float]] = {name: [] for name in asked}
            for _ in range(ROUNDS):
                for name, (port, path) in asked.items():
                    taken[name] += ask(port, path, jars)
        connection.close()
    finally:
        connection.creation.destroy_test_db(database, verbosity=0)
    runs_on = "PostgreSQL + Redis" if redis_url else "SQLite"
    for name, times in taken.items():
        p95 = _percentile(times)
        same = taken.get(name.replace("with 20 blocks", "without Attune"), times)
        ratio = f"{p95 / _percentile(same):.2f} (≤ {GOAL_RATIO})" if same is not times else ""
        within = f"{statistics.median(times):.1f} ms | {p95:.1f} ms (≤ {GOAL_MS})"
        print(f"| {runs_on} | {name} | {len(times)} | {within} | {ratio} |", flush=True)


def _percentile(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def main() -> None:
    """Print the table: with private services, or those that the environment names."""
    print("| runs on | asked for | answers | half within | 95 of 100 within (goal) | ratio (goal) |")
    print("|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as name, page_cache.services(Path(name)) as (database, redis):
        for urls in ((f"sqlite:///{Path(name) / 'bench.sqlite3'}", ""), (database, redis)):
            if urls[0]:
                subprocess.run([sys.executable, "-m", "tests.benchmarks.load", *urls, name], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run_on(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    else:
        main()
