"""Blocks and calls to action as data: texts, layouts, defaults, names that nobody made, and wrong requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from personalization.content.bodies import items
from personalization.content.bodies.items import Item, ItemSource
from personalization.content.models import Block, CallToAction, CallToActionOverride, Picture, Variant
from personalization.content.serving.rendering import render_cta
from tests.personalization.content.visitors import cookies_of, judged, request_of, segment

pytestmark = [pytest.mark.django_db, pytest.mark.urls("personalization.urls")]

USUAL = {"placement": "normal", "new_tab": False}


def _ask(client: Client, **parameters: str) -> Any:
    answer = client.get("/personalization/blocks/", {"format": "data", **parameters})
    assert "no-store" in answer["Cache-Control"]
    return answer.json()


def _fan() -> Client:
    client = Client()
    client.cookies.load(cookies_of(judged(uuid4(), ["fans"])))
    return client


def test_data__fan_and_stranger__each_their_text_and_their_call_to_action() -> None:
    fans = segment("fans")
    block = Block.objects.create(key="hero", name="Hero", default="<p>all</p>")
    variant = Variant.objects.create(block=block, name="Fans", audience_kind="segments", body="<p>fans</p>")
    variant.segments.add(fans)
    cta = CallToAction.objects.create(key="join", name="Join", label="Join <us>", url="/join/")
    CallToActionOverride.objects.create(cta=cta, segment=fans, label="Welcome", style="secondary")
    assert _ask(_fan(), keys="hero", ctas="join") == {
        "blocks": {"hero": {"contents": [{"kind": "text", "variant": str(variant.uuid), "html": "<p>fans</p>"}]}},
        "ctas": {"join": {"label": "Welcome", "url": "/join/", "style": "secondary", **USUAL}},
        "unknown": [],
    }
    assert _ask(Client(), keys="hero", ctas="join") == {
        "blocks": {"hero": {"contents": [{"kind": "text", "variant": "default", "html": "<p>all</p>"}]}},
        "ctas": {"join": {"label": "Join <us>", "url": "/join/", "style": "primary", **USUAL}},
        "unknown": [],
    }


def test_data__layout_of_the_page_that_asks__named_and_rendered(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "offer.html").write_text("<b>{{ request.path }}</b>")
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path]}]
    settings.PERSONALIZATION_VARIANT_TEMPLATES = ["offer.html"]
    block = Block.objects.create(key="hero", name="Hero")
    variant = Variant.objects.create(block=block, name="Offer", body_kind="template", template_name="offer.html")
    (content,) = _ask(Client(), keys="hero", page="/shop/?a=1")["blocks"]["hero"]["contents"]
    uuid = str(variant.uuid)
    assert content == {"kind": "layout", "variant": uuid, "layout": "offer.html", "html": "<b>/shop/</b>"}


def get_items(ids: Sequence[str]) -> list[Item]:
    """What the site says of its items."""
    return [Item(one, f"Item {one}", f"/shop/{one}/", price="€48") for one in ids]


@pytest.fixture
def named(settings: Settings) -> Iterator[None]:
    """A source that names two items."""
    settings.PERSONALIZATION_GET_ITEMS = f"{__name__}.get_items"
    items.register(ItemSource("named", "Named", lambda asker: ["A", "B"]))
    yield
    items._sources.pop("named", None)


@pytest.mark.usefixtures("named")
def test_data__list_and_call_to_action_as_variants__their_parts_and_what_the_server_renders(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cta = CallToAction.objects.create(key="join", name="Join", label="Join", url="/join/")
    pressed = Variant.objects.create(
        block=Block.objects.create(key="call", name="Call"), name="Call", body_kind="cta", cta=cta
    )
    content = {"items_source": "named", "items_count": 2, "items_title": "Lately"}
    listed = Variant.objects.create(
        block=Block.objects.create(key="picks", name="Picks"), name="List", body_kind="items", content=content
    )
    blocks = _ask(Client(), keys="call,picks")["blocks"]
    ((call,), (picks,)) = (blocks[key]["contents"] for key in ("call", "picks"))
    assert (call["kind"], call["variant"], call["key"]) == ("cta", str(pressed.uuid), "join")
    assert call["cta"] == {
        "label": "Join",
        "url": "/join/",
        "style": "primary",
        "placement": "normal",
        "new_tab": False,
    }
    assert "Join</a>" in call["html"]
    assert (picks["kind"], picks["variant"], picks["title"]) == ("items", str(listed.uuid), "Lately")
    assert [(item["id"], item["url"], item["price"]) for item in picks["items"]] == [
        ("A", "/shop/A/", "€48"),
        ("B", "/shop/B/", "€48"),
    ]
    assert "Item B" in picks["html"]

    def away(**item: object) -> None:
        raise LookupError("away")

    with monkeypatch.context() as patched:
        patched.setattr("personalization.content.serving.headless.ItemData", away)
        (picks,) = _ask(Client(), keys="picks")["blocks"]["picks"]["contents"]
    assert picks.keys() == {"kind", "variant", "html"}
    assert "could not be told as data" in caplog.text


def test_data__picture__tells_its_files_what_it_shows_and_what_matters_in_it() -> None:
    picture = Picture(name="Lake", image="lake.png", width=60, height=40, alt={"en": "A <lake>", "de": "Ein See"})
    picture.focus_x, picture.focus_y = 33, 90
    picture.save()
    shown = Variant.objects.create(
        block=Block.objects.create(key="look", name="Look"),
        name="Picture",
        body_kind="image",
        picture=picture,
        content={"picture_link": "/lakes/"},
    )
    (content,) = _ask(Client(), keys="look", language="de")["blocks"]["look"]["contents"]
    assert 'alt="Ein See"' in content.pop("html")
    assert content == {
        "kind": "picture",
        "variant": str(shown.uuid),
        "picture": {"url": picture.image.url, "width": 60, "height": 40, "smaller": []},
        "narrow": None,
        "alt": "Ein See",
        "focus": [33, 90],
        "url": "/lakes/",
    }


def test_data__nothing_to_show__says_so_for_each_name() -> None:
    Block.objects.create(key="empty", name="Empty")
    CallToAction.objects.create(key="bad", name="Bad", label="Bad", url="javascript:alert(1)")
    assert _ask(Client(), keys="empty,nobody", ctas="bad,nothing") == {
        "blocks": {"empty": {"contents": []}},
        "ctas": {"bad": None},
        "unknown": ["nobody", "nothing"],
    }


def test_data__names_that_somebody_made_up__are_no_line_each_and_take_no_place_of_others(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    said: set[tuple[str, str]] = set()
    monkeypatch.setattr("personalization.content.finding.unknown._said", said)
    _ask(client, keys="made-up", ctas="also-made-up")
    assert [message.partition(":")[0] for message in caplog.messages] == ["Nothing has these names"]
    assert said == set()
    assert render_cta(request_of(), "in-a-template") == ""
    assert said == {("cta", "in-a-template")}


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"keys": "a", "format": "xml"}, "“format” is one of html, data."),
        ({"keys": "a", "ctas": "b"}, "“ctas” comes with format=data."),
        ({"ctas": ",".join(f"c{number}" for number in range(51)), "format": "data"}, "Give “keys”"),
        ({"format": "data"}, "Give “keys”"),
    ],
)
def test_data__wrong_request__is_refused_and_told_why(parameters: dict[str, str], said: str) -> None:
    answer = Client().get("/personalization/blocks/", parameters)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(said)


def test_data__many_blocks_and_calls_to_action__few_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    segment("fans")
    for number in range(20):
        Variant.objects.create(
            block=Block.objects.create(key=f"b{number}", name=f"B{number}"), name="All", body="<p>x</p>"
        )
        CallToAction.objects.create(key=f"c{number}", name=f"C{number}", label="Go", url="/go/")
    client = _fan()
    names = {kind: ",".join(f"{kind[0]}{number}" for number in range(20)) for kind in ("bkeys", "ctas")}
    asked = {"keys": names["bkeys"], "ctas": names["ctas"]}
    _ask(client, **asked)
    with django_assert_max_num_queries(1):
        assert len(_ask(client, **asked)["blocks"]) == 20
