"""The tracker script in Chromium, against a small server of its own that notes what it is sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

import tracking
from tests.services.waiting import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.once

SCRIPT = Path(tracking.__file__).parent / "static" / "tracking" / "tracker.js"
GRANTED = "p1|analytics:granted|personalization:granted"
REFUSED = "p1|analytics:refused|personalization:refused"

PRODUCT = """<!doctype html><html><head><title>Trousers</title>
<script src="/collect/tracker.js" data-attune-collect="/collect/" defer></script></head>
<body><main data-attune-item-id="13" data-attune-item-category="trousers" data-attune-item-name="T"
data-attune-item-price="48.50"><h1>Trousers</h1>
<button data-attune-event="add_to_cart" data-attune-event-item-id="13" data-attune-event-quantity="2">Add</button>
<div data-attune-block="hero" data-attune-variant="v1" style="height:100px"><a href="#x">Look</a></div></main>
<div style="height:4000px"></div></body></html>"""


def names(batch: dict[str, Any]) -> list[str]:
    return [event["name"] for event in batch["events"]]


class Notes:
    """What the server was sent, and what it is to answer."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.batches: list[dict[str, Any]] = []
        self.types: list[str] = []
        self.answers: list[int] = []
        self.url = ""

    def take(self, body: bytes, content_type: str) -> int:
        with self.changed:
            self.batches.append(json.loads(body))
            self.types.append(content_type)
            self.changed.notify_all()
            return self.answers.pop(0) if self.answers else 202

    def events(self) -> list[dict[str, Any]]:
        return [event for batch in self.batches for event in batch["events"]]

    def names(self) -> list[str]:
        return [name for batch in self.batches for name in names(batch)]

    def wait(self, until: Callable[[], bool]) -> bool:
        with self.changed:
            return self.changed.wait_for(until, PATIENCE)


