"""What applying all rules to everybody costs: 50 segments over 100,000 visitors, against streaming their events alone.

The visitors are those of the demo's simulator, who went through the collector; bots, and who did not agree, leave
nothing. The floor reads the same columns of the same events, in the order of the visitors, by a cursor of the server
and as Django's connection hands rows over, and makes nothing of them; for two workers it is also split over two
processes. Recomputing is the task that an editor or the night starts: a real worker on a broker of its own splits the
visitors into parts, judges and stores them, with one process and with two. It runs on PostgreSQL and Redis with
commits that do not wait for the disk: first with nobody judged (every verdict is written), then as every night
(hardly a truth has changed), then after one rule was edited. `python -m tests.benchmarks.recompute 5000` simulates
fewer visitors.
"""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final
from uuid import UUID

GOAL: Final = 3.0
VISITORS: Final = 100_000
WORKERS: Final = (1, 2)
CATEGORIES: Final = ("jackets", "trousers", "boots", "packs", "layers")
TOPICS: Final = ("walks", "care", "know-how", "places")
MONTHS: Final = 14
"""For so many months the events table has parts of its own."""
EDITED: Final = "searchers"

Rule = dict[str, Any]


def segments() -> dict[str, Rule]:
    """Return 50 rules as editors of a shop with a magazine write them, every kind of condition among them."""

    def event(name: str | list[str], **more: Any) -> Rule:
        return {"event": name, **more}

    def where(name: str, **test: Any) -> list[Rule]:
        return [{"property": name, **test}]

    def left(name: str, after: str) -> Rule:
        return event(name, not_followed_by={"event": "purchase"}, after=after, within="7d")

    def segment(slug: str) -> Rule:
        return {"segment": slug}

    # As a calendar would say it, and around what is simulated, which ends now.
    begins = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=323)
    a_year = {"from": begins.isoformat(), "to": (begins + timedelta(days=365)).isoformat()}
    magazine = where("path", contains="/magazine/")
    rules: dict[str, Rule] = {
        # When they came
        "new-visitors": {"seen": "first", "within": "7d"},
        "returning-visitors": {"all": [{"seen": "first", "beyond": "7d"}, {"seen": "last", "within": "30d"}]},
        "churned-visitors": {"seen": "last", "beyond": "30d"},
        "back-after-a-pause": {"seen": "previous", "beyond": "14d"},
        # How much they do
        "engaged-visitors": {"trait": "engagement", "at_least": 5},
        "casual-visitors": {"all": [{"trait": "engagement", "at_most": 1}, {"not": segment("churned-visitors")}]},
        "regulars": event("*", measure="sessions", within="30d", at_least=3),
        "long-visits": event("*", per="session", measure="duration", at_least=900),
        "busy-visits": event("page_view", per="session", at_least=8),
        "patient": event("user_engagement", measure="sum", of="engagement_time_msec", within="30d", at_least=300_000),
        "readers-to-the-end": event("scroll", where=where("percent_scrolled", at_least=75), within="14d", at_least=5),
        # What they buy, and what they leave
        "buyers": event("purchase"),
        "recent-buyers": event("purchase", within="30d"),
        "repeat-buyers": event("purchase", at_least=2),
        "big-spenders": event("purchase", measure="sum", of="value", within="30d", at_least=200),
        "big-baskets": event("purchase", measure="maximum", of="value", at_least=150),
        "bargain-hunters": event("view_item", measure="average", of="price", within="30d", at_most=60),
        "premium": event("view_item", measure="average", of="price", within="30d", at_least=140),
        "cart-abandoners": left("add_to_cart", "1h"),
        "checkout-abandoners": left("begin_checkout", "30m"),
        "lookers": {"all": [event("view_item", within="30d", at_least=5), {"not": event("add_to_cart", within="30d")}]},
        "indecisive": event("view_item", per="item_id", within="14d", at_least=3),
        "one-category": event("view_item", per="item_category", within="14d", at_least=4),
        "all-categories": event("view_item", measure="distinct", of="item_category", within="30d", at_least=4),
        "quick-deciders": event(["add_to_cart", "begin_checkout", "purchase"], per="session", at_least=3),
        "orders-of-a-year": event("purchase", within=a_year),
        "this-visit": event("view_item", within="session", at_least=3),
        "cart-last-visit": event("add_to_cart", within="previous_session"),
        # Where they come from
        "campaign-visitors": event("page_view", where=where("utm_source", exists=True), within="30d"),
        "newsletter-readers": event("page_view", where=where("utm_source", **{"is": "newsletter"}), within="30d"),
        "searchers": event("search", within="14d"),
        "on-the-phone": event("page_view", where=where("device", **{"is": "mobile"}), within="30d", at_least=3),
        "boots-by-address": event("page_view", where=where("path", matches="^/shop/(boots|layers)/"), within="14d"),
        # What they read
        "magazine-readers": event("page_view", where=magazine, within="30d", at_least=3),
    }
    for category in CATEGORIES:
        fan = event("view_item", where=where("item_category", **{"is": category}), within="30d", at_least=3)
        rules[f"{category}-fans"] = {"any": [fan, event("purchase", where=where("item_category", **{"is": category}))]}
    for topic in TOPICS:
        about = where("item_category", **{"is": topic})
        rules[f"readers-of-{topic}"] = event(
            "view_item", where=about, within="30d", measure="distinct", of="item_id", at_least=2
        )
    rules |= {
        # Made of others
        "win-back": {"all": [segment("buyers"), segment("churned-visitors")]},
        "fans-of-clothes": {"any": [segment("jackets-fans"), segment("trousers-fans"), segment("layers-fans")]},
        "engaged-without-order": {"all": [segment("engaged-visitors"), {"not": segment("buyers")}]},
        "loyal": {"all": [segment("regulars"), segment("recent-buyers"), {"not": segment("cart-abandoners")}]},
        "likely-soon": {
            "any": [segment("one-category"), {"all": [segment("indecisive"), segment("engaged-visitors")]}]
        },
        "newsletter-prospects": {"all": [segment("magazine-readers"), {"not": event("sign_up")}]},
        "known-by-name": {"any": [{"trait": "vip", "is": True}, event(["sign_up", "login"])]},
    }
    if len(rules) != 50:
        raise AssertionError(f"There are {len(rules)} rules.")
    return rules


