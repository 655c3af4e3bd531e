"""The README's tour, step by step, at the real demo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.config.site.test_demo import running_demo, said_by
from tests.docs.tour import Tour

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

DESK = {"width": 1280, "height": 900}


def test_tour__walked_word_by_word__is_true(
    demo_folder: Path, new_visitor: Callable[..., BrowserContext], sqlite_only: None
) -> None:
    with running_demo(demo_folder, visitors=100) as (demo, address):
        tour = Tour(address, new_visitor(viewport=DESK, locale="en"))
        tour.arrive_and_accept()
        tour.look_at_boots()
        tour.see_the_home_page_follow()
        assert said_by(demo, "simulated visitors have done")
        tour.look_at_the_admin()
        tour.make_the_block()
        tour.save_the_block()
        tour.see_the_page_change(new_visitor(viewport=DESK, locale="en"))
        tour.take_it_back()
        tour.edit_the_page()
    assert tour.unused() == set()
