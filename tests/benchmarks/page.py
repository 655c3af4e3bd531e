"""What deciding adds to a warm page: 20 blocks over 100 segments, against the same page without them.

Both pages go through Django's own WSGI handler with the edge middleware, in pairs and in turn, for visitors who agreed
to personalization and whose verdicts are stored. Each block has two variants, each for any of three segments, and shows
a text; the other page holds the same bytes as plain HTML. Queries and round trips to Redis are those of one warm page.

Without Redis the one query is what counts. *One query* is what Django takes for that very query and its rows, and for
an empty one (`SELECT 1`), in the same run: no page that asks its database takes less than the second. On PostgreSQL
most of the first is planning, anew for each request. *Prepared* is the same with `"server_side_binding": True` and
`"prepare_threshold": 1` among the `OPTIONS` of Django's database, by which PostgreSQL plans it once a connection: a
choice that is the site's, as not every pooler allows it. Connections are kept, and not checked before each request
(`CONN_HEALTH_CHECKS`, which is one more round trip for the first who asks).
"""

from __future__ import annotations

import gc
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from unittest import mock
from uuid import UUID, uuid4

GOAL: Final = 0.5
GOAL_QUERIES: Final = {True: 0, False: 4}
GOAL_ROUND_TRIPS: Final = {True: 1, False: 0}
BLOCKS: Final = 20
SEGMENTS: Final = 100
VISITORS: Final = 25
ROUNDS: Final = 1500
WARM_UP: Final = 200

Environ = dict[str, Any]
templates: dict[str, Any] = {}


def page_view(request: Any, name: str) -> Any:
    """Render one of the two pages."""
    from django.http import HttpResponse
    from django.template import RequestContext

    return HttpResponse(templates[name].render(RequestContext(request)))


def url_patterns() -> list[Any]:
    """The addresses of both pages."""
    from django.urls import include, path

    return [path("", include("personalization.urls")), path("<name>/", page_view)]


def configure(blocks: int = BLOCKS) -> None:
    """Make the segments, so many blocks and the two templates."""
    from django.template import Engine

    from personalization.content.models import Block, Variant
    from personalization.segments.models import Segment, Status

    def condition(event: str, window: str) -> dict[str, object]:
        return {"event": event, "at_least": 3, "within": window}

    segments = [
        Segment.objects.create(
            slug=f"segment-{number}",
            name=f"Segment {number}",
            status=Status.ACTIVE,
            rule={
                "all": [
                    condition("view_item", f"{number + 1}h"),
                    condition("page_view", "7d"),
                    {"not": condition("purchase", "30d")},
                ]
            },
        )
        for number in range(SEGMENTS)
    ]
    for number in range(blocks):
        block = Block.objects.create(key=f"block-{number}", name=f"Block {number}", default="<p>for everyone</p>")
        for order in range(2):
            variant = Variant.objects.create(
                block=block, name=f"Variant {order}", order=order, audience_kind="segments", body=f"<p>{number}</p>"
            )
            start = number * 5 + order * 2
            variant.segments.set([segments[(start + step) % SEGMENTS] for step in range(3)])
    engine = Engine(
        libraries={"personalization": "personalization.templatetags.personalization"},
        context_processors=["django.template.context_processors.request"],
    )
    tags = "".join(
        f'<section>{{% personalized_block "block-{number}" %}}<p>default</p>{{% endpersonalized_block %}}</section>'
        for number in range(blocks)
    )
    plain = "".join(
        f'<section><div class="attune-block" data-attune-block="block-{number}" data-attune-variant="{uuid4()}">'
        f"<p>{number}</p></div></section>"
        for number in range(blocks)
    )
    templates["with"] = engine.from_string("{% load personalization %}<h1>{{ request.path }}</h1>" + tags)
    templates["without"] = engine.from_string("<h1>{{ request.path }}</h1>" + plain)


def visitors() -> list[str]:
    """The cookie headers of visitors who agreed, each with 40 stored verdicts."""
    from consent import cookies
    from consent.purposes import PURPOSES, mask_of, policy_version
    from personalization.profiles.head import configuration_version
    from personalization.profiles.models import Profile, Verdict
    from personalization.segments.published import published
    from tracking.models import Visitor

    now = datetime.now(UTC)
    rules_version = published(configuration_version()).rules_version
    codes = [purpose.code for purpose in PURPOSES]

    def make(number: int) -> str:
        visitor_id: UUID = uuid4()
        Visitor.objects.create(pk=visitor_id, purposes=mask_of(codes), first_seen=now)
        Profile.objects.create(visitor_id=visitor_id, judged_version=rules_version)
        Verdict.objects.bulk_create(
            Verdict(
                visitor_id=visitor_id,
                key=f"segment-{(number + step * 2) % SEGMENTS}",
                matches=bool(step % 2),
                since=now,
            )
            for step in range(40)
        )
        proof = cookies.encode_proof(
            dict.fromkeys(codes, True), policy=policy_version(), given_at=now, visitor_id=visitor_id
        )
        return f"{cookies.PROOF}={proof}; {cookies.VISITOR}={cookies.encode_visitor(visitor_id)}"

    return [make(number) for number in range(VISITORS)]


def environ(path: str, cookies: str) -> Environ:
    """A request as a WSGI server hands it over."""
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "testserver",
        "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36",
        "HTTP_COOKIE": cookies,
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
    }


def redis_commands(url: str) -> int:
    """How many commands that Redis has answered so far."""
    import redis

    with redis.Redis.from_url(url) as client:
        return int(client.info("stats")["total_commands_processed"])


