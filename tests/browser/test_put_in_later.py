"""A block that another script puts into the page, in Chromium: filled, counted as seen, and told to the data layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import connections

from config.site.seeds import seed
from personalization.content.models import Block, Variant
from tests.services.browser import answer
from tests.services.processes import SiteProcess
from tests.services.waiting import eventually
from tracking.models import StoredEvent

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Route

LATER = "#later [data-attune-deferred=home-note]"
PUT_IN = """() => document.querySelector("main").insertAdjacentHTML("afterbegin", `<div id="later">
  <div class="attune-block" data-attune-deferred="home-note" data-attune-language="en">for all</div></div>`)"""
DATA_LAYER = """() => {
  const script = document.createElement("script");
  script.src = "/static/personalization/content/data-layer.js";
  script.dataset.attuneSegments = "/personalization/segments/";
  return new Promise((done) => { script.onload = () => done(); document.head.append(script); });
}"""

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def seen() -> set[str]:
    """The variants of the note that were reported as seen."""
    rows = StoredEvent.objects.filter(name="block_view").values_list("properties", flat=True)
    found = {properties["variant"] for properties in rows if properties["block"] == "home-note"}
    connections.close_all()
    return found


def test_block__put_in_by_another_script__is_filled_counted_and_told(
    live_site: SiteProcess, new_visitor: Callable[..., BrowserContext]
) -> None:
    seed()
    note = Block.objects.create(key="home-note", name="A note", show="deferred")
    variant = str(Variant.objects.create(block=note, name="All", body="<p>Welcome</p>").uuid)
    visitor = new_visitor(viewport={"width": 1280, "height": 1200})
    answers = iter([["fans", "buyers"], ["fans"]])
    visitor.route("**/personalization/segments/?*", lambda route: route.fulfill(json={"segments": next(answers)}))
    page = visitor.new_page()

    def told() -> Any:
        return page.evaluate("window.dataLayer || []")

    def segments() -> list[tuple[str, bool]]:
        return [(one["attune_segment"], one["attune_member"]) for one in told() if one["event"] == "attune_segment"]

    page.goto(f"{live_site.url}/magazine/")
    page.evaluate(DATA_LAYER)
    page.evaluate(PUT_IN)
    page.wait_for_selector(f"{LATER}[data-attune-variant='{variant}']")
    assert page.locator(LATER).inner_text() == "Welcome"
    assert told() == []  # nobody has agreed
    answer(page, "Accept")
    eventually(lambda: segments() != [], page=page)
    assert {"event": "attune_block", "attune_block": "home-note", "attune_variant": variant} in told()
    assert segments() == [("fans", True), ("buyers", True)]
    page.reload()
    page.evaluate(DATA_LAYER)
    eventually(lambda: segments() != [], page=page)
    assert segments() == [("buyers", False)]
    page.evaluate(PUT_IN)
    eventually(lambda: variant in seen(), page=page)
    assert page.evaluate("sessionStorage.getItem('attune.segments')") == '["fans"]'


def test_blocks__on_a_page_with_a_long_address__are_asked_for_in_the_state_of_its_preview(page: Page) -> None:
    path = finders.find("personalization/content/blocks.js")
    script = '<script src="/blocks.js" data-attune-blocks="/blocks/"></script>'
    shell = '<div class="attune-block" data-attune-deferred="note"{} data-attune-language="en">for all</div>'
    block = shell.format("") + shell.format(' data-attune-shown="~17.signed"')
    asked: list[str] = []
    named: set[str] = set()

    def answers(route: Route) -> None:
        if "/blocks/" in route.request.url:
            query = parse_qs(urlsplit(route.request.url).query)
            asked.extend(query["page"])
            named.update(query["keys"])
            route.fulfill(json={"blocks": {"note": {"variant": "v", "html": "for you"}}})
        elif "/blocks.js" in route.request.url:
            route.fulfill(content_type="text/javascript", path=path)
        else:
            route.fulfill(content_type="text/html", body=f"<html>{block}{script}</html>")

    page.route("http://shop.example/**", answers)
    short, state, long = "?page=2", "?attune_preview=signed:1", f"&more={'x' * 2000}"
    for query in (short, state, short + long, state + long):
        page.goto(f"http://shop.example/shop/{query}")
        page.get_by_text("for you").nth(1).wait_for()
    assert named == {"note,note~17.signed"}  # what a page proves of itself goes along
    assert asked == [f"/shop/{query}" for query in (short, state, "", state)]
