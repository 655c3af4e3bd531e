"""An editor looks at the site as somebody else, hands the link on, and sees on the live page why it is as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User

from config.site.seeds import seed
from personalization.content.models import Block
from tests.services.browser import answer
from tests.services.processes import SiteProcess
from tracking.models import StoredEvent

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_preview__an_editors_journey__shows_shares_and_leaves(
    live_site: SiteProcess, new_visitor: Callable[..., BrowserContext]
) -> None:
    seed()
    User.objects.create_superuser("anna", password="fourteen-sheep")
    editor = new_visitor(user_agent=FIREFOX, viewport={"width": 1280, "height": 900})
    admin = editor.new_page()
    complaints: list[str] = []
    editor.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    editor.on("weberror", lambda error: complaints.append(str(error.error)))
    admin.goto(f"{live_site.url}/admin/login/?next=/admin/attune_content/block/preview-as/")
    admin.fill("#id_username", "anna")
    admin.fill("#id_password", "fourteen-sheep")
    admin.press("#id_password", "Enter")
    admin.get_by_label("Engaged visitors").check()

    with editor.expect_page() as opened:
        admin.get_by_role("button", name="Open the preview").click()
    page = opened.value
    page.wait_for_load_state()  # its links lead on in the same state once its script is there
    bar = page.get_by_role("complementary", name="Preview")
    assert "“Engaged visitors”" in bar.inner_text()
    chosen = page.locator("[data-attune-block=home-hero]").inner_text()
    # It stays as it is on the way through the site, until it is left.
    page.get_by_role("link", name="Magazine").first.click()
    page.wait_for_url("**/magazine/?attune_preview=*")
    bar.get_by_role("link", name="Leave").press("Enter")
    page.wait_for_url(lambda url: url.endswith("/magazine/"))
    assert bar.count() == 0

    # The live page, by which the same editor is told why it shows what it shows.
    page.goto(f"{live_site.url}/")
    answer(page, "Refuse")
    hero = page.locator("[data-attune-block=home-hero]")
    assert hero.inner_text() != chosen
    page.get_by_role("button", name="Show what is personalized").click()
    name = Block.objects.get(key="home-hero").name
    page.get_by_role("button", name=f"{name}: Everyone else sees").press("Enter")
    told = page.get_by_role("dialog", name=name)
    assert "No variant fits the visitor" in told.inner_text()
    told.get_by_role("link", name="Edit").click()
    page.wait_for_url("**/admin/attune_content/block/*/change/")

    # Somebody without an account, who gets the link.
    admin.get_by_role("button", name="Make a link that works without an account").click()
    link = admin.locator("#attune-link").input_value()
    guest = new_visitor(user_agent=FIREFOX).new_page()
    guest.goto(link)
    assert guest.locator("[data-attune-block=home-hero]").inner_text() == chosen
    assert guest.get_by_role("button", name="Refuse").count() == 0
    assert guest.get_by_role("button", name="Show what is personalized").count() == 0
    assert guest.evaluate("Boolean(window.attune)") is False
    asked = "detail => document.dispatchEvent(new CustomEvent('htmx:configRequest', { detail })) && detail.path"
    assert "attune_preview=" in guest.evaluate(asked, {"path": "/basket/?page=2"})
    assert guest.evaluate(asked, {"path": "https://elsewhere.example/"}) == "https://elsewhere.example/"
    assert not StoredEvent.objects.exists()
    assert complaints == []
