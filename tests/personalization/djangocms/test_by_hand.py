"""An editor in Chromium builds a block, publishes, previews and goes back; visitors see what is theirs.

With ATTUNE_PICTURES naming a folder, a picture of each step is put there: `make screenshots`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cms.toolbar.utils import get_object_edit_url

from personalization.djangocms.models import PersonalizedBlock, Variant
from personalization.testing import MakeVisitor, Visitor
from tests.docs.palette import with_few_colors
from tests.personalization.content.visitors import segment
from tests.personalization.djangocms.pages import editor, make_page, slot
from tests.services.browser import answer
from tests.services.processes import SiteProcess

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page

    Photograph = Callable[[Page, str], None]

pytestmark = pytest.mark.usefixtures("sqlite_only")  # what a browser shows of a page is the same on any database
_HEIGHTS = {"tabs": 240, "structure": 480, "versions": 480}
"""How much of the window a picture shows, from its top, where there is nothing beneath."""
_OPEN = ".cms-modal-open"


@pytest.fixture
def structure(live_site: SiteProcess, page: Page) -> Page:
    """An editor who has logged in and opened the structure of an empty draft."""
    segment("fans")
    home = make_page()
    slot(home)
    eva = editor()
    eva.set_password("secret")
    eva.save()
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{live_site.url}/admin/login/?next={get_object_edit_url(home)}")
    page.fill("#id_username", "eva")
    page.fill("#id_password", "secret")
    page.click("[type=submit]")
    page.wait_for_url("**/edit/**")  # with its scripts: without them the switch would lead to another page
    page.click(".cms-toolbar-item-cms-mode-switcher a")
    page.wait_for_selector(".cms-structure .cms-dragarea", state="visible")
    return page


@pytest.fixture
def photograph(browser: Browser) -> Photograph:
    """Takes a picture of what the window shows, if pictures are wanted."""
    folder = os.environ.get("ATTUNE_PICTURES")

    def take(page: Page, name: str) -> None:
        if folder:
            page.wait_for_load_state("load")
            desk = browser.new_page()
            width = page.evaluate("innerWidth")
            clip = {"x": 0, "y": 0, "width": width, "height": _HEIGHTS.get(name, 720)}
            picture = page.screenshot(animations="disabled", clip=clip)  # type: ignore[arg-type]  # a mapping will do
            Path(folder, f"cms-{name}.png").write_bytes(with_few_colors(picture, desk))
            desk.close()

    return take


def add(page: Page, place: Locator, plugin: str = "") -> FrameLocator:
    """Press the plus of a place and choose a plugin; where only one may be there, it is chosen already."""
    place.locator(".cms-submenu-add").first.click()
    if plugin:
        page.locator(f"{_OPEN} .cms-submenu-item a", has_text=re.compile(rf"^\s*{plugin}\s*$")).first.click()
    return page.frame_locator(f"{_OPEN} iframe")


def save(page: Page) -> None:
    """Save what the window holds."""
    page.locator(f"{_OPEN} .cms-btn-action").first.click()
    # It loses its class at once, but its place only when it has faded: a window opened before that would go with it.
    page.locator(".cms-modal").first.wait_for(state="hidden")


def item(page: Page, text: str) -> Locator:
    """What the structure shows of a plugin, its parents unfolded."""
    found = page.locator(".cms-structure .cms-dragitem", has_text=text).last
    found.wait_for(state="attached")
    if not found.is_visible():
        page.locator(".cms-structure .cms-dragarea").first.get_by_text("Expand all").click()
    found.wait_for(state="visible")
    return found


def _write(page: Page, variant: str, text: str) -> None:
    form = add(page, item(page, variant), "Text")
    form.locator("[contenteditable=true]").first.click()
    page.keyboard.type(text)
    save(page)
    page.locator(".attune-edited-panel", has_text=text).wait_for(state="attached")  # where it belongs, without a reload


def _seen_by(visitor: Visitor, url: str, new_visitor: Callable[..., BrowserContext]) -> str:
    context = new_visitor()
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in visitor.cookies.items()])
    visited = context.new_page()
    visited.goto(f"{url}/home/")
    return visited.locator("main").inner_text()


def _publish(page: Page, url: str) -> None:
    page.get_by_role("link", name="Publish", exact=True).click()
    page.wait_for_url(url)


def test_block__built_by_hand__shows_each_visitor_their_variant(
    structure: Page,
    live_site: SiteProcess,
    new_visitor: Callable[..., BrowserContext],
    attune_visitor: MakeVisitor,
    photograph: Photograph,
) -> None:
    page, home = structure, f"{live_site.url}/home/"
    form = add(page, page.locator(".cms-structure .cms-dragarea").first, "Personalized block")
    form.locator("#id_name").fill("Welcome")
    form.get_by_text("Left empty: all that fit.").wait_for(state="hidden")  # of how many: only where several are shown
    photograph(page, "block")
    save(page)

    form = add(page, item(page, "Welcome"))
    form.locator("#id_name").fill("Fans first")
    form.locator(".field-rule").wait_for(state="hidden")
    form.locator("#id_audience_kind").select_option("rule")
    form.get_by_role("button", name="Add a condition", exact=True).click()
    form.get_by_role("button", name="They began something and did not finish it").click()
    form.get_by_text("Last added something to the cart").wait_for()
    form.locator("#id_audience_kind").select_option("segments")
    form.get_by_label("Fans").check()
    photograph(page, "variant")
    save(page)
    _write(page, "Fans first · Fans", "Boots for the first snow")

    form = add(page, item(page, "Welcome"))
    form.locator("#id_name").fill("Others")
    form.locator("#id_audience_kind").select_option("others")
    save(page)
    _write(page, "Others · everyone else", "Good things for bad weather")
    photograph(page, "structure")
    page.click(".cms-toolbar-item-cms-mode-switcher a")
    page.locator(".attune-edited-tab").first.wait_for(state="visible")
    photograph(page, "tabs")

    _publish(page, home)
    answer(page, "Refuse")
    assert [variant.parent_id for variant in Variant.objects.all()] == [PersonalizedBlock.objects.get().pk] * 2

    fans, others = "Boots for the first snow", "Good things for bad weather"
    fan = attune_visitor("fans")
    for visitor, text in ((fan, fans), (attune_visitor(agreed=False), others), (attune_visitor(), others)):
        assert _seen_by(visitor, live_site.url, new_visitor) == text

    page.locator(".cms-toolbar-item-navigation a", has_text="Personalization").first.click()
    page.get_by_role("link", name="Preview as …").click()
    page.get_by_label("Fans").check()
    photograph(page, "preview-as")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Open the preview").click()
    previewed = opened.value
    previewed.locator("main", has_text=fans).wait_for()
    photograph(previewed, "previewed")
    previewed.close()

    page.goto(home)
    page.get_by_role("link", name="New Draft").click()
    page.wait_for_url("**/edit/**")
    draft = next_variant()
    page.goto(f"{live_site.url}{get_object_edit_url(draft.placeholder.source)}")
    page.locator(".attune-edited-panel .cms-plugin", has_text=fans).first.wait_for(state="attached")
    draft.delete()  # what an editor thinks better of later
    page.reload()
    _publish(page, home)
    assert _seen_by(fan, live_site.url, new_visitor) == others

    page.locator(".cms-toolbar-item-navigation a", has_text="Version #2").first.click()
    page.get_by_role("link", name="Manage Versions").click()
    versions = page.frame_locator(".cms-sideframe-frame iframe")
    versions.get_by_text("Displaying versions").wait_for()
    page.set_viewport_size({"width": 1800, "height": 800})  # with room for what can be done
    photograph(page, "versions")
    versions.locator("a[href*=revert]").first.click()
    with page.expect_response(lambda response: response.request.method == "POST" and "/revert/" in response.url):
        versions.get_by_role("button", name="Yes, I'm sure").click()
    page.goto(home)
    page.get_by_role("link", name="Edit", exact=True).click()
    page.wait_for_url("**/edit/**")
    _publish(page, home)
    assert _seen_by(fan, live_site.url, new_visitor) == fans


def next_variant() -> Variant:
    """The first variant of the newest version."""
    variant: Variant = Variant.objects.filter(audience_kind="segments").latest("pk")
    return variant
