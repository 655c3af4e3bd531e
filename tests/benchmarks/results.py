"""What asking for results costs: 20 blocks seen among 2,000,000 events of 60,000 visitors in 200 days.

A fifth of the events are views of blocks, 1 of 25 of them a click, and every 40th event may reach a goal. Asked is what
the admin's pages ask for the usual 28 days: one block with its goals, the same by segment, and all blocks at once, each
three times, of which the middle one counts. `python -m tests.benchmarks.results 200000` writes fewer events.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

EVENTS: Final = 2_000_000
VISITORS: Final = 60_000
BLOCKS: Final = 20
DAYS: Final = 200
NOW: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)
GOAL: Final = 2.0
"""Seconds that somebody waits for a page of figures."""


def rows(count: int, variants: list[list[str]], visitors: list[UUID]) -> Iterator[tuple[Any, ...]]:
    """Events in the order of their times: id, visitor, name, when, page, properties."""
    rng = random.Random(1)  # chance of a benchmark
    start = NOW - timedelta(days=DAYS)
    for number in range(count):
        at = start + timedelta(seconds=DAYS * 86_400 * number / count)
        event_id = UUID(int=int(at.timestamp() * 1000) << 80 | 7 << 76 | rng.getrandbits(62) | 2 << 62)
        said: dict[str, Any] = {}
        chance, url = rng.random(), "https://shop.example/shop/boots/"
        visitor = visitors[int(len(visitors) * rng.random() ** 2)]
        if chance < 0.2:
            block = rng.randrange(BLOCKS)
            name = "block_click" if chance < 0.008 else "block_view"
            said = {"block": f"block-{block}", "variant": rng.choice([*variants[block], "default"])}
        elif chance < 0.225:
            name, said = "purchase", {"value": 50.0, "currency": "EUR", "item_id": "A1"}
        else:
            name = rng.choice(("page_view", "user_engagement", "view_item"))
            said = {"item_id": "A1", "item_category": "boots", "price": 48.0} if name == "view_item" else {}
        yield event_id, visitor, name, at, url, json.dumps(said)


def write(count: int) -> None:
    """Make the blocks, the segments' members and the events."""
    from django.db import connection

    from personalization.content.models import Block, Variant
    from personalization.profiles.models import Verdict
    from personalization.segments.models import Segment, Status
    from tracking.models import Goal, StoredEvent
    from tracking.partitions import Month, add_partitions

    add_partitions(connection, StoredEvent, [Month.of(NOW).plus(-number) for number in range(9)])
    variants = []
    for number in range(BLOCKS):
        block = Block.objects.create(key=f"block-{number}", name=f"Block {number}")
        made = [Variant.objects.create(block=block, name=str(order), order=order) for order in range(4)]
        variants.append([str(one.uuid) for one in made])
    Goal.objects.create(name="Purchase", event="purchase", value_property="value")
    visitors = [UUID(int=random.Random(number).getrandbits(128), version=4) for number in range(VISITORS)]
    verdicts = []
    for number in range(20):
        Segment.objects.create(slug=f"s{number}", name=f"S {number}", status=Status.ACTIVE, rule={"any": []})
        verdicts += [Verdict(visitor_id=one, key=f"s{number}", matches=True, since=NOW) for one in visitors[number::10]]
    Verdict.objects.bulk_create(verdicts, batch_size=10_000)
    table = StoredEvent._meta.db_table
    columns = "id, visitor_id, name, occurred_at, received_at, url, title, referrer, properties, device, purposes"
    made_rows = rows(count, variants, visitors)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for event_id, visitor, name, at, url, said in made_rows:
                    copy.write_row((event_id, visitor, name, at, at, url, "", "", said, "desktop", 3))
            cursor.execute("ANALYZE")
        else:
            marks = ", ".join("?" * 11)
            cursor.connection.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608  # texts of ours
                (
                    (one.hex, visitor.hex, name, *[str(at)[:-6]] * 2, url, "", "", said, "desktop", 3)
                    for one, visitor, name, at, url, said in made_rows
                ),
            )
            cursor.connection.commit()
            cursor.execute("ANALYZE")


def seconds(work: Callable[[], object]) -> float:
    """The middle one of three."""
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def measure(name: str, count: int) -> None:
    """Write everything into a fresh database and print its lines of the table."""
    from django.core.management import call_command

    from personalization.content.measuring.results import all_results, block_results, likely_people, segment_results

    call_command("migrate", verbosity=0, interactive=False)
    write(count)
    span: dict[str, Any] = {"since": NOW - timedelta(days=28), "until": NOW}
    asked: dict[str, Callable[[], object]] = {
        "one block with its goals": lambda: block_results("block-1", **span),
        "one block by segment": lambda: segment_results("block-1", **span),
        "all blocks": lambda: all_results(**span),
        "who will really see a variant": lambda: likely_people("block-1", ["s1"], now=NOW),
    }
    for what, work in asked.items():
        print(f"| {name} | {what} | {seconds(work):.2f} s (≤ {GOAL:g}) |", flush=True)


def main() -> None:
    """Run on both databases, each in a process of its own: Django is set up once in each."""
    import subprocess

    count = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    if "ATTUNE_BENCH_DATABASE" in os.environ:
        import django

        django.setup()
        measure(os.environ["ATTUNE_BENCH_DATABASE"], count)
        return
    print("| database | asked | took (goal) |\n|---|---|---|", flush=True)
    from config.services import PrivatePostgreSQL

    for name in ("SQLite", "PostgreSQL"):
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.demo", "ATTUNE_VAR": folder}
            environment["ATTUNE_BENCH_DATABASE"] = name
            if name == "PostgreSQL":
                server = PrivatePostgreSQL(Path(folder) / "postgresql", durable=False)
                stack.callback(server.stop)
                environment["DATABASE_URL"] = server.start().url()
            subprocess.run([sys.executable, "-m", "tests.benchmarks.results", str(count)], env=environment, check=True)


if __name__ == "__main__":
    main()
