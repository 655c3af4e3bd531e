"""Five visitors for the README's picture: what each did, and when, sent to the collector by a browser of their own."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from config.site.catalog import articles, products
from tests.services.browser import answer
from tests.services.waiting import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ITEMS = {
    **{entry["slug"]: (entry["item_id"], entry["category"], "shop/{shelf}/{slug}") for entry in products()},
    **{entry["slug"]: (entry["slug"], entry["topic"], "magazine/{slug}") for entry in articles()},
}
"""By its slug: an item's id, its category or topic, and where its page is."""
SEND = """async (batch) => {
  const headers = {"Content-Type": "application/json"};
  const answer = await fetch("/collect/", {method: "POST", headers, body: JSON.stringify(batch)});
  return answer.json();
}"""


class Deed(NamedTuple):
    """Something done with an item: how long ago, what, and the slug of which."""

    ago: timedelta
    name: str
    slug: str

    def on_the_wire(self, address: str, now: datetime) -> dict[str, Any]:
        """The event as the collector takes it."""
        item_id, shelf, path = ITEMS[self.slug]
        at = now - self.ago
        return {
            "id": str(event_id(at)),
            "name": self.name,
            "occurred_at": at.isoformat(),
            "page": {"url": f"{address}/{path.format(shelf=shelf, slug=self.slug)}/", "title": "", "referrer": ""},
            "properties": {"item_id": item_id, "item_category": shelf},
        }


class Person(NamedTuple):
    """A kind of visitor, as the picture's caption says it, and their past."""

    caption: str
    past: tuple[Deed, ...] = ()


def looked(slugs: str, **ago: float) -> tuple[Deed, ...]:
    """Looks at items, a minute apart."""
    first = timedelta(**ago)
    return tuple(Deed(first - timedelta(minutes=n), "view_item", slug) for n, slug in enumerate(slugs.split()))


PEOPLE = (
    Person("New here"),
    Person("Looked at three boots", looked("scree-mid-boot tarn-trail-shoe corrie-winter-boot", minutes=9)),
    Person(
        "Left a cart an hour ago",
        (*looked("cairn-24-daypack", minutes=66), Deed(timedelta(minutes=62), "add_to_cart", "cairn-24-daypack")),
    ),
    Person("Back after two months", looked("fieldfare-shell gorse-overtrousers", days=64)),
    Person("Reads about care", looked("how-to-wash-a-rain-jacket wax-and-patience a-darn-is-not-a-defeat", days=3)),
)


def event_id(at: datetime) -> uuid.UUID:
    """A UUIDv7 of that instant."""
    milliseconds = int(at.timestamp() * 1000)
    return uuid.UUID(int=(milliseconds << 80) | (7 << 76) | (0b10 << 62) | (uuid.uuid4().int & ((1 << 62) - 1)))


def home_of(person: Person, browser: Browser, address: str, **context: Any) -> Page:
    """The home page as this person finds it who agreed, did all that, and comes back now."""
    page = browser.new_context(locale="en", **context).new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(f"{address}/")
    answer(page, "Accept")
    page.wait_for_load_state("networkidle")
    if person.past:
        now = datetime.now(UTC)
        told = page.evaluate(SEND, {"events": [deed.on_the_wire(address, now) for deed in person.past]})
        assert told.get("accepted") == len(person.past), told
    page.goto(f"{address}/")
    page.wait_for_load_state("networkidle")
    return page
