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
from tests.docs.palette import with_few_colors
from tests.docs.people import PEOPLE, home_of
from tests.docs.tour import Tour
from tests.docs.tutorial import DESK, USER_AGENT, Reader, Terminal, follow
from tests.services.browser import FLAGS, MISSING, chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

IMAGES = PROJECT / "docs" / "images"
LARGEST = 250_000
"""Bytes: whoever clones the repository gets the pictures, too."""
VISITORS = 500
"""Simulated ones, for the numbers beside the segments."""
COLUMN = 360
"""How wide a visitor's page is, and three quarters of it in the picture."""
DIFFERS = """
.notice, .colophon, .promises, .stories, .shelf[aria-labelledby="categories"], .shelf[aria-labelledby="favorites"] {
  display: none !important;
}
.hero-picture { max-height: 200px; object-fit: cover; }
.recommendation { margin-top: 2rem; }
"""
"""Leaves out what is the same for all of them."""
SIDE_BY_SIDE = """<!doctype html><style>
body {{ margin: 8px; display: flex; gap: 10px; align-items: flex-start; background: #fff }}
figure {{ margin: 0 }}
figcaption {{ font: 600 15px/1.2 sans-serif; padding: 4px 0 8px }}
img {{ width: {width}px; display: block; outline: 1px solid #ccc }}
</style>{figures}"""
FIGURE = '<figure><figcaption>{caption}</figcaption><img src="data:image/png;base64,{picture}" alt=""></figure>'


def take_the_visitors(browser: Browser, address: str, folder: Path) -> Path:
    """The home page as five kinds of visitors find it, side by side."""
    figures = []
    for person in PEOPLE:
        page = home_of(person, browser, address, viewport={"width": COLUMN, "height": 900}, bypass_csp=True)
        page.add_style_tag(content=DIFFERS)
        picture = b64encode(page.screenshot(full_page=True, animations="disabled")).decode()
        figures.append(FIGURE.format(caption=person.caption, picture=picture))
    width = COLUMN * 3 // 4
    table = browser.new_page(viewport={"width": 16 + len(PEOPLE) * (width + 10) - 10, "height": 600})
    table.set_content(SIDE_BY_SIDE.format(width=width, figures="".join(figures)))
    taken = folder / "five-visitors.png"
    taken.write_bytes(with_few_colors(table.screenshot(full_page=True), table))
    return taken


def take(browser: Browser, address: str, folder: Path) -> list[Path]:
    """Walk the README's tour and take pictures of the admin on the way."""
    desk = {"width": 1120, "height": 900}
    tour = Tour(address, browser.new_context(viewport=desk, locale="en"))  # type: ignore[arg-type]  # a mapping will do
    tour.arrive_and_accept()
    tour.look_at_boots()
    tour.see_the_home_page_follow()
    tour.look_at_the_admin()
    tour.page.set_viewport_size({"width": 1366, "height": 900})
    visitor = shoot(tour.page, folder / "visitor.png", browser, height=860)
    tour.page.set_viewport_size(desk)  # type: ignore[arg-type]  # likewise
    show_everybody(tour.page, address)
    segments = shoot(tour.page, folder / "segments.png", browser)
    tour.page.goto(f"{address}/admin/attune_content/block/start/")
    start = shoot(tour.page, folder / "start.png", browser, height=820)
    tour.make_the_block()
    block = shoot(tour.page, folder / "block.png", browser)
    return [visitor, segments, start, block, build_a_rule(tour.page, address, folder)]


def build_a_rule(page: Page, address: str, folder: Path) -> Path:
    """The rule of the how-to, clicked together: looked at three things of one category and bought nothing."""
    page.goto(f"{address}/admin/attune_segments/segment/add/")
    for kind in ("They did something", "They did not do something"):
        page.get_by_role("button", name="Add a condition", exact=True).click()
        page.get_by_role("button", name=kind, exact=True).click()
    looked = page.get_by_role("group", name="Condition 1")
    looked.get_by_label("Number").fill("3")
    looked.get_by_label("More …").select_option(label="all with the same …")
    page.locator(".attune-in-words", has_text="and never bought something").wait_for()
    taken = folder / "rule.png"
    rule = page.locator("fieldset", has=page.locator("#id_rule")).screenshot(animations="disabled")
    taken.write_bytes(with_few_colors(rule, page.context.browser.new_page()))  # type: ignore[union-attr]  # it has one
    return taken


def show_everybody(page: Page, address: str) -> None:
    """The list of segments, once all simulated visitors are there and counted."""
    page.goto(f"{address}/admin/attune_segments/segment/")
    while page.get_by_text("is filling up").count():
        page.wait_for_timeout(2_000)
        page.reload()
    page.get_by_role("button", name="Update now").click()
    page.locator(".messagelist .success").wait_for()
    page.goto(f"{address}/admin/attune_segments/segment/")


def shoot(page: Page, file: Path, browser: Browser, *, height: float | None = None) -> Path:
    """A picture of what the admin's page is about, or of so much of it from its top."""
    page.wait_for_load_state("networkidle")
    page.evaluate("scrollTo(0, 0)")  # the box is where it is seen, the picture of the whole page
    box = page.locator("#content").bounding_box()
    assert box is not None
    clip = box if height is None else {**box, "height": height}
    picture = page.screenshot(full_page=True, animations="disabled", clip=clip)
    file.write_bytes(with_few_colors(picture, browser.new_page()))
    return file


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
        with running_demo(Path(folder), visitors=VISITORS) as (_, address):
            taken.append(take_the_visitors(browser, address, IMAGES))
            taken += take(browser, address, IMAGES)
        browser.close()
    for picture in taken:
        size = picture.stat().st_size
        print(f"{picture.relative_to(PROJECT)}: {size:,} bytes")
        if size > LARGEST:
            sys.exit(f"{picture.name} is larger than {LARGEST:,} bytes.")


if __name__ == "__main__":
    main()
