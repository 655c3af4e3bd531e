"""What collecting costs: an event in a batch of 10, against a bare Django view that runs the same statements.

Both run through Django's WSGI handler, in pairs and in turn, with commits that do not wait for the disk: once without
any middleware and once with that of the demo. The bare view decodes nothing and checks nothing: it runs the statements
that the collector ran for such a batch, with their parameters prepared, in one transaction. Judging is outside of the
request and left out of both.
"""

from __future__ import annotations

import gc
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

GOAL: Final = 1.25
EVENTS: Final = 10
ROUNDS: Final = 400
WARM_UP: Final = 60
VISITORS: Final = 50
USER_AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"

Statement = tuple[str, Sequence[Any]]
Environ = dict[str, Any]

statements: list[Statement] = []
"""What the bare view runs next."""


def floor_view(request: Any) -> Any:
    """The bare view: the same statements in one transaction."""
    from django.db import connection, transaction
    from django.http import HttpResponse

    with transaction.atomic(), connection.cursor() as cursor:
        for sql, parameters in statements:
            cursor.execute(sql, parameters)
            if cursor.description is not None:
                cursor.fetchall()
    return HttpResponse(b'{"accepted":10,"duplicates":0,"rejected":[]}', status=202, content_type="application/json")


def url_patterns() -> list[Any]:
    """The addresses of both."""
    from django.urls import include, path
    from django.views.decorators.csrf import csrf_exempt

    return [path("", include("tracking.urls")), path("floor/", csrf_exempt(floor_view))]


def body_of_a_page() -> bytes:
    """What a visit to a product page sends, ten events of four names."""
    import uuid_utils.compat

    names = [
        ("page_view", {}),
        ("view_item", {"item_id": "A13", "item_category": "trousers", "item_name": "Trousers", "price": 48.0}),
        ("scroll", {"percent_scrolled": 50}),
        ("user_engagement", {"engagement_time_msec": 12345}),
    ]
    page = {
        "url": "https://shop.example/shop/trousers/a13/?utm_source=newsletter&token=abc",
        "title": "Trousers",
        "referrer": "https://shop.example/shop/trousers/",
    }
    at = time.strftime("%Y-%m-%dT%H:%M:%S.123Z", time.gmtime(time.time() - 5))
    events = [
        {
            "id": str(uuid_utils.compat.uuid7()),
            "name": names[number % 4][0],
            "occurred_at": at,
            "page": page,
            "properties": names[number % 4][1],
        }
        for number in range(EVENTS)
    ]
    sent_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return json.dumps({"sent_at": sent_at, "events": events}).encode()


def environ(path: str, body: bytes, cookies: str) -> Environ:
    """A request as a WSGI server hands it over."""
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "testserver",
        "HTTP_USER_AGENT": USER_AGENT,
        "HTTP_SEC_FETCH_SITE": "same-origin",
        "HTTP_COOKIE": cookies,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
    }


def visitors() -> Iterator[str]:
    """Yield the cookie headers of visitors who agreed, round and round."""
    from datetime import UTC, datetime

    from consent import cookies
    from consent.purposes import PURPOSES, policy_version

    def header(visitor_id: UUID) -> str:
        proof = cookies.encode_proof(
            {purpose.code: True for purpose in PURPOSES},
            policy=policy_version(),
            given_at=datetime.now(UTC),
            visitor_id=visitor_id,
        )
        return f"{cookies.PROOF}={proof}; {cookies.VISITOR}={cookies.encode_visitor(visitor_id)}"

    headers = [header(uuid4()) for _ in range(VISITORS)]
    while True:
        yield from headers


