"""Fixtures for every test: the services of tests/services, and clean caches between tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection

from config.services import PrivateRedis
from consent import seldom, throttle
from personalization.content.finding import noticing
from personalization.profiles import hot
from tests.services.processes import PROJECT, CeleryProcess, SiteProcess
from tests.services.waiting import NEVER_GIVE_UP, PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page
    from pytest_django.plugin import DjangoDbBlocker

pytest_plugins = ["tests.services.browser", "personalization.testing"]

# A slow machine is no counterexample.
# Everywhere else each run tries other examples; where nobody is there to look, the same commit gives the same answer.
hypothesis.settings.register_profile(
    "attune",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
hypothesis.settings.load_profile("attune")


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    """What one test leaves in the cache, in memory or on Redis, or noted in the process, no other test sees."""
    cache.clear()
    noticing.forget()
    seldom.forget()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a Redis that answers late is none that is gone."""
    for module in (hot, throttle):
        monkeypatch.setattr(module, "TIMEOUT", 30.0)


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Limits hold by their counts alone: no test before has counted, and no minute ends between two requests."""
    monkeypatch.setattr(throttle, "_minute", lambda: 0)
    throttle.reset()
    yield
    throttle.reset()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test's database. PostgreSQL removes none that somebody is connected to, so who is left is put out first.

    A browser's event loop keeps a connection in a context of its own, and poolers keep theirs for a while.
    """
    yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


@pytest.fixture(scope="session")
def on_services(request: pytest.FixtureRequest) -> bool:
    """Whether this run is on PostgreSQL and Redis."""
    return bool(request.config.getoption("backend") == "services")


@pytest.fixture
def services_only(on_services: bool) -> None:
    """For tests of what only PostgreSQL or the whole set of services does."""
    if not on_services:
        pytest.skip("needs --backend=services")


@pytest.fixture
def sqlite_only(on_services: bool) -> None:
    """For tests of what only SQLite without services does."""
    if on_services:
        pytest.skip("needs --backend=sqlite")


@pytest.fixture(scope="session")
def _session_redis() -> Iterator[PrivateRedis]:
    with PrivateRedis(Path(os.environ["ATTUNE_VAR"]) / "redis") as server:
        yield server


@pytest.fixture
def redis_url(on_services: bool, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty Redis database on either backend; no other test sees it meanwhile.

    On SQLite nothing is connected to it: a test that wants the hot path sets PERSONALIZATION_REDIS_URL to it.
    """
    import redis

    url = os.environ["REDIS_URL"] if on_services else f"{request.getfixturevalue('_session_redis').url}/0"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield url
        client.flushdb()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[PrivateRedis]:
    """A Redis server for this test alone: stop it, start it again, flush all of it."""
    with PrivateRedis(tmp_path / "redis-server") as server:
        yield server


@pytest.fixture
def data_dir() -> Path:
    """The folder of the public data sets."""
    folder = os.environ.get("ATTUNE_DATA_DIR")
    if not folder or not Path(folder).is_dir():
        pytest.skip("needs the public data sets: ATTUNE_DATA_DIR names no folder")
    return Path(folder)


@pytest.fixture
def start_site(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., SiteProcess]]:
    """Start real server processes on the test's database: `start_site(**environment).url`."""
    with ExitStack() as stack:

        def start(**environment: str) -> SiteProcess:
            return stack.enter_context(SiteProcess(tmp_path, environment))

        yield start


@pytest.fixture
def live_site(start_site: Callable[..., SiteProcess]) -> SiteProcess:
    """A real server process on the test's database; `live_site.url` has no slash at its end."""
    return start_site()


@pytest.fixture
def start_celery_worker(transactional_db: None, tmp_path: Path) -> Iterator[Callable[..., CeleryProcess]]:
    """Start real Celery workers on the test's database and broker: `start_celery_worker(**environment)`."""
    with ExitStack() as stack:

        def start(**environment: str) -> CeleryProcess:
            return stack.enter_context(CeleryProcess(tmp_path, environment))

        yield start


@pytest.fixture
def celery_worker_process(start_celery_worker: Callable[..., CeleryProcess]) -> CeleryProcess:
    """A real Celery worker on the test's database and broker, ready for tasks."""
    return start_celery_worker()


@pytest.fixture(scope="session")
def _prepared_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.config.site.test_demo import demo_environment

    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "manage.py", "demo", "--prepare"]
    subprocess.run(command, cwd=PROJECT, env=demo_environment(folder), check=True, capture_output=True)
    return folder


@pytest.fixture
def demo_folder(_prepared_demo: Path, tmp_path: Path) -> Path:
    """A folder of a demo that was prepared already, as at its second start; migrating takes longer than all else."""
    return shutil.copytree(_prepared_demo, tmp_path / "demo")


@pytest.fixture
def new_visitor(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Open browser contexts, each a visitor with a cookie jar of its own."""
    with ExitStack() as stack:

        def open_context(**options: object) -> BrowserContext:
            context = browser.new_context(**options)  # type: ignore[arg-type]  # Playwright's own options, passed on
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE * 1000)
            context.add_init_script(NEVER_GIVE_UP)
            return context

        yield open_context


@pytest.fixture
def page(new_visitor: Callable[..., BrowserContext]) -> Generator[Page]:
    """A page of a new visitor; an error in one of its scripts fails the test."""
    errors: list[str] = []
    page = new_visitor().new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []
