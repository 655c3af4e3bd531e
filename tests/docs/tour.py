"""Walks the README's tour in a browser, with the very words that stand there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.docs.reading import section
from tests.services.browser import answer

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Response

HOME = "http://127.0.0.1:8000/"
BOOTS = ("Scree Mid Boot", "Tarn Trail Shoe", "Corrie Winter Boot")


def _is_told_of_an_item(response: Response) -> bool:
    return response.url.endswith("/collect/") and '"view_item"' in (response.request.post_data or "")


class Tour:
    """A reader on the tour; each word pressed or read is taken from the README, and all of them are used."""

    def __init__(self, address: str, reader: BrowserContext) -> None:
        self.text = re.sub(r"\s+", " ", section("README.md", "A tour in five minutes"))
        self.address = address
        self.page = reader.new_page()
        self.used: set[str] = set()
        self.own_page = ""

    def said(self, words: str) -> str:
        """The words, once it is sure that the README says them."""
        assert f"**{words}**" in self.text or f"`{words}`" in self.text, f"the tour does not say {words!r}"
        self.used.add(words)
        return words

    def unused(self) -> set[str]:
        """What the README stresses and nobody did."""
        stressed = {*re.findall(r"\*\*(.+?)\*\*", self.text), *re.findall(r"`(.+?)`", self.text)}
        return stressed - self.used

    def open(self, address: str, page: Page | None = None) -> None:
        """Open an address that the README names, at the demo that runs."""
        page = page or self.page
        page.goto(self.said(address).replace(HOME, f"{self.address}/"))
        page.wait_for_load_state("networkidle")

    def button(self, page: Page | None = None) -> str:
        """What the home page's main button says."""
        return (page or self.page).locator(".hero-action").inner_text().strip()

    def arrive_and_accept(self) -> None:
        """Steps 1 and 2."""
        self.said("make demo")
        self.open(HOME)
        assert self.button() == self.said("See what keeps you dry")
        answer(self.page, self.said("Accept"))

    def look_at_boots(self) -> None:
        """Step 3."""
        for boot in BOOTS:
            menu = self.page.get_by_role("navigation", name="Shop and magazine")
            menu.get_by_role("link", name=self.said("Boots"), exact=True).click()
            # A reader takes longer to look than the tracker to tell.
            with self.page.expect_response(_is_told_of_an_item) as told:
                self.page.get_by_role("main").get_by_role("link", name=self.said(boot)).first.click()
            assert told.value.status == 202
            self.page.get_by_role("heading", name=boot, level=1).wait_for()

    def see_the_home_page_follow(self) -> None:
        """Step 4."""
        self.page.get_by_role("banner").get_by_role("link", name=self.said("Larkmoor"), exact=True).click()
        self.page.get_by_role("heading", name=self.said("You have been looking at boots")).wait_for()
        assert self.button() == self.said("Choose your boots")

    def look_at_the_admin(self) -> None:
        """Step 5."""
        self.open(f"{HOME}admin/")
        self.page.get_by_label("Username").fill(self.said("admin"))
        self.page.get_by_label("Password").fill(self.said("fourteen-sheep"))
        self.page.get_by_role("button", name="Log in").click()
        self.choose("Segments")
        self.page.get_by_role("main").get_by_role("link", name=self.said("Fans of boots"), exact=True).click()
        self.page.get_by_text("In words").first.wait_for()
        self.choose("Visitors")
        self.page.get_by_text("invented visitors").wait_for()
        first = self.page.locator("#result_list tbody tr").first.get_by_role("link").first
        self.own_page = first.get_attribute("href") or ""
        first.click()
        self.page.get_by_text(self.said("Segments, and why"), exact=True).first.wait_for()
        assert "Fans of boots" in self.page.get_by_role("main").inner_text()

    def choose(self, name: str) -> None:
        """Choose a kind of thing on the admin's front page."""
        self.page.goto(f"{self.address}/admin/")
        table = self.page.get_by_role("main").get_by_role("row")
        table.get_by_role("link", name=self.said(name), exact=True).first.click()

    def make_the_block(self) -> None:
        """Step 6, up to what is written but not saved."""
        page = self.page
        self.choose("Blocks")
        page.get_by_role("link", name=self.said("Add block")).click()
        page.get_by_label(f"{self.said('Name')}:", exact=True).first.fill(self.said("Note for walkers"))
        page.get_by_label(self.said("Name in templates")).fill(self.said("home-note"))
        page.get_by_text(self.said("Add another Variant"), exact=True).click()
        variant = page.locator("#variants-0")
        variant.get_by_label("Name:", exact=True).fill(self.said("For boots"))
        everybody = self.said("Visitors in any of these segments")
        variant.get_by_label(self.said("Who sees it")).select_option(everybody)
        variant.get_by_label("Fans of boots", exact=True).check()
        self.said("Text")
        editor = variant.locator(".field-body .prose-editor > .ProseMirror")
        editor.click()
        editor.press_sequentially(self.said("Dry feet, happy walker."))

    def save_the_block(self) -> None:
        """The end of step 6."""
        self.page.get_by_role("button", name=self.said("Save and publish"), exact=True).click()
        self.page.locator(".messagelist .success").wait_for()

    def see_the_page_change(self, private: BrowserContext) -> None:
        """Step 7."""
        self.open(HOME)
        self.page.get_by_text("Dry feet, happy walker.").wait_for()
        other = private.new_page()
        self.open(HOME, other)
        answer(other, self.said("Refuse"))
        self.open(HOME, other)
        assert other.get_by_text("Dry feet, happy walker.").count() == 0
        assert self.button(other) == "See what keeps you dry"

    def take_it_back(self) -> None:
        """Step 8."""
        self.page.get_by_role("link", name=self.said("Privacy choices")).last.click()
        answer(self.page, self.said("Refuse"))
        self.open(HOME)
        assert self.button() == "See what keeps you dry"
        assert self.page.get_by_text("Dry feet, happy walker.").count() == 0
        self.choose("Visitors")
        assert self.own_page
        links = self.page.locator("#result_list tbody tr").get_by_role("link")
        assert self.own_page not in [link.get_attribute("href") for link in links.all()]

    def edit_the_page(self) -> None:
        """Step 9."""
        page = self.page
        self.open(HOME)
        page.get_by_role("link", name=self.said("New Draft"), exact=True).click()
        page.wait_for_url("**/edit/**")
        page.locator(".attune-edited-tab", has_text=self.said("Mending first")).click()
        promise = self.said("Mended for life")
        # Texts can be written into once a browser has time to make them so.
        texts = page.locator(".attune-edited-panel:visible [contenteditable=true]")
        texts.get_by_role("heading", name=promise).click()
        page.keyboard.press("End")
        page.keyboard.type(self.said(", and longer"))
        with page.expect_response(lambda answer: "/edit-plugin/" in answer.url and answer.request.method == "POST"):
            page.locator(".attune-edited-name").first.click()
        page.get_by_role("link", name=self.said("Publish"), exact=True).click()
        page.wait_for_url(f"{self.address}/")
        page.locator(".promises").get_by_role("heading", name=f"{promise}, and longer").wait_for()
