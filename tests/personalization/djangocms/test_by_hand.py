"""An editor in Chromium builds a block with two variants by hand and publishes; three visitors see what is theirs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from cms.toolbar.utils import get_object_edit_url

from personalization.djangocms.models import PersonalizedBlock, Variant
from personalization.testing import MakeVisitor, Visitor
from tests.personalization.content.visitors import segment
from tests.personalization.djangocms.pages import editor, make_page, slot
from tests.services.processes import SiteProcess

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page

pytestmark = pytest.mark.usefixtures("sqlite_only")  # what a browser shows of a page is the same on any database
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
    page.get_by_role("button", name="Refuse").click()
    page.click(".cms-toolbar-item-cms-mode-switcher a")
    page.wait_for_selector(".cms-structure .cms-dragarea", state="visible")
    return page


def _add(page: Page, place: Locator, plugin: str = "") -> FrameLocator:
    """Press the plus of a place and choose a plugin; where only one may be there, it is chosen already."""
    place.locator(".cms-submenu-add").first.click()
    if plugin:
        page.locator(f"{_OPEN} .cms-submenu-item a", has_text=re.compile(rf"^\s*{plugin}\s*$")).first.click()
    return page.frame_locator(f"{_OPEN} iframe")


def _save(page: Page) -> None:
    page.locator(f"{_OPEN} .cms-btn-action").first.click()
    page.wait_for_selector(_OPEN, state="detached")


def _item(page: Page, text: str) -> Locator:
    """What the structure shows of a plugin, its parents unfolded."""
    item = page.locator(".cms-structure .cms-dragitem", has_text=text).last
    item.wait_for(state="attached")
    if not item.is_visible():
        page.locator(".cms-structure .cms-dragarea").first.get_by_text("Expand all").click()
    item.wait_for(state="visible")
    return item


def _write(page: Page, variant: str, text: str) -> None:
    form = _add(page, _item(page, variant), "Text")
    form.locator("[contenteditable=true]").first.click()
    page.keyboard.type(text)
    _save(page)
    page.locator(".attune-edited-panel", has_text=text).wait_for(state="attached")  # where it belongs, without a reload


def _seen_by(visitor: Visitor, url: str, new_visitor: Callable[..., BrowserContext]) -> str:
    context = new_visitor()
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in visitor.cookies.items()])
    visited = context.new_page()
    visited.goto(f"{url}/home/")
    return visited.locator("main").inner_text()


def test_block__built_by_hand__shows_each_visitor_their_variant(
    structure: Page,
    live_site: SiteProcess,
    new_visitor: Callable[..., BrowserContext],
    attune_visitor: MakeVisitor,
) -> None:
    page = structure
    form = _add(page, page.locator(".cms-structure .cms-dragarea").first, "Personalized block")
    form.locator("#id_name").fill("Welcome")
    _save(page)

    form = _add(page, _item(page, "Welcome"))
    form.locator("#id_name").fill("Fans first")
    assert not form.locator("#id_rule").is_visible()
    form.locator("#id_audience_kind").select_option("segments")
    form.get_by_label("Fans").check()
    _save(page)
    _write(page, "Fans first · Fans", "Boots for the first snow")

    form = _add(page, _item(page, "Welcome"))
    form.locator("#id_name").fill("Others")
    form.locator("#id_audience_kind").select_option("others")
    _save(page)
    _write(page, "Others · everyone else", "Good things for bad weather")

    page.get_by_role("link", name="Publish").click()
    page.wait_for_url(f"{live_site.url}/home/")
    assert [variant.parent_id for variant in Variant.objects.all()] == [PersonalizedBlock.objects.get().pk] * 2

    fans, others = "Boots for the first snow", "Good things for bad weather"
    for visitor, text in (
        (attune_visitor("fans"), fans),
        (attune_visitor(agreed=False), others),
        (attune_visitor(), others),
    ):
        assert _seen_by(visitor, live_site.url, new_visitor) == text
