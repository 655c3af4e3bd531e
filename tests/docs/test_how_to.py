"""The settings and lines of Python in the how-tos do what the page says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.checks import CheckMessage
from kombu import Connection
from pytest_django import Settings

from config.settings.environment import SQLITE_OPTIONS
from personalization.checks import check_key_middleware, check_middleware
from personalization.schedule import SCHEDULE
from tests.architecture import project_files
from tests.docs.reading import code_blocks, document, section
from tests.services.waiting import PATIENCE

INSTALL = "docs/how-to/install.md"
LINES = [
    (str(path), block.text)
    for path in project_files(".md")
    if path.parts[0] == "docs" and path.parts[1] != "tutorial"  # which is done as a whole
    for block in code_blocks(document(str(path)), "python")
]


def settings_of(heading: str, **known: Any) -> dict[str, Any]:
    """What the Python under this heading of the installation's page leaves behind."""
    names: dict[str, Any] = dict(known)
    for block in code_blocks(section(INSTALL, heading), "python"):
        exec(block.text, names)  # noqa: S102  # our own page
    return names


@pytest.mark.parametrize(("name", "lines"), LINES)
def test_python__each_block_of_the_documents__runs(name: str, lines: str) -> None:
    exec(lines, {"DATABASES": {"default": {}}, "TEMPLATES": [{"OPTIONS": {}}]})  # noqa: S102  # our own page


def test_install__broker_of_files__carries_tasks(tmp_path: Path) -> None:
    told = settings_of("Try workers out without Redis")
    options = told["CELERY_BROKER_TRANSPORT_OPTIONS"] | {"polling_interval": 0.001}
    for name in ("data_folder_in", "data_folder_out", "control_folder"):
        folder = tmp_path / Path(options[name]).name
        folder.mkdir(exist_ok=True)
        options[name] = str(folder)
    url, transport = told["CELERY_BROKER_URL"], told["CELERY_BROKER_TRANSPORT"]
    with (
        Connection(url, transport=transport, transport_options=options) as connection,
        connection.SimpleQueue("told-in-the-how-to") as queue,  # kombu remembers bindings for the whole process
    ):
        queue.put({"number": 1})
        assert queue.get(timeout=PATIENCE).payload == {"number": 1}


def test_install__order_of_middleware__passes_the_check(settings: Settings) -> None:
    settings.MIDDLEWARE = settings_of("Middleware")["MIDDLEWARE"]
    found: list[CheckMessage] = check_middleware(None)
    assert found == []


@pytest.mark.parametrize("name", [INSTALL, "docs/how-to/cache-pages.md"])
def test_page_cache__order_of_middleware__passes_the_checks(name: str, settings: Settings) -> None:
    names: dict[str, Any] = {}
    (lines,) = [block.text for block in code_blocks(document(name), "python") if "KeyMiddleware" in block.text]
    exec(lines, names)  # noqa: S102  # our own page
    settings.MIDDLEWARE = names["MIDDLEWARE"]
    found: list[CheckMessage] = [*check_middleware(None), *check_key_middleware(None)]
    assert found == []


def test_install__sqlite__is_what_the_demo_runs_on() -> None:
    names = settings_of("SQLite", DATABASES={"default": {}})
    assert names["DATABASES"]["default"]["OPTIONS"] == SQLITE_OPTIONS


def test_install__celery__has_the_whole_schedule() -> None:
    assert settings_of("Celery")["CELERY_BEAT_SCHEDULE"] == SCHEDULE


def test_install__layouts__are_what_the_setting_takes(settings: Settings) -> None:
    from personalization.conf import conf

    names = settings_of("Layouts for variants")
    settings.PERSONALIZATION_VARIANT_TEMPLATES = names["PERSONALIZATION_VARIANT_TEMPLATES"]
    assert conf.PERSONALIZATION_VARIANT_TEMPLATES == {"variants/hero.html": "Large picture with a headline"}
