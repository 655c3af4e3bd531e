"""A page that is edited, in Chromium: what the CMS puts in anew after a change stands where it belongs, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cms.toolbar.utils import get_object_edit_url
from django.test import Client

from tests.personalization.content.visitors import segment
from tests.personalization.djangocms.pages import editor, make_page, put_block, put_text, put_variant, slot
from tests.personalization.djangocms.test_by_hand import add, item, save
from tests.services.processes import SiteProcess

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.usefixtures("sqlite_only")  # what a browser shows of a page is the same on any database
_TEXTS = ["New here?", "Look around", "Come again"]


def test_edited_page__more_put_into_a_variant__stands_in_its_tab_once(live_site: SiteProcess, page: Page) -> None:
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, "for fans", segment("fans"), name="Fans first")
    put_text(put_variant(block, "New here?", name="Others", audience_kind="others"), "Look around")
    client = Client()
    client.force_login(editor())
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_site.url}])
    page.goto(f"{live_site.url}{get_object_edit_url(home)}")
    page.locator(".attune-edited-tab").last.click()
    panel = page.locator(".attune-edited-panel").last
    page.click(".cms-toolbar-item-cms-mode-switcher a")

    form = add(page, item(page, "everyone else"), "If segment")
    form.locator("#id_segment").select_option(label="Fans")
    save(page)
    panel.locator(".attune-edited").wait_for(state="attached")
    form = add(page, item(page, "everyone else"), "Text")
    form.locator("[contenteditable=true]").first.click()
    page.keyboard.type("Come again")
    save(page)
    panel.get_by_text("Come again").wait_for(state="attached")

    assert page.locator("main .cms-editor-inline-wrapper").all_inner_texts() == ["for fans", *_TEXTS]
    assert panel.locator(".cms-editor-inline-wrapper").all_inner_texts() == _TEXTS

    item(page, "everyone else").dblclick()
    renamed = page.frame_locator(".cms-modal-open iframe")
    renamed.locator("#id_name").fill("Strangers")
    save(page)
    page.locator(".attune-edited-tab", has_text="Strangers").wait_for(state="attached")
    assert page.locator(".attune-edited-choice").last.is_checked()
