"""Blocks that appear when visitors scroll, wait or leave: in Chromium, with keyboard and screen reader in mind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

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

OFFER = "[data-attune-deferred=home-note]"
READY = f"{OFFER}[data-attune-block]"
CLOSE = f"{OFFER} .attune-close"
NewVisitor = Callable[..., "BrowserContext"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def site(live_site: SiteProcess) -> SiteProcess:
    """The seeded site with an offer on its home page that is hidden at first."""
    seed()
    offer = Block.objects.create(key="home-note", name="An offer", show="revealed", reveal_on="scroll", reveal_after=40)
    Variant.objects.create(
        block=offer,
        name="From the newsletter",
        body='<h2>Before you go</h2><p><a href="/magazine/">Read on</a></p>',
        audience_kind="rule",
        rule={"request": "utm_source", "is": "mail"},
    )
    return live_site


def reveal(on: str, after: int | None) -> None:
    """Have the offer appear at this occasion from now on."""
    offer = Block.objects.get(key="home-note")
    offer.reveal_on, offer.reveal_after = on, after
    offer.save()  # publishes
    connections.close_all()


def opened(site: SiteProcess, visitor: BrowserContext, query: str = "?utm_source=mail") -> Page:
    """The home page, its blocks filled and the offer still hidden."""
    page = visitor.new_page()
    page.goto(f"{site.url}/{query}")
    page.wait_for_selector(READY, state="attached")
    assert page.locator(OFFER).is_hidden()
    return page


def scroll(page: Page) -> None:
    page.evaluate("scrollTo(0, 20_000)")


def wait(page: Page) -> None:
    """Do nothing."""


def settle(page: Page, scrolled: str) -> None:
    """Until it is scrolled there, and what listens has heard of it."""
    page.evaluate(
        "() => new Promise((done) => { const look = () => "
        f"{scrolled} ? requestAnimationFrame(() => requestAnimationFrame(done)) : requestAnimationFrame(look);"
        " look(); })"
    )


def leave(page: Page) -> None:
    page.evaluate("document.body.dispatchEvent(new MouseEvent('mouseout', { bubbles: true, clientY: -1 }))")


OCCASIONS: tuple[tuple[str, int | None, Callable[[Page], None]], ...] = (
    ("scroll", 40, scroll),
    ("dwell", 1, wait),
    ("idle", 1, wait),
    ("exit", None, leave),
)


def test_revealed_block__its_occasion__brings_it_into_view(site: SiteProcess, new_visitor: NewVisitor) -> None:
    complaints: list[str] = []
    for on, after, do in OCCASIONS:
        reveal(on, after)
        visitor = new_visitor(viewport={"width": 1280, "height": 800})
        visitor.route("**/tracker.js", lambda route: route.abort())
        visitor.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        visitor.on("weberror", lambda error: complaints.append(str(error.error)))
        page = visitor.new_page()
        page.goto(f"{site.url}/?utm_source=mail")
        page.wait_for_selector(f"{READY}[data-attune-reveal={on}]", state="attached")
        do(page)
        page.wait_for_selector(CLOSE, state="visible")
        assert "Before you go" in page.locator(OFFER).inner_text()
        assert visitor.cookies() == []
    assert complaints == []


def test_revealed_block__other_occasions__leave_it_hidden(site: SiteProcess, new_visitor: NewVisitor) -> None:
    page = opened(site, new_visitor(viewport={"width": 1280, "height": 800}))
    leave(page)
    page.evaluate("scrollTo(0, 50)")
    settle(page, "scrollY > 0")
    assert page.locator(OFFER).is_hidden()
    scroll(page)
    page.wait_for_selector(CLOSE, state="visible")


def test_revealed_block__nothing_to_show__never_appears(site: SiteProcess, new_visitor: NewVisitor) -> None:
    page = opened(site, new_visitor(viewport={"width": 1280, "height": 800}), query="")
    scroll(page)
    settle(page, "scrollY > 500")
    assert page.locator(OFFER).is_hidden()
    assert page.locator(CLOSE).count() == 0


def test_revealed_block__appears__takes_no_focus_and_is_told_and_closes(
    site: SiteProcess, new_visitor: NewVisitor
) -> None:
    page = opened(site, new_visitor(viewport={"width": 1280, "height": 800}, reduced_motion="reduce"))
    page.focus("a.brand")
    leave(page)
    scroll(page)
    page.wait_for_selector(CLOSE, state="visible")
    assert page.evaluate("document.activeElement.className") == "brand"
    assert page.locator("[role=status].attune-said").inner_text() == "A note on this page"
    region = page.get_by_role("region", name="A note on this page")
    assert region.get_by_role("button", name="Close").count() == 1
    assert page.evaluate("getComputedStyle(document.querySelector('.attune-revealed')).animationName") == "none"
    # From inside, Escape closes it and leads back; and closed it stays on this page.
    page.focus(CLOSE)
    page.keyboard.press("Escape")
    assert page.locator(OFFER).is_hidden()
    assert page.evaluate("document.activeElement.className") == "brand"
    page.evaluate("scrollTo(0, 0)")
    settle(page, "scrollY === 0")
    scroll(page)
    settle(page, "scrollY > 500")
    assert page.locator(OFFER).is_hidden()
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_revealed_block__button__closes_it(site: SiteProcess, new_visitor: NewVisitor) -> None:
    page = opened(site, new_visitor(viewport={"width": 390, "height": 700}))
    answer(page, "Refuse")
    scroll(page)
    page.wait_for_selector(CLOSE, state="visible")
    box = page.locator(OFFER).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.click(CLOSE)
    assert page.locator(OFFER).is_hidden()


def views() -> list[str]:
    """The variants of the offer that were stored as seen."""
    rows = StoredEvent.objects.filter(name="block_view").values_list("properties", flat=True)
    found = [properties["variant"] for properties in rows if properties["block"] == "home-note"]
    connections.close_all()
    return found


def test_revealed_block__seen_as_often_as_it_may__does_not_appear_again(
    site: SiteProcess, new_visitor: NewVisitor
) -> None:
    variant = Variant.objects.get(block__key="home-note")
    variant.cap_times = 1
    variant.save()
    visitor = new_visitor(viewport={"width": 1280, "height": 800})
    page = visitor.new_page()
    page.goto(f"{site.url}/magazine/")
    answer(page, "Accept")
    page.goto(f"{site.url}/?utm_source=mail")
    page.wait_for_selector(f"{OFFER}[data-attune-variant='{variant.uuid}']", state="attached")
    # It is there, and not seen.
    assert views() == []
    scroll(page)
    page.wait_for_selector(CLOSE, state="visible")
    eventually(lambda: views() != [], page=page)
    assert views() == [str(variant.uuid)]
    page.goto(f"{site.url}/?utm_source=mail&again=1")
    page.wait_for_selector(f"{OFFER}[data-attune-variant=default]", state="attached")
