"""Chromium, where the machine has one: the `browser` fixture."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
MISSING = "needs Chromium: install the package chromium, or name one with CHROMIUM"


def chromium() -> Path | None:
    """The Chromium of this machine; the variable CHROMIUM may name one."""
    for program in (os.environ.get("CHROMIUM", ""), *PROGRAMS):
        found = shutil.which(program) if program else None
        if found is not None:
            return Path(found)
    return None


def answer(page: Page, name: str) -> None:
    """Press this button of the consent banner, and wait until the choice is stored and the banner has gone."""
    with page.expect_response("**/consent/") as told:
        page.get_by_role("button", name=name, exact=True).click()
    assert told.value.status == 200
    page.locator("#attune-consent").wait_for(state="hidden")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for a worker's tests. Without Chromium they are left out; where CI is set that is a failure."""
    program = chromium()
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    # Playwright's synchronous interface keeps an event loop in this thread, and Django would take the test for async.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, headless=True, args=[*FLAGS, *sandbox])
        yield browser
        browser.close()