def measure(redis_url: str) -> tuple[float, float, int, int]:
    """Return milliseconds of the page with and without, its queries and its round trips to Redis."""
    from django.core.handlers.wsgi import WSGIHandler
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    handler = WSGIHandler()
    jars = visitors()

    def call(name: str, cookies: str) -> tuple[float, bytes]:
        request = environ(f"/{name}/", cookies)
        started = time.perf_counter_ns()
        response = handler(request, lambda status, headers, error=None: lambda text: None)
        content = b"".join(response)
        response.close()
        return (time.perf_counter_ns() - started) / 1_000_000, content

    shown = set()
    for cookies in jars * 2:
        content = call("with", cookies)[1]
        shown.add(content.count(b'data-attune-variant="default"'))
        if content.count(b"data-attune-block=") != BLOCKS:
            raise SystemExit("A block is missing.")
    if shown == {0} or max(shown) == BLOCKS:
        raise SystemExit("Every block shows the same: nothing was decided.")
    before = redis_commands(redis_url) if redis_url else 0
    with CaptureQueriesContext(connection) as queries:
        call("with", jars[0])
    count = len(queries)
    # The two questions of how many there were are commands themselves: one INFO each, besides the greeting.
    alone = 0
    if redis_url:
        after = redis_commands(redis_url)
        alone = after - before - (redis_commands(redis_url) - after)
    decided, plain = [], []
    gc.collect()
    gc.disable()
    for number in range(ROUNDS + WARM_UP):
        cookies = jars[number % VISITORS]
        if number % 2:
            mine, floor = call("with", cookies)[0], call("without", cookies)[0]
        else:
            floor, mine = call("without", cookies)[0], call("with", cookies)[0]
        if number >= WARM_UP:
            decided.append(mine)
            plain.append(floor)
        if number % 500 == 499:
            gc.collect()
    gc.enable()
    return statistics.median(decided), statistics.median(plain), count, alone


def one_query() -> tuple[float, float]:
    """Return milliseconds of the query for one visitor, by Django's cursor, and of an empty one."""
    from django.db import connection

    from personalization.profiles.head import load
    from personalization.profiles.models import Profile

    visitor_id = Profile.objects.values_list("visitor_id", flat=True)[0]
    with mock.patch("personalization.profiles.head.hot", return_value=None):
        taken = []
        for _ in range(ROUNDS):
            started = time.perf_counter_ns()
            load(visitor_id, given_at=datetime.now(UTC))
            between = time.perf_counter_ns()
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
                cursor.fetchall()
            taken.append((between - started, time.perf_counter_ns() - between))
    query, empty = (statistics.median(times) / 1_000_000 for times in zip(*taken, strict=True))
    return query, empty


def run_on(database_url: str, redis_url: str, *, prepared: bool = False) -> None:
    """Measure on one database, with or without Redis, in this process, and print a row of the table."""
    os.environ["DATABASE_URL"] = database_url
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    for name in ("REDIS_URL", "CELERY_BROKER_URL"):
        os.environ.pop(name, None)
    import django
    from django.conf import settings

    django.setup()
    from django.db import connection

    from tests.benchmarks import page  # this module by its name: the view reads its templates from there

    settings.MIDDLEWARE = ["personalization.middleware.EdgeMiddleware"]
    settings.ROOT_URLCONF = tuple(page.url_patterns())
    settings.PERSONALIZATION_REDIS_URL = redis_url
    connection.settings_dict |= {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": False}
    if prepared:
        options = {"server_side_binding": True, "prepare_threshold": 1}
        connection.settings_dict["OPTIONS"] = connection.settings_dict["OPTIONS"] | options
    # A database of its own, so that one that the environment names stays as it is.
    database = connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        page.configure()
        with_blocks, without, queries, round_trips = page.measure(redis_url)
        query, empty = page.one_query()
    finally:
        connection.creation.destroy_test_db(database, verbosity=0)
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor] + (" + Redis" if redis_url else "")
    name += ", prepared" if prepared else ""
    asked = "" if redis_url else f"{query:.2f} ms, empty {empty:.2f} ms"
    hot = bool(redis_url)
    print(
        f"| {name} | {without:.2f} ms | {with_blocks:.2f} ms | {with_blocks - without:.2f} ms (≤ {GOAL}) "
        f"| {asked} | {queries} (≤ {GOAL_QUERIES[hot]}) | {round_trips} (≤ {GOAL_ROUND_TRIPS[hot]}) |"
    )
    if redis_url:
        import redis

        with redis.Redis.from_url(redis_url) as client:
            for key in client.scan_iter("attune:*"):
                client.delete(key)


def main() -> None:
    """Measure on SQLite and PostgreSQL, without and with Redis: private ones, or those that the environment names."""
    from config.services import PrivatePostgreSQL, PrivateRedis, ServiceUnavailable

    given_database, given_redis = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    columns = "page without | page with 20 blocks | added (goal) | one query | queries (goal) | round trips (goal)"
    print(f"| runs on | {columns} |\n|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["ATTUNE_VAR"] = name
        postgresql, redis = PrivatePostgreSQL(folder / "postgresql", durable=False), PrivateRedis(folder / "redis")
        try:
            database = given_database if given_database.startswith("postgres") else postgresql.start().url()
            hot = given_redis or redis.start().url
        except ServiceUnavailable as error:
            print(f"PostgreSQL and Redis are left out: {error}", file=sys.stderr)
            database = hot = ""
        try:
            _in_a_process(f"sqlite:///{folder / 'bench.sqlite3'}", "")
            if database:
                _in_a_process(database, "")
                _in_a_process(database, "", "prepared")
                _in_a_process(database, hot)
        finally:
            redis.stop()
            postgresql.stop()


def _in_a_process(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "tests.benchmarks.page", *arguments], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run_on(sys.argv[1], sys.argv[2], prepared="prepared" in sys.argv[3:])
    else:
        main()
