"""What simulated visitors saw of blocks: those of the pages, by what the model knows of them, the same each time."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pytest
import time_machine

from config.site.simulator.blocks import Place, Places, looked_at, read_places, segments_in, variant_for
from config.site.simulator.doors import InProcess
from config.site.simulator.model import visitors
from config.site.simulator.people import Event, Visitor
from config.site.simulator.sending import begin_history, send_history
from config.site.simulator.shop import read_shop
from personalization.content.bodies.texts import Text
from personalization.content.deciding.blocks import PublishedVariant
from personalization.content.models import Variant
from tracking.models import StoredEvent

SHOP = read_shop()
UNTIL = datetime(2026, 11, 20, tzinfo=UTC)
ORIGIN = "http://127.0.0.1:8000"
BACK = PublishedVariant("2f", "Back", ("returning-visitors",), body=Text('<a href="/shop/">Go</a>'))
NOTES = [Place("note", (BACK,), is_empty=False, link="/about/"), Place("aside", (), is_empty=True, link="")]
KINDS = ("home", "product", "article", "category", "magazine")
PLACES = Places(dict.fromkeys(KINDS, NOTES), dict.fromkeys(KINDS, ("shop-now",)))


@cache
def cast() -> list[Visitor]:
    return [one for one in visitors(100, seed=3, until=UNTIL, shop=SHOP) if one.kept_purposes and len(one.visits) > 1]


def looks(one: Visitor, number: int) -> list[Event]:
    return list(looked_at(one, number, seed=3, places=PLACES, origin=ORIGIN))


def shown(one: Visitor, number: int) -> set[str]:
    return {event.properties["variant"] for event in looks(one, number) if "block" in event.properties}


def test_looked_at__asked_again__is_the_same_and_within_the_visit() -> None:
    everything = [event for one in cast() for event in looks(one, 1)]
    assert everything == [event for one in cast() for event in looks(one, 1)]
    ids = [event.id for event in everything]
    assert len(set(ids)) == len(ids)
    assert {one.version for one in ids} == {7}
    assert {event.name for event in everything} == {"block_view", "block_click", "select_content"}
    said = {event.properties.get("block") or event.properties["content_id"] for event in everything}
    assert said == {"note", "shop-now"}
    for one in cast():
        assert all(one.visits[1].start < event.occurred_at <= one.visits[1].end for event in looks(one, 1))


def test_looked_at__variants__are_for_those_who_agreed_and_whom_they_fit() -> None:
    for one in cast():
        agreed = bool(one.choices_in(1).get("personalization"))
        assert shown(one, 1) <= ({"2f"} if agreed else {"default"})
        assert shown(one, 0) <= {"default"}
    assert variant_for(NOTES[0], frozenset(), "en") is None


def test_segments_in__a_later_visit__follows_from_those_before() -> None:
    buyer, number = next(
        (one, number) for one in cast() for number, visit in enumerate(one.visits[:-1], start=1) if visit.buys
    )
    assert {"buyers", "returning-visitors"} <= segments_in(buyer, number)
    assert "new-visitors" not in segments_in(buyer, number)
    assert segments_in(buyer, 0) == {"new-visitors"}


@pytest.mark.usefixtures("shop")
def test_history__with_the_shops_own_blocks__is_stored_with_them() -> None:
    door = InProcess(ORIGIN)
    places = read_places(door, SHOP)
    assert {place.key for some in places.blocks.values() for place in some} >= {"category-note", "product-note"}
    assert places.calls["home"]
    run = begin_history(seed=3, visitors=25, now=UNTIL)
    with time_machine.travel(UNTIL):  # some day all of this will be past its retention
        tally = send_history(run, range(25), shop=SHOP, door=door, places=places)
    assert tally.rejected.keys() <= {"bot"}
    shown = set(StoredEvent.objects.filter(name="block_view").values_list("properties__variant", flat=True))
    assert shown - {"default"} <= {str(uuid) for uuid in Variant.objects.values_list("uuid", flat=True)}
    assert len(shown) > 3
