"""Lists of items that follow from what somebody did: pure functions over a timeline, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import unquote

from tracking.timeline import Event, Timeline, own_fields

READ_TO: Final = 90
"""Percent of a page that somebody has scrolled who came to its end."""
READ_FOR: Final = 20_000
"""Milliseconds with a page after which somebody read it; who came to its end faster has only flown over it."""

_VIEWED: Final = frozenset({"view_item"})
_BOUGHT: Final = frozenset({"purchase"})
_CART: Final = frozenset({"add_to_cart", "remove_from_cart", "view_cart", "begin_checkout", "purchase"})
_WHOLE_CART: Final = frozenset({"view_cart", "begin_checkout"})
_READ: Final = frozenset({"view_item", "scroll", "user_engagement"})


def recently_viewed(timeline: Timeline, now: datetime, *, here: str = "") -> list[str]:
    """The items for sale that were looked at, without those bought and the one whose page this is.

    Items for sale carry a price on their pages; articles do not.

    Args:
        timeline: what the visitor did.
        now: later events do not exist.
        here: the path of the page that asks.
    """
    bought = {item_id for event in _upto(timeline, _BOUGHT, now) for item_id in item_ids(event)}
    found: dict[str, None] = {}
    passed: set[str] = set()
    for event in reversed(_upto(timeline, _VIEWED, now)):
        for item_id in item_ids(event):
            if item_id in passed or not _is_for_sale(event):
                continue
            passed.add(item_id)
            if item_id not in bought and not (here and _path(event) == here):
                found[item_id] = None
    return list(found)


def still_in_cart(timeline: Timeline, now: datetime, *, here: str = "") -> list[str]:
    """What was put into the cart, and neither taken out again nor bought, as far as the events tell.

    Events that show the whole cart (`view_cart`, `begin_checkout`) correct what went unseen.

    >>> from datetime import UTC
    >>> from uuid import UUID
    >>> noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    >>> jacket = Event(UUID(int=1), "add_to_cart", noon, properties={"item_id": "J1"})
    >>> boots = Event(UUID(int=2), "add_to_cart", noon, properties={"item_id": "B1"})
    >>> bought = Event(UUID(int=3), "purchase", noon, properties={"item_id": ["J1"]})
    >>> still_in_cart(Timeline([jacket, boots, bought]), noon)
    ['B1']
    """
    cart: dict[str, float] = {}
    for event in _upto(timeline, _CART, now):
        pieces = dict(zip(item_ids(event), _quantities(event), strict=False))
        if event.name == "add_to_cart":
            for item_id, quantity in pieces.items():
                cart[item_id] = cart.pop(item_id, 0) + (quantity or 1)
        elif event.name == "remove_from_cart":
            for item_id, quantity in pieces.items():
                cart[item_id] = cart.get(item_id, 0) - quantity if quantity else 0
                if cart[item_id] <= 0:
                    del cart[item_id]
        elif event.name == "purchase":
            cart = {item_id: quantity for item_id, quantity in cart.items() if item_id not in pieces}
        elif event.name in _WHOLE_CART and pieces:
            known = [item_id for item_id in cart if item_id in pieces]
            added = [item_id for item_id in pieces if item_id not in cart]
            cart = {item_id: pieces[item_id] or 1 for item_id in (*known, *added)}
    return list(reversed(cart))


@dataclass(slots=True)
class _Reading:
    """How far somebody came with an article."""

    paths: set[str] = field(default_factory=set)
    scrolled: float = 0
    spent: float | None = None
    """Milliseconds; None where nobody measured."""

    @property
    def is_done(self) -> bool:
        return self.scrolled >= READ_TO and (self.spent is None or self.spent >= READ_FOR)


def continue_reading(timeline: Timeline, now: datetime, *, here: str = "") -> list[str]:
    """The articles that were begun and not finished: not scrolled to their end, or flown over in no time.

    Articles are items whose pages carry no price.
    """
    events = _upto(timeline, _READ, now)
    readings: dict[str, _Reading] = {}
    item_of: dict[str, str] = {}
    for event in events:
        if event.name != "view_item" or _is_for_sale(event):
            continue
        for item_id in item_ids(event):
            readings[item_id] = reading = readings.pop(item_id, _Reading())
            if path := _path(event):
                reading.paths.add(path)
                item_of[path] = item_id
    for event in events:
        item_id = item_of.get(_path(event), "")
        if event.name == "view_item" or not item_id:
            continue
        reading = readings[item_id]
        if event.name == "scroll":
            reading.scrolled = max(reading.scrolled, _number(event.properties, "percent_scrolled"))
        else:
            reading.spent = (reading.spent or 0) + _number(event.properties, "engagement_time_msec")
    newest_first = reversed(readings.items())
    return [item_id for item_id, one in newest_first if not one.is_done and not (here and here in one.paths)]


def _upto(timeline: Timeline, names: frozenset[str], now: datetime) -> list[Event]:
    return [event for event in timeline.named(names) if event.occurred_at <= now]


def item_ids(event: Event) -> list[str]:
    """The items that an event is about."""
    return [value for value in _listed(event, "item_id") if isinstance(value, str) and value]


def _quantities(event: Event) -> Iterator[float]:
    """How many of each item; 0 where the event does not say."""
    known = _listed(event, "quantity")
    yield from (float(one) if isinstance(one, int | float) and one > 0 else 0 for one in known)
    while True:
        yield 0


def _listed(event: Event, name: str) -> list[object]:
    value = event.properties.get(name)
    return list(value) if isinstance(value, list) else [value]


def _is_for_sale(event: Event) -> bool:
    return event.properties.get("price") is not None


def _path(event: Event) -> str:
    """The path of the page that it happened on, as requests give theirs."""
    return unquote(own_fields(event).get("path", ""))


def _number(properties: Mapping[str, object], name: str) -> float:
    value = properties.get(name)
    return float(value) if isinstance(value, int | float) else 0
