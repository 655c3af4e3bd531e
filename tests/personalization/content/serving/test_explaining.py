"""Decisions as JSON: a shape that stays, for developers and staff alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django import Settings

from personalization.content.deciding.blocks import PublishedBlock, PublishedVariant, decide_block
from personalization.content.models import Block, Variant
from personalization.rules import Reason
from tests.docs.reading import code_blocks, document
from tests.personalization.content.visitors import cookies_of, judged, segment

URL = "/personalization/decisions/"


def test_to_json__explained_decision__is_what_the_page_says() -> None:
    block = PublishedBlock(
        "home-hero",
        live=True,
        default="<p>All</p>",
        variants=(
            PublishedVariant("7d0c1f4e-5d0a-4c0e-9b1d-0f6a3c1b2a10", "Boots", ("boots-fans",)),
            PublishedVariant("52d5b0f6-0e3e-4a3c-8f0e-2b6f3f0f8c11", "Autumn", None, score="likes_autumn"),
        ),
        pick="best",
        most=1,
    )
    decision = decide_block(
        block,
        matches=set().__contains__,
        now=datetime(2026, 11, 20, tzinfo=UTC),
        trait={"likes_autumn": 2.5}.get,
        explain=lambda key: Reason(False, "1 of at least 3 view_item in 7d", found="1"),
    )
    (told,) = code_blocks(document("docs/reference/python.md"), "json decision")
    assert decision.to_json() == json.loads(told.text)


@pytest.fixture
def hero(db: None) -> Block:
    block = Block.objects.create(key="hero", name="Hero")
    variant = Variant.objects.create(block=block, name="Fans", body="x", audience_kind=Variant.Audience.SEGMENTS)
    variant.segments.add(segment("fans"))
    return block


def _asked(client: Client) -> int:
    return client.get(URL, {"keys": "hero"}).status_code


def test_decisions__visitors_and_staff_without_the_right__are_refused(hero: Block, client: Client) -> None:
    assert _asked(client) == 403
    eva = User.objects.create_user("eva", is_staff=True)
    client.force_login(eva)
    assert _asked(client) == 403
    eva.user_permissions.add(Permission.objects.get(codename="view_block"))
    assert _asked(client) == 200
    User.objects.update(is_staff=False)
    assert _asked(client) == 403


def test_decisions__staff__are_told_why_and_nobody_keeps_it(hero: Block, admin_client: Client) -> None:
    admin_client.cookies.load(cookies_of(judged(uuid4(), ["fans"])))
    response = admin_client.get(URL, {"keys": "hero,gone", "page": "/shop/"})
    hero_told, gone_told = response.json()["decisions"]
    assert (hero_told["block"], [one["name"] for one in hero_told["variants"]]) == ("hero", ["Fans"])
    assert [step["passed"] for step in hero_told["reason"]["steps"]] == ["shown"]
    assert gone_told["reason"]["outcome"] == "unknown"
    assert "no-store" in response["Cache-Control"]


def test_decisions__while_debugging__everybody_is_told(hero: Block, client: Client, settings: Settings) -> None:
    settings.DEBUG = True
    assert _asked(client) == 200


@pytest.mark.parametrize(
    "about", [{}, {"keys": ",".join(f"b{number}" for number in range(51))}, {"keys": "a", "page": "//x"}]
)
def test_decisions__asked_for_nothing_too_much_or_elsewhere__says_so(
    admin_client: Client, about: dict[str, str]
) -> None:
    response = admin_client.get(URL, about)
    assert response.status_code == 400
    assert response.json()["error"]
