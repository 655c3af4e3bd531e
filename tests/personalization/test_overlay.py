"""The overlay for staff on the live site: put in on the way out for them alone, and told to those with the right."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from pytest_django import Settings

from personalization import page
from personalization.content.models import Block, Variant
from personalization.content.serving import overlay
from personalization.segments.team import TEAM
from tests.personalization.content.visitors import segment
from tests.personalization.pages_of_staff import made
from tests.personalization.test_preview import preview
from tests.personalization.test_team import CACHED

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.personalization.pages_of_staff")]
ENDPOINT = "/personalization/overlay/"


@pytest.fixture
def hero(settings: Settings) -> Block:
    settings.MIDDLEWARE = CACHED
    block = Block.objects.create(key="hero", name="Hero")
    Variant.objects.create(block=block, name="Usual", body="<p>usual</p>")
    return block


@pytest.fixture
def staff() -> Client:
    """Staff who may see blocks and results, and whose browser is marked."""
    user = User.objects.create_user("anna", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_block", content_type__app_label="attune_content"))
    user.user_permissions.add(Permission.objects.get(codename="view_results"))
    client = Client()
    client.force_login(user)
    client.get("/who/")
    return client


def test_files__staff_and_others_in_turns__are_for_staff_alone(hero: Block, staff: Client) -> None:
    made.clear()
    pages = [client.get("/block/") for client in (Client(), staff, Client(), staff)]
    assert ["overlay.js" in page.content.decode() for page in pages] == [False, True, False, True]
    assert pages[0].content == pages[2].content
    assert pages[1]["Cache-Control"].startswith("private")
    assert len(made) == 1  # theirs, too, comes from the cache


def test_files__a_page_that_anybody_may_keep__is_not_kept_with_them(hero: Block, staff: Client) -> None:
    hero.show = "deferred"
    hero.save()
    answers = {who: client.get("/headers/") for who, client in {"staff": staff, "visitor": Client()}.items()}
    assert answers["staff"]["Cache-Control"].startswith("private")
    assert "public" in answers["visitor"]["Cache-Control"]


@pytest.mark.parametrize("path", ["/plain/", "/who/", "/in-python/"])
def test_files__pages_without_blocks__have_none(hero: Block, staff: Client, path: str) -> None:
    assert "overlay.js" not in staff.get(path).content.decode()


def test_files__a_page_that_an_editor_works_on__has_none(
    hero: Block, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "overlay.js" in staff.get("/block/").content.decode()
    monkeypatch.setitem(page._unmeasured, "test", lambda request: True)
    assert "overlay.js" not in staff.get("/block/").content.decode()


def test_files__a_part_that_a_script_puts_into_a_page__has_none(hero: Block, staff: Client) -> None:
    for headers in ({"hx-request": "true"}, {"sec-fetch-dest": "empty"}):
        assert "overlay.js" not in staff.get("/block/", headers=headers).content.decode()


def test_overlay__staff_with_the_right__are_told_all(hero: Block, staff: Client, settings: Settings) -> None:
    settings.ROOT_URLCONF = "config.urls"
    told = staff.get(ENDPOINT, {"keys": "hero,nowhere", "page": "/block/"}).json()["blocks"]
    (variant,) = hero.variants.all()
    assert told["hero"]["name"] == "Hero"
    assert told["hero"]["shown"] == {str(variant.uuid): "Usual"}
    assert told["hero"]["steps"] == [{"text": "“Usual” is shown.", "reasons": []}]
    assert "Nobody" in told["hero"]["results"]
    edit, _, _ = told["hero"]["links"]
    assert edit == {"url": f"/admin/attune_content/block/{hero.pk}/change/", "label": "Edit"}
    (look,) = told["nowhere"]["links"]
    assert look["url"] == "/admin/attune_content/block/preview-as/?url=%2Fblock%2F"


def test_overlay__reasons__are_told_in_plain_words_of_the_readers_language(
    hero: Block, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    hero.variants.update(order=5)
    rule = {"any": [{"request": "device", "is": "tv"}, {"event": "purchase"}]}
    Variant.objects.create(block=hero, name="Fans", body="x", audience_kind="rule", rule=rule, order=0)
    contextual = {"not": {"request": "device", "is": "tv"}}
    Variant.objects.create(block=hero, name="All", body="x", audience_kind="rule", rule=contextual, order=1)
    monkeypatch.setattr(overlay, "_", lambda text: f"§{text}")
    told = staff.get(ENDPOINT, {"keys": "hero"}).json()["blocks"]["hero"]
    assert told["why"] == "§§“All” is the first that fits the visitor."
    fans, everybody, _ = told["steps"]
    assert fans["text"] == "§“Fans” is for others."
    assert fans["reasons"] == ["✗ §Not asked: the visitor has not agreed to personalization."]
    negation, condition = everybody["reasons"]
    assert negation == "✓ §Not so:"
    assert condition.startswith("  ✗ ")
    assert "§Found: " in condition


def test_overlay__staff_who_may_not_see_results__are_told_the_rest(hero: Block, staff: Client) -> None:
    User.objects.get().user_permissions.remove(Permission.objects.get(codename="view_results"))
    told = staff.get(ENDPOINT, {"keys": "hero"}).json()["blocks"]["hero"]
    assert (told["name"], told["results"]) == ("Hero", "")
    assert told["why"]


def test_overlay__a_previewed_page__is_explained_in_its_state(hero: Block, staff: Client) -> None:
    segment("fans")
    variant = Variant.objects.create(
        block=hero, name="Fans", body="<p>fans</p>", audience_kind="rule", rule={"segment": "fans"}, order=0
    )
    Variant.objects.exclude(pk=variant.pk).update(order=5)
    page = preview(segments=("fans",)).address("/block/")
    told = staff.get(ENDPOINT, {"keys": "hero", "page": page}).json()["blocks"]
    assert list(told["hero"]["shown"].values()) == ["Fans"]


@pytest.mark.parametrize("who", ["visitor", "marked", "customer", "staff without the right"])
def test_overlay__others__are_told_nothing(hero: Block, who: str) -> None:
    client = Client()
    client.cookies[TEAM] = "1"
    if who == "visitor":
        del client.cookies[TEAM]
    if who in ("customer", "staff without the right"):
        client.force_login(User.objects.create_user("bert", is_staff=who != "customer"))
    assert client.get(ENDPOINT, {"keys": "hero"}).status_code == 403
