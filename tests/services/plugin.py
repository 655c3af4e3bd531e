"""Loaded before Django's settings (`-p`): names the backend and this run's private services in the environment.

One folder holds everything that a run writes; the first process makes it, starts PostgreSQL and Redis where they were
asked for, and removes all of it in the end. The workers of a parallel run find them through the environment; each has
its own test database, its own Redis databases and its own broker.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from config.services import PrivatePostgreSQL, PrivateRedis
from config.settings.environment import sqlite_url

ROOT = "ATTUNE_TEST_ROOT"
REDIS = "ATTUNE_TEST_REDIS"
REDIS_DATABASES = 128
SITES = {"demo": "config.settings.test", "cms": "tests.personalization.djangocms.settings"}
CMS_TESTS = Path(__file__).parent.parent / "personalization" / "djangocms"

_cleanup = ExitStack()
atexit.register(_cleanup.close)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--backend",
        choices=["sqlite", "services"],
        default="sqlite",
        help="sqlite: SQLite and no service at all (default); services: a private PostgreSQL and a private Redis",
    )
    parser.addoption(
        "--site",
        choices=sorted(SITES),
        default="demo",
        help="demo: the demo project (default); cms: a small site with django CMS, for the tests of its plugins alone",
    )


def _is_worker() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> Generator[None]:
    options = parser.parse_known_args(args)
    if not (options.help or options.version):
        os.environ["DJANGO_SETTINGS_MODULE"] = SITES[options.site]
        _name_services("services" if options.backend == "services" else "sqlite")
    return (yield)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Each site has its own tests: models that are not installed cannot be imported."""
    if collection_path.is_relative_to(CMS_TESTS):
        return None if config.getoption("site") == "cms" else True
    is_on_the_way = CMS_TESTS.is_relative_to(collection_path) or collection_path.name == "__init__.py"
    return True if config.getoption("site") == "cms" and not is_on_the_way else None


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "once: no database or cache makes a difference, so it runs on SQLite alone")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run the same thing twice only where the backend may change it."""
    if config.getoption("backend") == "services":
        once = [item for item in items if item.get_closest_marker("once")]
        config.hook.pytest_deselected(items=once)
        items[:] = [item for item in items if item not in set(once)]


def _name_services(backend: str) -> None:
    if not _is_worker():
        root = Path(tempfile.mkdtemp(prefix="attune-tests-"))
        _cleanup.callback(shutil.rmtree, root, ignore_errors=True)
        # Whoever stops a run politely, such as `timeout`, finds nothing left behind either.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        os.environ[ROOT] = str(root)
        os.environ.pop(REDIS, None)
        if backend == "services":
            postgresql = PrivatePostgreSQL(root / "postgresql", durable=False)
            _cleanup.callback(postgresql.stop)
            os.environ["DATABASE_URL"] = postgresql.start().url()
            redis = PrivateRedis(root / "redis", databases=REDIS_DATABASES)
            _cleanup.callback(redis.stop)
            os.environ[REDIS] = redis.start().url
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    folder = Path(os.environ[ROOT]) / f"worker-{number}{'' if _is_worker() else '-main'}"
    folder.mkdir()
    os.environ["ATTUNE_VAR"] = str(folder)
    os.environ.pop("SECRET_KEY_FALLBACKS", None)
    if backend == "services":
        # Two of a Redis's databases for each worker: the cache and the broker.
        os.environ["REDIS_URL"] = f"{os.environ[REDIS]}/{number * 2}"
        os.environ["CELERY_BROKER_URL"] = f"{os.environ[REDIS]}/{number * 2 + 1}"
    else:
        os.environ["DATABASE_URL"] = sqlite_url(folder / "attune.sqlite3")
        for name in ("REDIS_URL", "CELERY_BROKER_URL"):
            os.environ.pop(name, None)


def pytest_report_header(config: pytest.Config) -> str:
    return f"backend: {config.getoption('backend')}"


def pytest_unconfigure(config: pytest.Config) -> None:
    if not _is_worker():
        from django.db import connections

        connections.close_all()
        _cleanup.close()
