"""The seeds: complete, valid, and no trouble when run again."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.utils import timezone

from config.site.editorial import BLOCKS, CATEGORIES, SEGMENTS
from config.site.models import Product
from config.site.seeds import LOGIN, PASSWORD, seed
from personalization.content.bodies.registry import kind_of
from personalization.content.models import Block, Variant
from personalization.rules import Facts, Rule
from personalization.scoring.engagement import Scoring, engagement
from personalization.segments.models import Segment
from tests.config.site.conftest import put_shop
from tracking.timeline import Event, Page, Timeline

RULES = {slug: Rule.parse(rule) for slug, _, _, rule in SEGMENTS}


def matching(*events: tuple[str, float, dict[str, Any]]) -> set[str]:
    """The seeded segments of a visitor with these events: name, minutes ago, properties."""
    now = timezone.now()
    timeline = Timeline(
        [
            Event(
                uuid.uuid4(), name, now - timedelta(minutes=minutes), Page("https://larkmoor.example/"), properties, ""
            )
            for name, minutes, properties in events
        ]
    )
    facts = Facts(timeline, {}, frozenset(), None)
    return {slug for slug, rule in RULES.items() if rule.evaluate(facts, now).matches}


def view(category: str, minutes: float, item: str = "x") -> tuple[str, float, dict[str, Any]]:
    return "view_item", minutes, {"item_id": item, "item_category": category}


@pytest.mark.django_db
def test_seed__run_again__adds_nothing_and_keeps_what_editors_changed() -> None:
    assert seed().created["Product"] == 24
    Block.objects.filter(key="home-hero").update(default="<p>Changed by an editor.</p>")
    Segment.objects.filter(slug="buyers").update(name="Customers")
    Product.objects.filter(item_id="LM-101").update(price=1)
    assert seed().created == {}
    assert "editor" in Block.objects.get(key="home-hero").default
    assert Segment.objects.get(slug="buyers").name == "Customers"
    assert Product.objects.get(item_id="LM-101").price == 245


@pytest.mark.usefixtures("shop")
def test_seed__what_it_makes__would_pass_the_admins_checks() -> None:
    for segment in Segment.objects.all():
        segment.full_clean()
    for variant in Variant.objects.all():
        variant.full_clean()
        is_list = variant.body_kind == Variant.BodyKind.ITEMS
        assert variant.segments.exists() or variant.rule or is_list
        assert not kind_of(variant).is_empty(variant)
    assert Variant.objects.count() == sum(len(one.texts) or 1 for block in BLOCKS for one in block.variants)


@pytest.mark.usefixtures("shop")
def test_seed__its_log_in__opens_the_admin() -> None:
    client = Client()
    assert client.login(username=LOGIN, password=PASSWORD)
    assert client.get("/admin/demo_site/order/").status_code == 200


@pytest.mark.parametrize("category", CATEGORIES)
def test_fans__three_views_of_one_category__match_only_that(category: str) -> None:
    other = "boots" if category != "boots" else "packs"
    events = [view(category, 3), view(category, 2), view(category, 1), view(other, 1)]
    assert matching(*events) & {f"{name}-fans" for name in CATEGORIES} == {f"{category}-fans"}


def test_cart_abandoners__after_a_quarter_of_an_hour__match() -> None:
    assert "cart-abandoners" not in matching(("add_to_cart", 14, {}))
    assert "cart-abandoners" in matching(("add_to_cart", 15, {}))
    assert "cart-abandoners" not in matching(("add_to_cart", 20, {}), ("purchase", 1, {}))


def test_seeded_segments__buyers_readers_and_new_visitors__match_what_they_say() -> None:
    assert "new-visitors" in matching(("page_view", 5, {}))
    assert "new-visitors" not in matching(("page_view", 60 * 24 * 7, {}), ("page_view", 1, {}))
    assert matching(("purchase", 5, {})) == {"buyers"}
    assert "readers-of-care" in matching(view("care", 4, "a"), view("care", 3, "b"))
    assert "readers-of-care" not in matching(view("care", 4, "a"), view("care", 3, "a"), view("walks", 3, "b"))


def test_seeded_segments__engaged_visitors__are_those_who_did_much_lately() -> None:
    now = timezone.now()

    def is_engaged(*names: str, ago: timedelta) -> bool:
        timeline = Timeline(Event(uuid.uuid4(), name, now - ago) for name in names)
        facts = Facts(timeline, {"engagement": engagement(timeline, Scoring(), now)}, frozenset(), None)
        return RULES["engaged-visitors"].evaluate(facts, now).matches

    much = ("add_to_cart", "add_to_cart", "purchase")
    assert is_engaged(*much, ago=timedelta(minutes=5))
    assert not is_engaged(*much, ago=timedelta(days=30))
    assert not is_engaged("purchase", ago=timedelta(minutes=5))


@pytest.mark.parametrize("category", CATEGORIES)
def test_home__after_three_views_of_a_category__recommends_it(consenting: Client, category: str) -> None:
    before = consenting.get("/").content.decode()
    assert f"category-{category}.svg" in before
    assert f"See all {category}" not in before
    now = timezone.now()
    batch = {
        "events": [
            {
                "id": str(event_id(now - timedelta(seconds=3 - n))),
                "name": "view_item",
                "occurred_at": (now - timedelta(seconds=3 - n)).isoformat(),
                "page": {"url": "http://testserver/shop/", "title": "", "referrer": ""},
                "properties": {"item_id": f"i{n}", "item_category": category, "price": 10.0},
            }
            for n in range(3)
        ]
    }
    answer = consenting.post("/collect/", batch, content_type="application/json")
    assert answer.status_code == 202
    assert answer.json()["accepted"] == 3, answer.json()
    after = consenting.get("/")
    assert f"See all {category}" in after.content.decode()
    assert "private" in after.headers["Cache-Control"]


def event_id(at: Any) -> uuid.UUID:
    """A UUIDv7 of that instant."""
    milliseconds = int(at.timestamp() * 1000)
    return uuid.UUID(int=(milliseconds << 80) | (7 << 76) | (0b10 << 62) | (uuid.uuid4().int & ((1 << 62) - 1)))


@pytest.mark.django_db
def test_shop__put_there_again__is_what_seeding_makes() -> None:
    """So that tests may begin with the shop without seeding it each time."""
    counts = []
    for make in (seed, put_shop, put_shop):
        with transaction.atomic():
            make()
            models = [model for model in apps.get_models(include_auto_created=True) if model._default_manager.exists()]
            counts.append({model: model._default_manager.count() for model in models})
            assert seed().created == {}
            transaction.set_rollback(True)
    assert counts[0] == counts[1] == counts[2]
