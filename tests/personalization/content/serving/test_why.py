"""Visitors are told why they see what they see: what was looked at, and nothing that is an editor's or another's."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from personalization.content.models import Block, Variant
from personalization.content.serving.why import Kind, kinds_of
from personalization.profiles.head import configuration_version
from personalization.segments.published import published
from tests.personalization.content.visitors import cookies_of, judged, segment

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"


def _hero(rule: Any) -> Block:
    block = Block.objects.create(key="hero", name="Hero", default="<p>for all</p>")
    Variant.objects.create(block=block, name="Secret name", body="<p>x</p>", audience_kind="rule", rule=rule)
    return block


def _page(client: Client, **headers: str) -> str:
    answer = client.get(reverse("personalization:why"), {"block": "hero"}, headers={"user_agent": FIREFOX, **headers})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    return answer.content.decode()


@pytest.mark.parametrize(
    ("rule", "kinds"),
    [
        ({"event": "view_item", "where": [{"property": "item_category", "is": "boots"}]}, [Kind.LOOKED_AT]),
        (
            {"event": "add_to_cart", "not_followed_by": {"event": "purchase"}, "after": "1h"},
            [Kind.CART, Kind.BOUGHT],
        ),
        ({"event": ["search", "sign_up"]}, [Kind.SEARCHED, Kind.DONE]),
        (
            {"any": [{"seen": "first", "within": "7d"}, {"trait": "tier", "is": "x"}]},
            [Kind.VISITS, Kind.KNOWN],
        ),
        ({"trait": "engagement", "at_least": 5}, [Kind.ENGAGED]),
        ({"request": "utm_source", "is": "mail"}, [Kind.FROM]),
        ({"request": "query.a", "is": "b"}, [Kind.PAGE]),
        ({"all": [{"segment": "readers"}, {"request": "hour", "at_least": 18}]}, [Kind.READ, Kind.TIME]),
    ],
)
def test_kinds__each_way_of_asking__is_told_by_what_it_looks_at(rule: Any, kinds: list[Kind]) -> None:
    segment("readers", {"event": "page_view"})
    segment("asked", rule)
    assert list(kinds_of(["asked"], published(configuration_version()).rules)) == kinds


def test_page__a_chosen_block__says_what_decided_and_no_names() -> None:
    fans = segment("secret-fans", {"request": "device", "is": "desktop"}, name="Secret fans")
    block = Block.objects.create(key="hero", name="Hero")
    Variant.objects.create(block=block, name="Secret name", body="<p>x</p>", audience_kind="segments").segments.add(
        fans
    )
    page = _page(Client())
    assert "the device and browser that you use" in page
    assert "nothing of it is stored" in page
    assert "ecret" not in page
    assert 'href="/consent/preferences/"' in page


def test_page__somebody_who_agreed__reads_that_it_can_be_taken_back() -> None:
    segment("fans", {"event": "view_item"})
    block = _hero({"segment": "fans"})
    visitor = Client()
    variant = block.variants.get()
    visitor.cookies.load(cookies_of(judged(uuid4(), ["fans", variant.verdict_key])))
    page = _page(visitor)
    assert "which products you looked at" in page
    assert "because you agreed" in page
    assert "Nothing was chosen for you" in _page(Client())


def test_page__where_the_visitor_comes_from__is_what_is_decided_about() -> None:
    _hero({"request": "path", "starts_with": "/de/shop/"})
    assert "die Seite, auf der du bist" in _page(Client(), referer="http://testserver/de/shop/?page=2")
    for elsewhere in ("http://elsewhere.example/de/shop/", "http://testserver//elsewhere/", "http://[", ""):
        assert "Nothing was chosen for you" in _page(Client(), referer=elsewhere)


def test_page__for_everybody_or_unknown__says_so() -> None:
    Block.objects.create(key="hero", name="Hero")
    assert "Nothing was chosen for you" in _page(Client())
    Variant.objects.create(block=Block.objects.get(), name="All", body="<p>x</p>")
    assert "Everybody sees this" in _page(Client())