@pytest.fixture
def notes() -> Iterator[Notes]:
    """A server with a product page, an empty page and a collector."""
    notes = Notes()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/collect/tracker.js":
                self._send(200, SCRIPT.read_bytes(), "text/javascript")
            elif self.path.startswith("/product"):
                self._send(200, PRODUCT.encode(), "text/html")
            else:
                self._send(200, b"<!doctype html><title>Other</title>", "text/html")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._send(notes.take(body, self.headers["Content-Type"]), b"{}", "application/json")

        def _send(self, status: int, content: bytes, content_type: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    notes.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield notes
    server.shutdown()
    thread.join()
    server.server_close()


def choose(page: Page, notes: Notes, value: str) -> None:
    page.context.add_cookies([{"name": "attune_consent", "value": value, "url": notes.url}])


ANNOUNCE = "document.dispatchEvent(new CustomEvent('attune:consent'))"


def test_tracker__consent_given__sends_page_view_and_item_at_once(page: Page, notes: Notes) -> None:
    choose(page, notes, GRANTED)
    page.goto(f"{notes.url}/product?token=1#top")
    assert notes.wait(lambda: "view_item" in notes.names())
    first = notes.batches[0]
    assert [event["name"] for event in first["events"]] == ["page_view", "view_item"]
    assert first["events"][1]["properties"] == {
        "item_id": "13",
        "item_category": "trousers",
        "item_name": "T",
        "price": 48.5,
    }
    assert first["sent_at"].endswith("Z")
    assert first["events"][0]["page"] == {"url": f"{notes.url}/product?token=1", "title": "Trousers", "referrer": ""}
    ids = [UUID(event["id"]) for event in first["events"]]
    assert [one.version for one in ids] == [7, 7]
    assert ids == sorted(ids)


def test_tracker__no_consent__sends_and_keeps_nothing_until_it_is_given(page: Page, notes: Notes) -> None:
    for value in ("", REFUSED):
        if value:
            choose(page, notes, value)
        page.goto(f"{notes.url}/product")
        page.click("button")
        assert page.evaluate("window.attune.track('search', {search_term: 'x'})") is None
        assert page.evaluate("sessionStorage.length") == 0
    choose(page, notes, GRANTED)
    page.evaluate(ANNOUNCE)
    assert notes.wait(lambda: "view_item" in notes.names())
    assert "add_to_cart" not in notes.names()
    assert "search" not in notes.names()


def test_tracker__marked_click__sends_its_properties(page: Page, notes: Notes) -> None:
    choose(page, notes, GRANTED)
    page.goto(f"{notes.url}/product")
    page.click("button")
    page.evaluate("window.attune.track('search', {search_term: 'x'})")
    assert notes.wait(lambda: {"add_to_cart", "search"} <= set(notes.names()))
    found = {event["name"]: event["properties"] for event in notes.events()}
    assert found["add_to_cart"] == {"item_id": "13", "quantity": 2}
    assert found["search"] == {"search_term": "x"}


def test_tracker__block_in_view__is_seen_once_and_clicked(page: Page, notes: Notes) -> None:
    choose(page, notes, GRANTED)
    page.goto(f"{notes.url}/product")
    assert notes.wait(lambda: "block_view" in notes.names())
    page.click("[data-attune-block] a")
    assert notes.wait(lambda: "block_click" in notes.names())
    found = {event["name"]: event["properties"] for event in notes.events()}
    assert found["block_view"] == {"block": "hero", "variant": "v1"}
    assert found["block_click"] == {"block": "hero", "variant": "v1", "link_url": f"{notes.url}/product"}
    assert notes.names().count("block_view") == 1


def test_tracker__link_in_a_block__tells_no_more_than_a_pages_address(page: Page, notes: Notes) -> None:
    choose(page, notes, GRANTED)
    page.goto(f"{notes.url}/product")
    page.evaluate(
        """() => {
          const block = document.querySelector("[data-attune-block]");
          block.innerHTML = '<a href="https://me:secret@shop.example/a?token=1#x">A</a>'
            + '<a href="mailto:me@shop.example">M</a><svg><a href="/drawn"><rect width="9" height="9"/></a></svg>';
          for (const link of block.querySelectorAll("a")) {
            link.addEventListener("click", (event) => event.preventDefault());
            link.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
          }
        }"""
    )
    assert notes.wait(lambda: notes.names().count("block_click") == 3)
    clicks = [event["properties"] for event in notes.events() if event["name"] == "block_click"]
    assert [click.get("link_url") for click in clicks] == ["https://shop.example/a", None, None]


def test_tracker__property_that_is_no_json__holds_nothing_up(page: Page, notes: Notes) -> None:
    choose(page, notes, GRANTED)
    page.goto(f"{notes.url}/product")
    assert page.evaluate("window.attune.track('search', {search_term: 1n})") is None
    assert page.evaluate("window.attune.track('search', {search_term: 'x'})")
    assert notes.wait(lambda: "search" in notes.names())
    assert [event["properties"] for event in notes.events() if event["name"] == "search"] == [{"search_term": "x"}]


def test_tracker__scrolled_to_the_end_and_left__sends_depths_and_time(page: Page, notes: Notes) -> None:
    choose(page, notes, GRANTED)
    page.goto(f"{notes.url}/product")
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    assert notes.wait(lambda: notes.names().count("scroll") == 4)
    page.wait_for_timeout(150)  # less than a tenth of a second is no engagement
    page.goto(f"{notes.url}/other")
    assert notes.wait(lambda: "user_engagement" in notes.names())
    depths = [event["properties"]["percent_scrolled"] for event in notes.events() if event["name"] == "scroll"]
    assert depths == [25, 50, 75, 90]
    engaged = [event["properties"] for event in notes.events() if event["name"] == "user_engagement"]
    assert all(0 < one["engagement_time_msec"] < 60_000 for one in engaged)
    # By a beacon, which outlives its page; what was on its way before may come after it.
    (way,) = {kind for kind, batch in zip(notes.types, notes.batches, strict=True) if "user_engagement" in names(batch)}
    assert way.startswith("text/plain")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_tracker__collector_cannot_take_it__sends_the_same_again(page: Page, notes: Notes, status: int) -> None:
    notes.answers = [status]
    choose(page, notes, GRANTED)
    page.goto(f"{notes.url}/product")
    assert notes.wait(lambda: len(notes.batches) >= 2)
    first, second = ({event["id"] for event in batch["events"]} for batch in notes.batches[:2])
    assert first <= second


@pytest.mark.parametrize("status", [400, 403, 413])
def test_tracker__refused_for_good__drops_what_was_refused(page: Page, notes: Notes, status: int) -> None:
    notes.answers = [status]
    choose(page, notes, GRANTED)
    page.goto(f"{notes.url}/product")
    assert notes.wait(lambda: len(notes.batches) >= 1)
    page.wait_for_function("sessionStorage.getItem('attune.queue') === null")
    page.evaluate("window.attune.track('search', {search_term: 'x'})")
    assert notes.wait(lambda: "search" in notes.names())
    assert notes.names().count("page_view") == 1


def test_tracker__page_left_while_out_of_reach__sends_from_the_next(page: Page, notes: Notes) -> None:
    notes.answers = [503]
    choose(page, notes, GRANTED)
    page.add_init_script("Object.defineProperty(navigator, 'sendBeacon', {value: () => false})")
    page.goto(f"{notes.url}/product?first")
    assert notes.wait(lambda: len(notes.batches) >= 1)
    page.goto(f"{notes.url}/product?second")
    viewed = "page_view"
    assert notes.wait(lambda: notes.names().count(viewed) >= 3)
    urls = [event["page"]["url"][-6:] for event in notes.events() if event["name"] == viewed]
    assert urls[0] == urls[1] == "?first"
    assert "second" in urls


def test_tracker__consent_withdrawn__clears_what_waits(page: Page, notes: Notes) -> None:
    notes.answers = [503] * 50
    choose(page, notes, GRANTED)
    page.goto(f"{notes.url}/product")
    assert notes.wait(lambda: len(notes.batches) >= 1)
    assert page.evaluate("sessionStorage.getItem('attune.queue')")
    choose(page, notes, REFUSED)
    withdrawn = page.evaluate(f"() => {{ {ANNOUNCE}; return new Date().toISOString(); }}")
    assert page.evaluate("sessionStorage.getItem('attune.queue')") is None
    assert page.evaluate("window.attune.track('search')") is None
    page.goto(f"{notes.url}/other")
    # One may have been on its way.
    assert all(batch["sent_at"] <= withdrawn for batch in notes.batches)