def load(count: int) -> None:
    """Have so many visitors simulated, through the shop's own doors, by two processes."""
    command = [sys.executable, "manage.py", "simulate", f"--visitors={count}", "--processes=2"]
    subprocess.run(command, check=True, stdout=sys.stderr)


def stream(first: UUID, last: UUID) -> tuple[int, float, float]:
    """Read the events of the visitors from `first` to `last`, and nothing else: how many, and begin and end."""
    set_up()
    from django.db import connection, transaction

    from tracking.models import StoredEvent

    connection.ensure_connection()
    count = 0
    begun = time.time()
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(
            "SELECT visitor_id, id, name, occurred_at, url, title, referrer, properties, device"  # noqa: S608  # our own names
            f" FROM {StoredEvent._meta.db_table} WHERE visitor_id BETWEEN %s AND %s"
            " ORDER BY visitor_id, occurred_at, id",
            [first, last],
        )
        while rows := cursor.fetchmany(2000):
            count += len(rows)
    return count, begun, time.time()


def floor(processes: int, visitor_ids: Sequence[UUID]) -> tuple[float, int]:
    """Stream everybody's events in so many processes: seconds, and how many events."""
    size = math.ceil(len(visitor_ids) / processes)
    parts = [visitor_ids[start : start + size] for start in range(0, len(visitor_ids), size)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        # Each process starts first, so that starting is not measured.
        list(pool.map(stream, [part[0] for part in parts], [part[0] for part in parts]))
        found = list(pool.map(stream, [part[0] for part in parts], [part[-1] for part in parts]))
    seconds = max(end for _, _, end in found) - min(begun for _, begun, _ in found)
    return seconds, sum(count for count, _, _ in found)


class Worker:
    """A Celery worker with so many processes."""

    def __init__(self, processes: int, folder: Path) -> None:
        from config.services import start_child

        log = folder / f"worker-{processes}-{time.monotonic_ns()}.log"
        command = [sys.executable, "-m", "celery", "--app", "config", "worker", "--loglevel", "INFO"]
        command += ["--pool", "prefork", "--concurrency", str(processes), "--without-gossip", "--without-mingle"]
        self._child = start_child(command, log=log)
        while " ready." not in log.read_text():
            if self._child.poll() is not None:
                raise SystemExit(f"The worker did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.05)

    def recompute(self) -> float:
        """Have everybody judged: seconds until it is done."""
        from personalization.segments.models import Recomputation
        from personalization.segments.tasks import recompute_segments

        Recomputation.objects.all().delete()
        begun = time.perf_counter()
        recompute_segments.delay()
        while not Recomputation.objects.exclude(finished_at=None).exists():
            if self._child.poll() is not None:
                raise SystemExit("The worker is gone.")
            time.sleep(0.02)
        return time.perf_counter() - begun

    def stop(self) -> None:
        """End it."""
        from config.services import stop_child

        stop_child(self._child)


def forget_verdicts() -> None:
    """Make everybody as if never judged."""
    from django.db import connection

    from personalization.profiles.models import Profile, Trait, Verdict

    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {Verdict._meta.db_table}, {Trait._meta.db_table}")
    Profile.objects.update(judged_version=0, due_at=datetime(1970, 1, 1, tzinfo=UTC))
    vacuum()


def vacuum() -> None:
    """Leave nothing for the server to tidy up while something is measured."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute("CHECKPOINT")


def configure() -> None:
    """Store the segments."""
    from personalization.segments.models import Segment, Status

    for slug, rule in segments().items():
        Segment.objects.create(slug=slug, name=slug, status=Status.ACTIVE, rule=rule)


def edit(window: str) -> None:
    """Change one rule."""
    from personalization.segments.models import Segment

    segment = Segment.objects.get(slug=EDITED)
    segment.rule = {**segment.rule, "within": window}
    segment.save()


_ready = False


def set_up() -> None:
    """Make Django ready in this process."""
    global _ready
    if not _ready:
        import django

        django.setup()
        _ready = True


def measure(count: int, folder: Path) -> Iterator[str]:
    """Yield the rows of the table."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.models import F

    from consent.purposes import PERSONALIZATION
    from personalization.profiles.models import Verdict
    from tracking.models import StoredEvent, Visitor
    from tracking.partitions import Month, add_partitions

    connection.settings_dict["CONN_MAX_AGE"] = None
    call_command("migrate", verbosity=0)
    now = datetime.now(UTC)
    month = Month(now.year, now.month)
    add_partitions(connection, StoredEvent, [month.plus(-back) for back in range(MONTHS)])
    configure()
    begun = time.perf_counter()
    load(count)
    loaded = time.perf_counter() - begun
    vacuum()
    bit = PERSONALIZATION.bit
    stored = Visitor.objects.alias(agreed=F("purposes").bitand(bit)).filter(agreed=bit).order_by("id")
    visitor_ids = list(stored.values_list("id", flat=True))
    count = len(visitor_ids)
    events = StoredEvent.objects.count()
    print(f"{len(visitor_ids)} visitors with {events} events in {loaded:.0f} s", file=sys.stderr)
    floor(1, visitor_ids)
    load_before = os.getloadavg()[0]
    alone = None
    for processes in WORKERS:
        worker = Worker(processes, folder)
        try:
            forget_verdicts()
            floors = [floor(processes, visitor_ids)[0]]
            if alone is None:
                alone = floors[0]
            found = {"first": worker.recompute()}
            rows = Verdict.objects.count()
            vacuum()
            floors.append(floor(processes, visitor_ids)[0])
            found["again"] = worker.recompute()
            edit(f"{20 + processes}d")
            found["one rule edited"] = worker.recompute()
            floors.append(floor(processes, visitor_ids)[0])
        finally:
            worker.stop()
        split = statistics.median(floors)
        if processes == 1:
            alone = split
        for name, seconds in found.items():
            yield (
                f"| {processes} | {name} | {seconds:.1f} s | {seconds / count * 1e6:.0f} µs | {split:.1f} s"
                f" | {seconds / split:.2f} (≤ {GOAL:g}) | {seconds / alone:.2f} |"
            )
    load_after = os.getloadavg()[0]
    yield (
        f"\n{count:,} visitors agreed to personalization and left {events:,} events; {rows / count:.1f} verdicts of"
        f" each are stored. The machine's load was {load_before:.1f} at the beginning and {load_after:.1f} at the end."
    )


def run(count: int) -> None:
    """Measure on private services and print the table."""
    from config.services import PrivatePostgreSQL, PrivateRedis

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        postgresql, redis = PrivatePostgreSQL(folder / "postgresql", durable=False), PrivateRedis(folder / "redis")
        try:
            os.environ |= {
                "ATTUNE_VAR": name,
                "DATABASE_URL": postgresql.start().url(),
                "REDIS_URL": redis.start().url,
                "DJANGO_SETTINGS_MODULE": "config.settings.test",
            }
            os.environ.pop("CELERY_BROKER_URL", None)
            set_up()
            print("| processes | judged | took | a visitor | streaming | ratio (goal) | to streaming in one process |")
            print("|---|---|---|---|---|---|---|", flush=True)
            for row in measure(count, folder):
                print(row, flush=True)
        finally:
            redis.stop()
            postgresql.stop()


def main() -> None:
    """Measure, with as many visitors as the command line names."""
    run(int(sys.argv[1]) if len(sys.argv) > 1 else VISITORS)


if __name__ == "__main__":
    main()
