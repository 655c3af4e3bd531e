"""Blocks that come after their page, in Chromium: one request, no jump, without tracker, consent or script."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from config.site.seeds import seed
from personalization.content.models import Block, Variant
from tests.services.browser import answer
from tests.services.processes import SiteProcess
from tests.services.waiting import eventually
from tracking.models import StoredEvent

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

MOST_SHIFT = 0.01
NOTE = "[data-attune-deferred=home-note]"
FILLED = f"{NOTE}[data-attune-block]"
FILES = "**/personalization/blocks/?*"
SHIFTS = """
  window.shifts = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
"""
NewVisitor = Callable[..., "BrowserContext"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def site(live_site: SiteProcess) -> SiteProcess:
    """The seeded site, its home page with two blocks that come after it."""
    seed()
    note = Block.objects.create(key="home-note", name="A note", show="deferred", room=160)
    Variant.objects.create(
        block=note,
        name="From the newsletter",
        body='<h2>Welcome</h2><p>Read <a href="/magazine/">the magazine</a> first.</p>',
        audience_kind="rule",
        rule={"all": [{"request": "utm_source", "is": "mail"}, {"request": "path", "is": "/"}]},
    )
    Block.objects.filter(key="home-hero").update(show="deferred")
    return live_site


def visit(visitor: BrowserContext, address: str) -> tuple[Page, list[str], list[str]]:
    """Open the page; what its scripts asked for blocks, and what the security policy complained of."""
    asked: list[str] = []
    complaints: list[str] = []
    page = visitor.new_page()
    page.add_init_script(SHIFTS)
    page.on("request", lambda request: asked.append(request.url) if "/personalization/blocks/" in request.url else None)
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    return page, asked, complaints


def settled(page: Page) -> float:
    """How far the page has shifted once two more frames were drawn."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    shifts: float = page.evaluate("window.shifts")
    return shifts


def test_deferred_blocks__tracker_blocked_and_nobody_asked__are_filled_by_one_request(
    site: SiteProcess, new_visitor: NewVisitor
) -> None:
    visitor = new_visitor(viewport={"width": 1280, "height": 1200})
    visitor.route("**/tracker.js", lambda route: route.abort())
    page, asked, complaints = visit(visitor, f"{site.url}/?utm_source=mail&q=secret#top")
    page.wait_for_selector(FILLED)
    assert page.locator(NOTE).inner_text() == "Welcome\n\nRead the magazine first."
    assert page.locator("[data-attune-deferred=home-hero]").get_attribute("data-attune-variant") == "default"
    assert len(asked) == 1
    assert settled(page) < MOST_SHIFT
    assert complaints == []
    assert visitor.cookies() == []


def test_deferred_block__without_room__shifts_the_page(site: SiteProcess, new_visitor: NewVisitor) -> None:
    # What the test before measures can be seen at all.
    Block.objects.filter(key="home-note").update(room=None)
    page, *_ = visit(new_visitor(viewport={"width": 1280, "height": 1200}), f"{site.url}/?utm_source=mail")
    page.wait_for_selector(FILLED)
    assert settled(page) > MOST_SHIFT


def test_deferred_block__smaller_than_the_default__lets_nothing_jump(
    site: SiteProcess, new_visitor: NewVisitor
) -> None:
    Block.objects.filter(key="home-note").update(room=None, default="<p>1</p><p>2</p><p>3</p><p>4</p><p>5</p><p>6</p>")
    page, *_ = visit(new_visitor(viewport={"width": 1280, "height": 1200}), f"{site.url}/?utm_source=mail")
    page.wait_for_selector(FILLED)
    assert "Welcome" in page.locator(NOTE).inner_text()
    assert settled(page) < MOST_SHIFT


def test_deferred_block__much_smaller_than_the_default__leaves_no_hole_behind(
    site: SiteProcess, new_visitor: NewVisitor
) -> None:
    Block.objects.filter(key="home-note").update(room=None, default="<p>A line</p>" * 60)
    page, *_ = visit(new_visitor(viewport={"width": 1280, "height": 1200}), f"{site.url}/?utm_source=mail")
    page.wait_for_selector(FILLED)
    note = page.locator(NOTE)
    assert note.evaluate("(note) => note.getBoundingClientRect().bottom") == 1200  # no more than what was in view
    assert settled(page) < MOST_SHIFT
    page.mouse.wheel(0, 10_000)
    page.wait_for_selector(f"{NOTE}:not([style*=min-height])", state="attached")
    assert settled(page) < MOST_SHIFT


