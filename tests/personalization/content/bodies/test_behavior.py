"""Lists from what somebody did: what is on them, in which order, and what is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from personalization.content.bodies.behavior import continue_reading, recently_viewed, still_in_cart
from tests.tracking.samples import NOW, event
from tracking.timeline import Event, Page, Timeline


def _at(minutes: int, name: str, path: str = "/", **properties: Any) -> Event:
    """Something that happened so many minutes before now."""
    page = Page(f"https://shop.example{path}", "A page")
    return event(name, at=NOW - timedelta(minutes=minutes), page=page, **properties)


def _viewed(minutes: int, item_id: str, **properties: Any) -> Event:
    return _at(minutes, "view_item", f"/shop/{item_id}/", item_id=item_id, **({"price": 48.0} | properties))


def _read(minutes: int, slug: str, *, to: int = 0, seconds: int | None = None) -> list[Event]:
    path = f"/magazine/{slug}/"
    events = [_at(minutes, "view_item", path, item_id=slug)]
    if to:
        events.append(_at(minutes, "scroll", path, percent_scrolled=to))
    if seconds is not None:
        events.append(_at(minutes, "user_engagement", path, engagement_time_msec=seconds * 1000))
    return events


def test_recently_viewed__things_looked_at_twice_and_bought__each_once_newest_first_without_the_bought() -> None:
    timeline = Timeline(
        [_viewed(50, "A"), _viewed(40, "B"), _viewed(30, "C"), _viewed(20, "A"), _at(10, "purchase", item_id=["C"])]
    )
    assert recently_viewed(timeline, NOW) == ["A", "B"]


def test_recently_viewed__own_page_articles_and_what_comes_later__are_not_on_it() -> None:
    timeline = Timeline([_viewed(5, "A"), _viewed(4, "B"), _viewed(3, "story", price=None), _viewed(-5, "C")])
    assert recently_viewed(timeline, NOW, here="/shop/B/") == ["A"]


@pytest.mark.parametrize(
    ("events", "cart"),
    [
        ([("add_to_cart", "A", 1), ("add_to_cart", "B", 1)], ["B", "A"]),
        ([("add_to_cart", "A", 2), ("remove_from_cart", "A", 1)], ["A"]),
        ([("add_to_cart", "A", 2), ("remove_from_cart", "A", 2)], []),
        ([("add_to_cart", "A", 2), ("remove_from_cart", "A", None)], []),
        ([("remove_from_cart", "A", 1), ("add_to_cart", "A", None)], ["A"]),
        ([("add_to_cart", "A", 1), ("purchase", "A", 1), ("add_to_cart", "A", 1)], ["A"]),
        ([("add_to_cart", ["A", "B"], [1, 1]), ("view_cart", ["B", "C"], [1, 1])], ["C", "B"]),
        ([("add_to_cart", "A", 1), ("view_cart", None, None)], ["A"]),
        ([("add_to_cart", "A", 1), ("begin_checkout", ["A"], None), ("purchase", ["A"], [1])], []),
    ],
)
def test_still_in_cart__after_these_events__holds_what_was_neither_taken_out_nor_bought(
    events: list[tuple[str, Any, Any]], cart: list[str]
) -> None:
    happened = [
        _at(60 - number, name, item_id=item, quantity=quantity) for number, (name, item, quantity) in enumerate(events)
    ]
    assert still_in_cart(Timeline(happened), NOW) == cart


@pytest.mark.parametrize(
    ("to", "seconds", "goes_on"),
    [(0, None, True), (75, 300, True), (90, 300, False), (90, 5, True), (90, None, False), (0, 300, True)],
)
def test_continue_reading__article_read_so_far__is_there_until_it_is_finished(
    to: int, seconds: int | None, goes_on: bool
) -> None:
    assert continue_reading(Timeline(_read(9, "rain", to=to, seconds=seconds)), NOW) == (["rain"] if goes_on else [])


def test_continue_reading__several_articles__newest_first_without_this_page_and_without_goods() -> None:
    timeline = Timeline([*_read(9, "rain"), *_read(8, "wool"), *_read(7, "snow"), *_read(6, "rain"), _viewed(5, "A")])
    assert continue_reading(timeline, NOW) == ["rain", "snow", "wool"]
    assert continue_reading(timeline, NOW, here="/magazine/snow/") == ["rain", "wool"]


def test_lists__properties_of_odd_types__are_passed_over() -> None:
    odd = [_at(5, name, item_id=[1, None, ""], quantity="x", price="y") for name in ("view_item", "add_to_cart")]
    for find in (recently_viewed, still_in_cart, continue_reading):
        assert find(Timeline([*odd, _at(4, "scroll", percent_scrolled="much")]), NOW) == []
