"""What a visitor sees stays: within a page whatever happens meanwhile, across pages and log-in unless facts change."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings

from personalization.content.models import Block, Variant
from personalization.content.services import decide
from personalization.shortcuts import Recorded, in_segment, set_traits, track
from tests.personalization.content.visitors import cookies_of, judged, request_of
from tests.personalization.test_team import CACHED
from tests.personalization.test_templatetags import render

pytestmark = pytest.mark.django_db
Change = Callable[[HttpRequest, UUID], object]


@pytest.fixture
def visitor() -> UUID:
    return judged(uuid4())


@pytest.fixture
def offer(visitor: UUID) -> Variant:
    """Shown until somebody has seen one product, or is known to be a member; judged when it is asked for."""
    hero = Block.objects.create(key="hero", name="Hero", default="default")
    rule = {"not": {"any": [{"event": "view_item"}, {"trait": "member", "is": True}]}}
    return Variant.objects.create(block=hero, name="Offer", body="offer", audience_kind="rule", rule=rule)


def _elsewhere(request: HttpRequest, visitor: UUID) -> object:
    return track(request_of(visitor), "view_item", item_id="A1", item_category="boots")


def _here(request: HttpRequest, visitor: UUID) -> object:
    return track(request, "view_item", item_id="A1", item_category="boots")


def _known_here(request: HttpRequest, visitor: UUID) -> object:
    return set_traits(request, {"member": True}, source="crm")


def _published(request: HttpRequest, visitor: UUID) -> object:
    return Variant.objects.get().delete()


CHANGES = pytest.mark.parametrize("change", [_elsewhere, _here, _known_here, _published])


@CHANGES
def test_decide__facts_change_while_the_page_is_made__stays_as_it_was(
    offer: Variant, visitor: UUID, change: Change
) -> None:
    request = request_of(visitor)
    first = decide(request, "hero")
    change(request, visitor)
    assert decide(request, "hero").variants == first.variants
    assert str(offer.uuid) in render('{% personalized_block "hero" %}{% endpersonalized_block %}', request)
    assert decide(request_of(visitor), "hero").variants == ()


@pytest.mark.parametrize("change", [_here, _known_here])
def test_decide__visitor_acts_before_anything_was_decided__counts_at_once(
    offer: Variant, visitor: UUID, change: Change
) -> None:
    request = request_of(visitor)
    change(request, visitor)
    assert decide(request, "hero").variants == ()


def test_in_segment__visitor_acts_after_the_page_has_asked__stays_as_it_was(visitor: UUID, offer: Variant) -> None:
    request = request_of(visitor)
    assert not in_segment(request, "nobody")
    assert isinstance(_here(request, visitor), Recorded)
    assert decide(request, "hero").variant is not None


def test_decide__other_pages_and_times__the_same_variant(offer: Variant, visitor: UUID) -> None:
    shown = {
        variant.uuid if (variant := decide(request_of(visitor, path), "hero").variant) else ""
        for path in ("/", "/shop/", "/magazine/?page=2") * 2
    }
    assert shown == {str(offer.uuid)}


@pytest.mark.urls("personalization.urls")
def test_blocks__asked_for_after_their_page__show_what_the_page_would(
    offer: Variant, visitor: UUID, client: Client
) -> None:
    client.cookies.load(cookies_of(visitor))
    asked = "/personalization/blocks/?keys=hero,hero&page=/shop/"
    page = decide(request_of(visitor, "/shop/"), "hero").variant
    assert page is not None
    assert client.get(asked).json()["blocks"]["hero"]["variant"] == page.uuid
    _elsewhere(request_of(visitor), visitor)
    assert client.get(asked).json()["blocks"]["hero"]["variant"] == "default"


@pytest.mark.urls("personalization.urls")
def test_blocks__visitor_logs_in_and_out__see_the_same(visitor: UUID, client: Client) -> None:
    hero = Block.objects.create(key="hero", name="Hero")
    fans = {"any": [{"event": "view_item"}]}
    variant = Variant.objects.create(block=hero, name="Fans", body="fans", audience_kind="rule", rule=fans)
    client.cookies.load(cookies_of(visitor))
    _elsewhere(request_of(visitor), visitor)

    def shown() -> str:
        return str(client.get("/personalization/blocks/?keys=hero").json()["blocks"]["hero"]["variant"])

    before = {name: client.cookies[name].value for name in cookies_of(visitor)}
    client.force_login(User.objects.create_user("eva"))
    assert shown() == str(variant.uuid)
    client.logout()
    client.cookies.load(before)  # Django's test client forgets all cookies with the session
    assert shown() == str(variant.uuid)


@pytest.mark.urls("tests.personalization.pages_of_staff")
def test_page__visitor_logs_in_and_out_meanwhile__stays_but_for_what_a_rule_asks(
    visitor: UUID, offer: Variant, settings: Settings
) -> None:
    settings.MIDDLEWARE = CACHED
    client = Client()
    client.cookies.load(cookies_of(visitor))

    def shown() -> str:
        return client.get("/block/").content.decode()

    first = shown()
    assert str(offer.uuid) in first
    client.force_login(User.objects.create_user("anna"))
    assert shown() == first
    Variant.objects.filter(pk=offer.pk).update(order=2)
    members = {"request": "logged_in", "is": True}
    new = Variant(block=offer.block, name="Members", body="members", audience_kind="rule", rule=members, order=1)
    new.save()  # publishes
    assert "members" in shown()
    client.logout()
    client.cookies.load(cookies_of(visitor))
    assert shown() == first