def test_deferred_block__whatever_fails__the_default_stays(site: SiteProcess, new_visitor: NewVisitor) -> None:
    Block.objects.filter(key="home-note").update(default="<p>Hello everybody</p>")
    answers: dict[str, Callable[[Any], None]] = {
        "refused": lambda route: route.fulfill(status=429, body='{"error": "Too many"}'),
        "gone": lambda route: route.abort(),
        "nonsense": lambda route: route.fulfill(status=200, body="<!doctype html>"),
    }
    for trouble in ("no script", *answers):
        visitor = new_visitor(java_script_enabled=trouble != "no script")
        if trouble in answers:
            visitor.route(FILES, answers[trouble])
        page = visitor.new_page()
        page.goto(f"{site.url}/?utm_source=mail")
        if trouble != "no script":
            page.wait_for_selector(f"{FILLED}[data-attune-variant=default]")
        assert page.locator(NOTE).inner_text() == "Hello everybody", trouble


def test_deferred_block__visitor_is_just_on_its_link__is_not_taken_away(
    site: SiteProcess, new_visitor: NewVisitor
) -> None:
    Block.objects.filter(key="home-note").update(default='<p><a href="/magazine/">Read</a></p>')
    visitor = new_visitor()
    held: list[Any] = []
    visitor.route(FILES, lambda route: held.append(route))  # Playwright marks what it calls
    page = visitor.new_page()
    page.goto(f"{site.url}/?utm_source=mail")
    page.focus(f"{NOTE} a")
    eventually(lambda: bool(held), page=page)
    held[0].continue_()
    page.wait_for_selector(f"{FILLED}[data-attune-variant=default]")
    assert page.evaluate("document.activeElement.innerText") == "Read"
    assert len(held) == 1


def stored() -> set[tuple[str, str]]:
    """Each (event, variant) of the note that is stored."""
    rows = StoredEvent.objects.filter(name__in=("block_view", "block_click")).values_list("name", "properties")
    found = {(name, properties["variant"]) for name, properties in rows if properties["block"] == "home-note"}
    connections.close_all()
    return found


def test_deferred_block__seen_and_clicked__comes_back_with_its_variant(
    site: SiteProcess, new_visitor: NewVisitor
) -> None:
    variant = str(Variant.objects.get(block__key="home-note").uuid)
    visitor = new_visitor(viewport={"width": 1280, "height": 1600})
    page = visitor.new_page()
    page.goto(f"{site.url}/magazine/")
    answer(page, "Accept")
    page.goto(f"{site.url}/?utm_source=mail")
    page.wait_for_selector(FILLED)
    page.locator(NOTE).scroll_into_view_if_needed()
    eventually(lambda: stored() == {("block_view", variant)}, lambda: str(stored()), page=page)
    page.get_by_role("link", name="the magazine", exact=True).click()
    page.wait_for_url("**/magazine/")
    expected = {("block_view", variant), ("block_click", variant)}
    eventually(lambda: stored() == expected, lambda: str(stored()), page=page)

    # With a second one beneath it, each is seen and clicked by itself.
    block = Block.objects.get(key="home-note")
    block.pick = "up_to"
    block.save()
    other = Variant.objects.create(block=block, name="Other", body='<p>Or <a href="/shop/">shop</a>.</p>', order=5)
    connections.close_all()
    page.goto(f"{site.url}/?utm_source=mail")
    parts = page.locator(f"{NOTE} > [data-attune-block=home-note]")
    parts.nth(1).scroll_into_view_if_needed()
    assert [one.get_attribute("data-attune-variant") for one in parts.all()] == [variant, str(other.uuid)]
    assert page.locator(NOTE).get_attribute("data-attune-block") is None
    expected |= {("block_view", str(other.uuid))}
    eventually(lambda: stored() == expected, lambda: str(stored()), page=page)
    page.get_by_role("link", name="shop", exact=True).click()
    page.wait_for_url("**/shop/")
    expected |= {("block_click", str(other.uuid))}
    eventually(lambda: stored() == expected, lambda: str(stored()), page=page)


def test_deferred_block__german_page__asks_in_german(site: SiteProcess, new_visitor: NewVisitor) -> None:
    block = Block.objects.get(key="home-note")
    Variant.objects.create(block=block, name="Deutsch", body="<p>Guten Tag</p>", languages=["de"], order=5)
    page, asked, _ = visit(new_visitor(), f"{site.url}/de/")
    page.wait_for_selector(FILLED)
    assert page.locator(NOTE).inner_text() == "Guten Tag"
    assert "language=de" in asked[0]
