"""An offer in Chromium: the time that is left, and a code by a click, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from config.site.seeds import seed
from personalization.content.handing_out import add_codes
from personalization.content.models import Block, CodeStock, Variant
from tests.services.browser import answer
from tests.services.processes import SiteProcess

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_offer__right_after_its_page__counts_down_and_shows_the_code_where_it_is(
    live_site: SiteProcess, new_visitor: Callable[..., BrowserContext]
) -> None:
    seed()
    stock = CodeStock.objects.create(name="Spring")
    add_codes(stock, ["SPRING-7K2Q", "SPRING-9XW4"])
    Variant.objects.create(
        block=Block.objects.create(key="home-note", name="A note", show="deferred"),
        name="Offer",
        body_kind="offer",
        body="<h2>A tenth off all boots</h2><p>Until the shelves are empty.</p>",
        code_stock=stock,
        ends_at=timezone.now() + timedelta(days=2, hours=3, minutes=30),
        content={"offer_terms": "One code a person, not on sale items.", "offer_price": True},
    )
    visitor = new_visitor(viewport={"width": 390, "height": 800})
    complaints: list[str] = []
    visitor.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    visitor.on("weberror", lambda error: complaints.append(str(error.error)))
    page = visitor.new_page()
    page.goto(f"{live_site.url}/")
    answer(page, "Accept")
    page.reload()
    offer = page.locator(".attune-offer")
    offer.get_by_text("(2 days 3 hours left)").wait_for()
    offer.get_by_role("button", name="Show my code").press("Enter")
    page.wait_for_selector(".attune-offer-said code")
    assert offer.get_by_role("status").inner_text() == "Your code: SPRING-7K2Q"
    assert page.evaluate("document.activeElement.className") == "attune-offer-said"
    page.reload()
    assert "Your code: SPRING-7K2Q" in offer.inner_text()
    assert complaints == []

    Block.objects.filter(key="home-note").update(show="in_place")
    Block.objects.get(key="home-note").save()  # publishes
    plain = new_visitor(java_script_enabled=False).new_page()
    plain.goto(f"{live_site.url}/consent/preferences/")
    with plain.expect_navigation():
        plain.get_by_role("button", name="Accept").click()
    plain.goto(f"{live_site.url}/?page=1")
    plain.get_by_role("button", name="Show my code").click()
    plain.locator(".attune-offer").get_by_text("Your code: SPRING-9XW4").wait_for()
    assert plain.url == f"{live_site.url}/?page=1"
