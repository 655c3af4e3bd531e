"""The five visitors of the README's picture find five different home pages, each for what they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from config.site.seeds import seed
from tests.docs.people import PEOPLE, home_of
from tests.services.processes import SiteProcess

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.once

FOUND = {
    "New here": ("Hello, and mind the puddle.", "New here? How we make things"),
    "Looked at three boots": ("You have been looking at boots", "Choose your boots"),
    "Left a cart an hour ago": ("Still thinking it over?", "Back to your cart"),
    "Back after two months": ("It has been a while.", "See what is new: wool"),
    "Reads about care": ("You keep things going.", "Read on in the magazine"),
}
"""By the caption: words on the page, and what its main button says."""


def test_home__for_the_five_visitors__says_to_each_what_fits(
    transactional_db: None, live_site: SiteProcess, browser: Browser
) -> None:
    seed()
    assert {person.caption for person in PEOPLE} == set(FOUND)
    for person in PEOPLE:
        page = home_of(person, browser, live_site.url)
        text = page.get_by_role("main").inner_text()
        words, label = FOUND[person.caption]
        assert words in text
        assert page.locator(".hero-action").inner_text().strip() == label
        page.context.close()


def test_buttons__beneath_an_article__can_be_read(
    transactional_db: None, live_site: SiteProcess, browser: Browser
) -> None:
    seed()
    page = browser.new_context(locale="en").new_page()
    page.goto(f"{live_site.url}/magazine/wax-and-patience/")
    button = page.locator(".aside-action a")
    text, ground = (
        button.evaluate(f"button => getComputedStyle(button).{name}") for name in ("color", "backgroundColor")
    )
    assert (text, ground) == ("rgb(255, 255, 255)", "rgb(36, 73, 61)")
    page.context.close()
