"""Makes the pictures of the README at the running demo and of the tutorial, into docs/images/: `make screenshots`."""

from __future__ import annotations

import os
import sys
import tempfile
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

from tests.architecture import PROJECT
from tests.config.site.test_demo import running_demo
from tests.docs.tour import HOME, Tour
from tests.docs.tutorial import DESK, USER_AGENT, Reader, Terminal, follow
from tests.services.browser import FLAGS, MISSING, chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

IMAGES = PROJECT / "docs" / "images"
LARGEST = 250_000
"""Bytes: whoever clones the repository gets the pictures, too."""
HALF = 560
HEIGHT = 760
SIDE_BY_SIDE = """<!doctype html><style>
body {{ margin: 0; display: flex; gap: 16px; background: #fff }}
img {{ width: {width}px; height: {height}px; object-fit: cover; object-position: top; outline: 1px solid #ccc }}
</style><img src="data:image/png;base64,{left}"><img src="data:image/png;base64,{right}">"""


def whole_page(page: Page) -> bytes:
    """The page from its top, as far as the halves of the picture reach."""
    page.wait_for_load_state("networkidle")
    return page.screenshot(full_page=True, animations="disabled")


def take(browser: Browser, address: str, folder: Path) -> list[Path]:
    """Walk the README's tour and take both pictures."""
    desk = {"width": 1120, "height": 1560}
    refuser = browser.new_context(viewport=desk, locale="en").new_page()  # type: ignore[arg-type]  # a mapping will do
    refuser.goto(f"{address}/")
    with refuser.expect_response("**/consent/"):
        refuser.get_by_role("button", name="Refuse", exact=True).click()
    refuser.goto(f"{address}/")
    left = whole_page(refuser)

    tour = Tour(address, browser.new_context(viewport=desk, locale="en"))  # type: ignore[arg-type]  # likewise
    tour.arrive_and_accept()
    tour.look_at_boots()
    tour.see_the_home_page_follow()
    tour.open(HOME)
    right = whole_page(tour.page)

    both = browser.new_page(viewport={"width": 2 * HALF + 16, "height": HEIGHT})
    pictures = {"left": b64encode(left).decode(), "right": b64encode(right).decode()}
    both.set_content(SIDE_BY_SIDE.format(width=HALF, height=HEIGHT, **pictures))
    home = folder / "home.png"
    both.screenshot(path=home)

    tour.look_at_the_admin()
    tour.make_the_block()
    tour.page.set_viewport_size({"width": 1120, "height": 900})
    block = folder / "block.png"
    tour.page.locator("#content").screenshot(path=block, animations="disabled")
    return [home, block]


def take_the_tutorial(browser: Browser, folder: Path, work: Path) -> list[Path]:
    """Do the tutorial and take a picture wherever it shows one."""
    taken: list[Path] = []

    def photograph(page: Page, name: str) -> None:
        page.wait_for_load_state("networkidle")
        taken.append(folder / name)
        content = page.locator("#content")
        if content.count():
            content.screenshot(path=taken[-1], animations="disabled")
        else:
            page.screenshot(path=taken[-1], animations="disabled", clip={"x": 0, "y": 0, "width": 700, "height": 180})

    def reader(address: str) -> Reader:
        # mappings will do
        return Reader(address, lambda: browser.new_context(viewport=DESK, locale="en", user_agent=USER_AGENT))  # type: ignore[arg-type]

    with Terminal(work) as terminal:
        follow(terminal, reader, photograph=photograph)
    return taken


def main() -> None:
    program = chromium()
    if program is None:
        sys.exit(f"This {MISSING}.")
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="attune-screenshots-") as folder, sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=[*FLAGS, *sandbox])
        taken = take_the_tutorial(browser, IMAGES, Path(folder))
        with running_demo(Path(folder)) as (_, address):
            taken += take(browser, address, IMAGES)
        browser.close()
    for picture in taken:
        size = picture.stat().st_size
        print(f"{picture.relative_to(PROJECT)}: {size:,} bytes")
        if size > LARGEST:
            sys.exit(f"{picture.name} is larger than {LARGEST:,} bytes.")


if __name__ == "__main__":
    main()
