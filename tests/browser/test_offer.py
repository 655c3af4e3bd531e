"""An offer in Chromium: the time that is left, and a code by a click, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone

from config.site.seeds import seed
from personalization.content.codes.handing_out import add_codes
from personalization.content.models import Block, CodeStock, Variant
from tests.services.browser import answer
from tests.services.processes import SiteProcess

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


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
    visitor.grant_permissions(["clipboard-read", "clipboard-write"])
    offer.get_by_role("button", name="Copy code").click()
    offer.get_by_text("Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "SPRING-7K2Q"
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    offer.get_by_role("button", name="Copy code").click()
    offer.get_by_text("The code is selected.").wait_for()
    assert page.evaluate("getSelection().toString()") == "SPRING-7K2Q"
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


def test_countdown__of_those_who_asked_for_calm__changes_with_the_minute_alone(
    new_visitor: Callable[..., BrowserContext],
) -> None:
    script = finders.find("personalization/content/offer.js")
    page = new_visitor().new_page()
    page.clock.install(time=NOW)
    page.clock.pause_at(NOW + timedelta(seconds=1))
    left = page.locator(".attune-offer-left")
    said: dict[str, list[str]] = {}
    for motion in ("no-preference", "reduce"):
        page.emulate_media(reduced_motion=motion)
        ends = page.evaluate("new Date(Date.now() + 1830000).toISOString()")
        page.set_content(
            f'<html lang="en"><div class="attune-offer"><time datetime="{ends}">a date</time>'
            '<span class="attune-offer-left" data-attune-left="{time} left" data-attune-over="over"></span></div>'
        )
        page.add_script_tag(path=script)
        said[motion] = [left.inner_text()]
        for passed in (1, 59, 1770):
            page.clock.run_for(passed * 1000)
            said[motion].append(left.inner_text())
    assert said == {
        "no-preference": [
            "30 minutes 30 seconds left",
            "30 minutes 29 seconds left",
            "29 minutes 30 seconds left",
            "over",
        ],
        "reduce": ["30 minutes left", "30 minutes left", "29 minutes left", "over"],
    }