def capture(run: Callable[[], object]) -> list[Statement]:
    """Return the statements that `run` executes, without those that only frame a transaction."""
    from django.db import connection

    found: list[Statement] = []

    def keep(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE")):
            found.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(keep):
        run()
    return found


def measure() -> tuple[float, float, float, int]:
    """Return microseconds an event of the collector, of the bare view, the median ratio, and how many statements."""
    global statements
    from django.core.handlers.wsgi import WSGIHandler

    from tracking.models import StoredEvent
    from tracking.signals import events_recorded

    events_recorded.receivers = []
    handler = WSGIHandler()
    status: list[str] = []

    def answer(line: str, headers: Any, error: Any = None) -> Any:
        status.append(line)

    def call(request: Environ) -> float:
        started = time.perf_counter_ns()
        response = handler(request, answer)
        b"".join(response)
        response.close()
        return (time.perf_counter_ns() - started) / 1000

    jars = visitors()
    # The bare view's batches are real ones: each is sent once, watched, and taken back.
    prepared = []
    for _ in range(ROUNDS + WARM_UP):
        request = environ("/collect/", body_of_a_page(), next(jars))
        prepared.append(capture(partial(call, request)))
    StoredEvent.objects.all().delete()
    if set(status) != {"202 Accepted"}:
        raise SystemExit(f"The collector answered {set(status)}.")
    collected, bare = [], []
    gc.collect()
    gc.disable()
    for number, following in enumerate(prepared):
        statements = following
        ours = environ("/collect/", body_of_a_page(), next(jars))
        theirs = environ("/floor/", b"", "")
        if number % 2:
            mine, floor = call(ours), call(theirs)
        else:
            floor, mine = call(theirs), call(ours)
        if number >= WARM_UP:
            collected.append(mine)
            bare.append(floor)
    gc.enable()
    if set(status) != {"202 Accepted"} or StoredEvent.objects.count() != 2 * EVENTS * len(prepared):
        raise SystemExit("Something was not stored.")
    StoredEvent.objects.all().delete()
    ratio = statistics.median(mine / floor for mine, floor in zip(collected, bare, strict=True))
    return statistics.median(collected) / EVENTS, statistics.median(bare) / EVENTS, ratio, len(prepared[-1])


def run_on(database_url: str) -> None:
    """Measure on one database, in this process, and print a row of the table."""
    os.environ["DATABASE_URL"] = database_url
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    for name in ("REDIS_URL", "CELERY_BROKER_URL"):
        os.environ.pop(name, None)
    import django
    from django.conf import settings

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.benchmarks import collector  # this module by its name: the view reads its statements from there

    middleware = settings.MIDDLEWARE
    settings.ROOT_URLCONF = tuple(collector.url_patterns())
    settings.TRACKING_BATCHES_PER_MINUTE = 10**9
    connection.settings_dict["CONN_MAX_AGE"] = None
    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    call_command("migrate", verbosity=0)
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    for around, installed in (("no middleware", []), ("the demo's middleware", middleware)):
        settings.MIDDLEWARE = installed
        mine, floor, ratio, count = collector.measure()
        print(f"| {name}, {around} | {mine:.1f} µs | {floor:.1f} µs | {count} | {ratio:.2f} | ≤ {GOAL} |")
    connection.close()


def main() -> None:
    """Measure on SQLite and, in a process of its own, on a private PostgreSQL (or the one that DATABASE_URL names)."""
    from config.services import PrivatePostgreSQL, ServiceUnavailable

    print(
        "| database and setting | an event collected | an event in the bare view | statements a batch | ratio | goal |"
    )
    print("|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["ATTUNE_VAR"] = name
        _in_a_process(f"sqlite:///{folder / 'bench.sqlite3'}")
        given = os.environ.get("DATABASE_URL", "")
        if given.startswith("postgres"):
            _in_a_process(given)
            return
        postgresql = PrivatePostgreSQL(folder / "postgresql", durable=False)
        try:
            postgresql.start()
        except ServiceUnavailable as error:
            print(f"PostgreSQL is left out: {error}", file=sys.stderr)
            return
        try:
            _in_a_process(postgresql.url())
        finally:
            postgresql.stop()


def _in_a_process(database_url: str) -> None:
    subprocess.run([sys.executable, "-m", "tests.benchmarks.collector", database_url], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run_on(sys.argv[1])
    else:
        main()
