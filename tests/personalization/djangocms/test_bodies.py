"""Lists, pictures and offers in pages: to whom they are shown, what comes instead, and what caches do with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cms.models import PageContent
from cms.toolbar.utils import get_object_edit_url
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from personalization.content.bodies import items
from personalization.content.bodies.items import Item, ItemSource
from personalization.content.codes.handing_out import add_codes
from personalization.content.models import CallToAction, CodeStock, Picture
from personalization.content.serving import breaking
from personalization.djangocms.bodies import BodyPlugin
from personalization.djangocms.models import PersonalizedBlock, Variant
from personalization.testing import AssertNoVariantLeak, MakeVisitor, Visitor
from tests.personalization.content.visitors import segment
from tests.personalization.djangocms.pages import (
    editor,
    make_page,
    next_draft,
    publish,
    put,
    put_block,
    put_default,
    put_text,
    put_variant,
    slot,
    version_of,
)
from tests.personalization.djangocms.test_deciding import HOME, seen_by
from tests.personalization.djangocms.test_editing import edited
from tests.personalization.djangocms.test_personal_fields import HELLO, called

pytestmark = [pytest.mark.django_db, pytest.mark.once]
CODES = "/personalization/codes/"
OWN = {"Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}


def get_items(ids: Sequence[str]) -> list[Item]:
    """A shop that sells everything."""
    return [Item(one, f"Item {one}", f"/shop/{one}/") for one in ids]


@pytest.fixture
def name(settings: Settings) -> Iterator[Callable[..., None]]:
    """Let a source name items for those of whom something is known."""
    settings.PERSONALIZATION_GET_ITEMS = f"{__name__}.get_items"
    breaking._failing.clear()

    def find(asker: Any) -> list[str]:
        return [f"of-{asker.request.COOKIES['mine']}"] if "mine" in asker.request.COOKIES else []

    items.register(ItemSource("mine", "What is theirs", find))
    yield lambda source: items.register(ItemSource("mine", "What is theirs", source))
    items._sources.pop("mine")


def _list(parent: Any, **content: Any) -> BodyPlugin:
    placeholder = getattr(parent, "placeholder", parent)
    target = None if placeholder is parent else parent
    plugin: BodyPlugin = put(placeholder, "ItemListPlugin", target, content={"items_source": "mine"} | content)
    return plugin


def _who(visitor: Visitor, mine: str) -> Visitor:
    """A visitor who has an item."""
    return replace(visitor, name=f"{mine}, {visitor.name}", cookies={**visitor.cookies, "mine": mine})


def _stock(*codes: str) -> CodeStock:
    stock = CodeStock.objects.create(name="Spring")
    add_codes(stock, codes)
    return stock


def _offer(variant: Any, **fields: Any) -> BodyPlugin:
    plugin: BodyPlugin = put(variant.placeholder, "OfferPlugin", variant, body="<p>A tenth off</p>", **fields)
    return plugin


# --- Lists ----------------------------------------------------------------------------------------------------------


def test_list__with_items__shows_them_and_empty_makes_room_for_the_next_variant(
    name: Callable[..., None], attune_visitor: MakeVisitor
) -> None:
    home = make_page()
    block = put_block(slot(home))
    _list(put_variant(block, name="List"), items_title="For you")
    put_variant(block, "the next one")
    put_default(block, "for others")
    publish(home)
    page = seen_by(_who(attune_visitor(), "anna"))
    assert "Item of-anna" in page
    assert "For you" in page
    assert "the next one" not in page
    for _ in range(breaking.FAILURES + 1):
        page = seen_by(attune_visitor())
        assert "the next one" in page
        assert "For you" not in page
    assert not breaking._failing


def test_list__empty_beside_a_text__is_left_out_and_the_text_stays(
    name: Callable[..., None], attune_visitor: MakeVisitor
) -> None:
    home = make_page()
    block = put_block(slot(home))
    variant = put_variant(block, "a text")
    _list(variant, items_title="For you")
    put_variant(block, "the next one")
    publish(home)
    page = seen_by(attune_visitor())
    assert "a text" in page
    assert "For you" not in page


def test_list__of_a_site_that_raises__lets_its_variant_fail_and_nothing_else(
    name: Callable[..., None], attune_visitor: MakeVisitor, caplog: pytest.LogCaptureFixture
) -> None:
    name(lambda asker: 1 / 0)
    home = make_page()
    block = put_block(slot(home))
    _list(put_variant(block, name="List"))
    put_text(put_default(block, "for others"), "and more")
    _list(slot(home, "aside"))
    put(slot(home, "aside"), "TextPlugin", body="<p>beside it</p>")
    publish(home)
    page = seen_by(attune_visitor())
    assert "for others" in page
    assert "beside it" in page
    assert "could not be rendered: the default is shown" in caplog.text
    assert "could not be rendered: nothing is shown" in caplog.text


def test_lists__in_a_block_and_by_themselves__leak_to_nobody(
    client: Client, name: Callable[..., None], attune_visitor: MakeVisitor, assert_no_variant_leak: AssertNoVariantLeak
) -> None:
    home = make_page()
    block = put_block(slot(home))
    _list(put_variant(block, name="List"))
    put_default(block, "for others")
    _list(slot(home, "aside"))
    publish(home)
    visitors = [
        _who(attune_visitor(), "anna"),
        _who(attune_visitor(), "ben"),
        attune_visitor(),
        attune_visitor(agreed=False),
    ]
    assert_no_variant_leak(client, HOME, visitors, visits=16)


def test_list__in_a_block_after_the_page__is_filled_and_makes_room(
    name: Callable[..., None], attune_visitor: MakeVisitor
) -> None:
    home = make_page()
    block = put_block(slot(home), show="deferred")
    _list(put_variant(block, name="List"))
    put_variant(block, "the next one")
    publish(home)
    for visitor, text in ((_who(attune_visitor(), "anna"), "Item of-anna"), (attune_visitor(), "the next one")):
        client = Client()
        client.cookies.load(visitor.cookies)
        answer = client.get("/personalization/blocks/", {"keys": block.key, "page": HOME}).json()
        assert text in answer["blocks"][block.key]["html"]


# --- Pictures -------------------------------------------------------------------------------------------------------


def test_picture__in_a_page__is_the_same_for_all_and_kept(attune_visitor: MakeVisitor) -> None:
    picture = Picture.objects.create(
        name="Boots", image="boots.png", width=600, height=400, focus_x=20, focus_y=80, alt={"en": "Two boots"}
    )
    home = make_page()
    put(slot(home), "PicturePlugin", picture=picture, content={"picture_shape": "wide", "picture_link": "/shop/"})
    publish(home)
    response = Client().get(HOME)
    html = response.content.decode()
    assert 'alt="Two boots"' in html
    assert "attune-shape-wide attune-x-20 attune-y-80" in html
    assert 'href="/shop/"' in html
    assert "private" not in response.headers["Cache-Control"]
    picture.alt = {"en": "Two other boots"}
    picture.save()
    assert 'alt="Two other boots"' in Client().get(HOME).content.decode()


# --- Offers ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def deal() -> PageContent:
    """A published page with an offer that ends, and what comes after it."""
    home = make_page()
    block = put_block(slot(home))
    ends = timezone.now() + timedelta(days=2)
    _offer(put_variant(block, name="Offer", ends_at=ends), code_stock=_stock("A", "B"))
    put_default(block, "for others")
    return publish(home)


def _claim(visitor: Visitor) -> str:
    page = seen_by(visitor)
    return page.partition('name="claim" value="')[2].partition('"')[0]


def _ask(visitor: Visitor, claim: str) -> Any:
    client = Client(headers=OWN)
    client.cookies.load(visitor.cookies)
    return client.post(CODES, json.dumps({"claim": claim, "page": HOME}), content_type="application/json")


def test_offer__from_a_stock__gives_each_their_own_in_every_version_while_it_is_shown(
    deal: PageContent, attune_visitor: MakeVisitor
) -> None:
    anna, ben = attune_visitor(agreed=True), attune_visitor(agreed=True)
    assert "for others" in seen_by(attune_visitor(agreed=False))
    assert "<time datetime=" in seen_by(anna)
    claims = {"anna": _claim(anna), "ben": _claim(ben)}
    draft = publish(next_draft(deal))
    assert _ask(anna, claims["anna"]).json() == {"code": "A"}
    assert "A</code>" in seen_by(anna)
    assert _ask(anna, claims["ben"]).status_code == 400
    block = PersonalizedBlock.objects.latest("pk")
    client = Client()
    client.force_login(editor())
    pause = reverse("admin:attune_djangocms_personalizedblock_pause_by_name", args=[block.uuid])
    client.post(pause, {"to": "paused"})
    assert _ask(ben, claims["ben"]).status_code == 410
    client.post(pause, {"to": "live"})
    assert _ask(ben, claims["ben"]).json() == {"code": "B"}
    assert "for others" in seen_by(attune_visitor(agreed=True))  # none is left
    version_of(draft).unpublish(editor())
    assert _ask(ben, claims["ben"]).status_code == 410


def test_offer__whose_variant_is_over__gives_no_code(deal: PageContent, attune_visitor: MakeVisitor) -> None:
    visitor = attune_visitor(agreed=True)
    claim = _claim(visitor)
    variant = Variant.objects.get(name="Offer")
    variant.ends_at = timezone.now()
    variant.save()
    assert _ask(visitor, claim).status_code == 410


def test_offer__with_a_stock__leaks_to_nobody(
    client: Client, deal: PageContent, attune_visitor: MakeVisitor, assert_no_variant_leak: AssertNoVariantLeak
) -> None:
    anna = attune_visitor(agreed=True)
    _ask(anna, _claim(anna))
    assert_no_variant_leak(client, HOME, [anna, attune_visitor(agreed=False), attune_visitor()], visits=10)


def test_offer__by_itself_with_a_code_for_all__is_on_a_page_that_is_kept() -> None:
    home = make_page()
    put(slot(home), "OfferPlugin", body="<p>A tenth off</p>", content={"offer_code": "TEN", "offer_price": True})
    publish(home)
    response = Client().get(HOME)
    assert "TEN</code>" in response.content.decode()
    assert "personalized for you" in response.content.decode()
    assert "private" not in response.headers["Cache-Control"]


# --- Editing --------------------------------------------------------------------------------------------------------


def test_bodies__edited__say_why_there_is_nothing_and_offers_do_nothing(
    name: Callable[..., None], deal: PageContent, settings: Settings
) -> None:
    draft = next_draft(deal)
    _list(slot(draft))
    assert "Sample item 1" in edited(draft)
    settings.PERSONALIZATION_GET_ITEMS = ""
    html = edited(draft)
    assert "What is theirs: There is nothing in it for you at the moment" in html
    assert "disabled" in html
    assert 'name="claim"' not in html


def _form(home: PageContent, plugin: str, **values: Any) -> Any:
    client = Client()
    client.force_login(editor())
    address = reverse("admin:cms_placeholder_add_plugin")
    place = slot(home)
    query = f"?placeholder_id={place.pk}&plugin_type={plugin}&plugin_position=1&plugin_language=en"
    query += f"&cms_path={get_object_edit_url(home)}"
    return client.post(address + query, values) if values else client.get(address + query)


@pytest.mark.parametrize(
    ("plugin", "values", "kept"),
    [
        ("ItemListPlugin", {"items_source": "mine", "items_count": 3}, {"items_source": "mine", "items_count": 3}),
        ("OfferPlugin", {"body": "<p>Now</p>", "offer_code": "TEN"}, {"offer_code": "TEN"}),
    ],
)
def test_form__of_a_kind__has_its_rows_alone_and_keeps_what_is_chosen(
    name: Callable[..., None], plugin: str, values: dict[str, Any], kept: dict[str, Any]
) -> None:
    home = make_page()
    html = _form(home, plugin).content.decode()
    assert ("offer_terms" in html) is (plugin == "OfferPlugin")
    assert ("items_title" in html) is (plugin == "ItemListPlugin")
    _form(home, plugin, **values)
    assert BodyPlugin.objects.get().content == kept


def test_form__with_nothing_chosen__is_refused(name: Callable[..., None]) -> None:
    home = make_page()
    for plugin, said in (
        ("ItemListPlugin", "Choose what is listed."),
        ("PicturePlugin", "Choose a picture."),
        ("OfferPlugin", "Write what is offered."),
    ):
        assert said in _form(home, plugin, offer_terms="x").content.decode()
    assert not BodyPlugin.objects.exists()


# --- As data --------------------------------------------------------------------------------------------------------


def test_data__of_a_block__tells_each_plugin_by_its_kind(
    name: Callable[..., None], settings: Settings, attune_visitor: MakeVisitor
) -> None:
    settings.PERSONALIZATION_PERSONAL_FIELDS = ["first_name"]
    home = make_page()
    block = put_block(slot(home))
    variant = put_variant(block, HELLO)
    cta = CallToAction.objects.create(key="join", name="Join", label="Join us", url="/join/")
    put(slot(home), "CallToActionInPagePlugin", variant, cta=cta)
    part = put(slot(home), "IfSegmentPlugin", variant, segment=segment("fans"), is_negated=True)
    put(
        slot(home),
        "PicturePlugin",
        part,
        picture=Picture.objects.create(name="Boots", image="boots.png", width=6, height=4),
    )
    _list(variant)
    _offer(variant, code_stock=_stock("A"), content={"offer_terms": "Once"})
    put_text(put(slot(home), "GridContainerPlugin", variant, config={"container_type": "container"}), "in a column")
    put_default(block, "for others")
    publish(home)

    def told(visitor: Visitor) -> list[dict[str, Any]]:
        client = Client()
        client.cookies.load(visitor.cookies)
        asked = {"keys": block.key, "page": HOME, "format": "data"}
        contents: list[dict[str, Any]] = client.get("/personalization/blocks/", asked).json()["blocks"][block.key][
            "contents"
        ]
        return contents

    ada = _who(called(attune_visitor(agreed=True), "Ada"), "ada")
    text, call, picture, items, deal, column = told(ada)
    assert {content["variant"] for content in told(ada)} == {str(variant.uuid)}
    assert (text["kind"], text["html"]) == ("text", "<p>Hello Ada</p>")
    assert (call["kind"], call["cta"]["label"]) == ("cta", "Join us")
    assert (picture["kind"], picture["picture"]["url"]) == ("picture", "/media/boots.png")
    assert (items["kind"], [one["id"] for one in items["items"]]) == ("items", ["of-ada"])
    assert (deal["kind"], deal["terms"]) == ("offer", "Once")
    assert _ask(ada, deal["claim"]).json() == {"code": "A"}
    assert (column["kind"], "in a column" in column["html"]) == ("html", True)
    assert [content["kind"] for content in told(attune_visitor())] == ["text", "cta", "picture", "html"]
    Variant.objects.filter(uuid=variant.uuid).update(audience_kind="rule", rule={"request": "device", "is": "mobile"})
    publish(next_draft(home))
    (other,) = told(attune_visitor())
    assert other == {"kind": "text", "variant": "default", "html": "<p>for others</p>"}
