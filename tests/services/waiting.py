"""Waiting for what happens elsewhere: in another process, in a worker, in a browser."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATIENCE: Final = 120.0
"""Seconds after which something that was to happen has not: a ceiling against hanging, and no measure of speed."""

NEVER_GIVE_UP: Final = "AbortController.prototype.abort = () => {};"
"""For a browser: our scripts give a server some seconds, and one of a busy machine may need longer."""


def eventually(holds: Callable[[], bool], explain: Callable[[], str] = str, *, page: Page | None = None) -> None:
    """Wait until it holds. A `page` goes on meanwhile: what a browser tells is heard only while one waits by it."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, explain()
        if page is None:
            time.sleep(0.02)
        else:
            page.wait_for_timeout(50)
