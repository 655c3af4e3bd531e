"""Previews: a page as somebody else would see it, for a while, with nothing recorded, counted or kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from personalization.content.bodies.items import Item
from personalization.content.bodies.samples import VISITORS
from personalization.content.models import Block, Variant
from personalization.content.previewing.preview import PARAMETER, InvalidPreview, Preview, token_in, with_token
from personalization.content.revising.kept import snapshot
from personalization.content.revising.revisions import drop_draft, save_draft
from personalization.profiles.head import configuration_version
from personalization.segments.assumed import Assumed
from tests.personalization.content.visitors import cookies_of, judged, segment
from tests.personalization.pages_of_staff import made
from tests.tracking.samples import batch, event
from tracking.models import StoredEvent, Visitor
from tracking.recording import record_events

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.personalization.pages_of_staff")]
CACHED = [
    "personalization.middleware.EdgeMiddleware",
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "personalization.middleware.KeyMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
]


@pytest.fixture
def hero(settings: Settings) -> Block:
    settings.MIDDLEWARE = CACHED
    return Block.objects.create(key="hero", name="Hero", default="<p>for all</p>")


@pytest.fixture
def add(hero: Block) -> Callable[..., Variant]:
    def make(body: str, rule: Any = None, **fields: Any) -> Variant:
        kind = Variant.Audience.EVERYBODY if rule is None else Variant.Audience.RULE
        return Variant.objects.create(
            block=hero, name=body, body=f"<p>{body}</p>", rule=rule, audience_kind=kind, **fields
        )

    return make


def preview(by: str = "1", shared: bool = True, chosen: dict[str, str] | None = None, **assumed: Any) -> Preview:
    expires = timezone.now() + timedelta(hours=1)
    return Preview(Assumed(**assumed), expires, by, shared, chosen or {})


def look(state: Preview, path: str = "/block/", client: Client | None = None, **headers: str) -> HttpResponse:
    answer: Any = (client or Client()).get(state.address(path), headers=headers or None)
    return answer  # type: ignore[no-any-return]  # the test client's response is one


def text(state: Preview, path: str = "/block/", client: Client | None = None) -> str:
    return look(state, path, client).content.decode()


@pytest.mark.parametrize(
    ("rule", "assumed"),
    [
        ({"segment": "fans"}, {"segments": ("fans",)}),
        ({"trait": "tier", "is": "gold"}, {"known": {"tier": "gold"}}),
        ({"trait": "engagement", "at_least": 50}, {"known": {"engagement": 80.0}}),
        ({"request": "country", "is": "DE"}, {"country": "DE", "agreed": False}),
        ({"request": "device", "is": "mobile"}, {"device": "mobile"}),
        ({"request": "language", "is": "de"}, {"language": "de"}),
        ({"request": "logged_in", "is": True}, {"logged_in": True}),
        ({"request": "weekday", "is": "sun"}, {"at": datetime(2026, 11, 22, 12, tzinfo=UTC)}),
    ],
    ids=str,
)
def test_preview__each_thing_that_can_be_assumed__decides(
    add: Callable[..., Variant], rule: Any, assumed: dict[str, Any]
) -> None:
    segment("fans")
    add("special", rule)
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False):
        assert "special" in text(preview(**assumed))
        assert "for all" in text(preview())


def test_preview__no_agreement__asks_of_the_request_alone(add: Callable[..., Variant]) -> None:
    segment("fans")
    add("special", {"segment": "fans"})
    assert "for all" in text(preview(segments=("fans",), agreed=False))


def test_preview__a_list__is_filled_with_samples_and_the_bar_says_so(
    add: Callable[..., Variant], settings: Settings
) -> None:
    settings.PERSONALIZATION_GET_ITEMS = f"{__name__}.get_items"
    add("list", body_kind="items", content={"items_source": "recently_viewed"})
    said = "Lists show sample items, not what one visitor did"
    assert said not in text(preview(agreed=False))
    for _ in range(VISITORS):
        viewed = event("view_item", at=datetime.now(UTC), item_id="A1", price=1.0)
        record_events([batch([viewed], visitor_id=judged(uuid4()))], now=datetime.now(UTC))
    shown = text(preview())
    assert said in shown
    assert "Item A1" in shown


def get_items(ids: Sequence[str]) -> list[Item]:
    return [Item(one, f"Item {one}", f"/shop/{one}/") for one in ids]


def test_preview__a_date__opens_what_begins_later(add: Callable[..., Variant]) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    add("sale", starts_at=tomorrow)
    assert "sale" in text(preview(at=tomorrow + timedelta(hours=1)))
    assert "for all" in text(preview())


def test_preview__one_of_the_team__sees_the_trial(add: Callable[..., Variant]) -> None:
    add("trial", team_only=True)
    assert "trial" in text(preview(is_team=True))
    assert "for all" in text(preview())


def test_preview__somebody_who_is_known__is_not_looked_at(add: Callable[..., Variant]) -> None:
    segment("fans")
    add("special", {"segment": "fans"})
    fan = Client()
    fan.cookies.load(cookies_of(judged(uuid4(), ["fans"])))
    assert "for all" in text(preview(), client=fan)


def test_preview__a_chosen_variant__is_shown_whoever_it_is_for(add: Callable[..., Variant]) -> None:
    segment("fans")
    special, usual = add("special", {"segment": "fans"}), add("usual")
    assert "special" in text(preview(chosen={"hero": str(special.uuid)}))
    assert "usual" in text(preview(chosen={"hero": str(usual.uuid)}))
    assert "for all" in text(preview(chosen={"hero": "default"}))


@pytest.mark.parametrize("path", ["/block/", "/decorated/block/", "/part/", "/parts-nested/", "/plain/", "/deferred/"])
def test_preview__caches__neither_give_it_nor_keep_it(add: Callable[..., Variant], path: str) -> None:
    segment("fans")
    add("special", {"segment": "fans"})
    before = Client().get(path).content
    assert look(preview(segments=("fans",)), path).content != before
    assert Client().get(path).content == before


@pytest.mark.parametrize("path", ["/block/", "/recording/"])
def test_preview__each_look__makes_the_page_anew(add: Callable[..., Variant], path: str) -> None:
    add("usual")
    made.clear()
    state = preview()
    look(state, path), look(state, path)
    assert len(made) == 2


@pytest.mark.parametrize("path", ["/block/", "/part/", "/part-included/"])
def test_preview__a_chosen_variant_where_others_are_kept__is_shown(add: Callable[..., Variant], path: str) -> None:
    special = add("special", {"segment": "fans"})
    assert "for all" in Client().get(path).content.decode()
    assert "special" in text(preview(chosen={"hero": str(special.uuid)}), path)
    assert "for all" in Client().get(path).content.decode()


def test_preview__its_answer__is_for_nobody_else(add: Callable[..., Variant], settings: Settings) -> None:
    settings.PERSONALIZATION_DATA_LAYER = True
    answer = look(preview(), "/headers/")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "Expires" not in answer
    page = answer.content.decode()
    assert "Preview:" in page
    assert "tracker.js" not in page
    assert "consent.js" not in page
    assert "data-layer.js" not in page
    assert "data-layer.js" in Client().get("/headers/").content.decode()
    assert "Preview:" not in look(preview(), sec_fetch_dest="iframe").content.decode()
    assert "Preview:" not in look(preview(), hx_request="true").content.decode()


def test_preview__what_the_page_records__is_refused(hero: Block) -> None:
    visitor = Client()
    visitor.cookies.load(cookies_of(judged(uuid4())))
    visitor.get("/recording/")
    assert StoredEvent.objects.count() == 1
    look(preview(), "/recording/", visitor)
    assert StoredEvent.objects.count() == 1


def test_preview__privacy_choices_of_who_looks__are_their_own(hero: Block) -> None:
    visitor_id = judged(uuid4())
    visitor = Client()
    visitor.cookies.load(cookies_of(visitor_id))
    visitor.get("/consent/")  # sets the readable cookie
    address = preview().address("/consent/")
    answer = visitor.get(address)
    assert answer.json()["choices"]["personalization"] == "granted"
    assert not answer.cookies
    refused = {"choices": {"analytics": False, "personalization": False}}
    visitor.post(address, refused, "application/json", headers={"sec-fetch-site": "same-origin"})
    assert not Visitor.objects.filter(pk=visitor_id).exists()


def test_preview__a_variant_that_fails__is_not_counted(add: Callable[..., Variant]) -> None:
    variant = add("")
    Variant.objects.filter(pk=variant.pk).update(body="")
    look(preview())
    variant.refresh_from_db()
    assert variant.failures == 0


def test_preview__blocks_that_come_after_the_page__are_decided_alike(add: Callable[..., Variant]) -> None:
    segment("fans")
    add("special", {"segment": "fans"})
    page = preview(segments=("fans",)).address("/block/?page=2")
    client = Client()
    answers = [client.get("/personalization/blocks/", {"keys": "hero", "page": one}) for one in (page, "/block/")]
    assert [answer.json()["blocks"]["hero"]["html"] for answer in answers] == ["<p>special</p>", None]


def test_preview__over__leads_to_the_page_itself(add: Callable[..., Variant]) -> None:
    state = preview()
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        answer = look(state, "/block/?page=2")
        assert Client().post(state.address("/recording/")).status_code == 410  # and not sent as their own
    assert answer.status_code == 410
    assert answer["Cache-Control"] == "private, no-store"
    assert 'href="/block/?page=2"' in answer.content.decode()


def test_preview__not_shared__opens_for_its_maker_alone(add: Callable[..., Variant]) -> None:
    segment("fans")
    add("special", {"segment": "fans"})
    maker = User.objects.create_user("anna", is_staff=True)
    state = preview(by=str(maker.pk), shared=False, segments=("fans",))
    clients = {"maker": Client(), "other": Client(), "nobody": Client()}
    clients["maker"].force_login(maker)
    clients["other"].force_login(User.objects.create_user("bert", is_staff=True))
    seen = {name: "special" in text(state, client=client) for name, client in clients.items()}
    assert seen == {"maker": True, "other": False, "nobody": False}
    assert "No preview:" in text(state)


def test_preview__with_drafts__shows_them_where_the_link_says_so_and_publishes_nothing(
    add: Callable[..., Variant], hero: Block, settings: Settings
) -> None:
    segment("fans")
    add("live")
    content = snapshot(hero)
    content["variants"][0] |= {"body": "<p>drafted</p>", "audience_kind": "rule", "rule": {"segment": "fans"}}
    save_draft(hero, content, by="anna")
    before, fans = configuration_version(), preview(segments=("fans",))
    shown = text(replace(fans, drafts=True))
    assert ("drafted" in shown, "with the drafts that wait" in shown) == (True, True)
    assert "for all" in text(replace(preview(), drafts=True))  # the rule of the draft is asked, too
    assert "live" in text(fans)
    assert (configuration_version(), Variant.objects.get().body) == (before, "<p>live</p>")
    settings.ROOT_URLCONF = "config.urls"
    client = Client()
    client.force_login(User.objects.create_superuser("anna"))
    form = "/admin/attune_content/block/preview-as/"
    assert 'name="drafts" id="id_drafts" checked' in client.get(f"{form}?drafts").content.decode().replace(
        ' aria-describedby="id_drafts_helptext"', ""
    )
    answer = client.post(form, {"url": "/shop/", "drafts": "on"})
    assert Preview.read(token_in(urlsplit(answer["Location"]).query) or "", now=timezone.now()).drafts
    drop_draft(hero)
    assert 'name="drafts"' not in client.get(form).content.decode()


def test_read__changed_in_any_place__is_refused(settings: Settings) -> None:
    token = preview().sign()
    now = timezone.now()
    assert Preview.read(token, now=now)
    for wrong in ("", "x", token[:-1], "A" + token, token.replace(":", "::"), token * 20):
        with pytest.raises(InvalidPreview):
            Preview.read(wrong, now=now)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert Preview.read(token, now=now)
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(InvalidPreview):
        Preview.read(token, now=now)


def test_admin__form__leads_to_the_page_and_nowhere_else(add: Callable[..., Variant], settings: Settings) -> None:
    settings.ROOT_URLCONF = "config.urls"
    client = Client()
    client.force_login(User.objects.create_superuser("anna"))
    form = "/admin/attune_content/block/preview-as/"
    segment("fans")
    answer = client.post(form, {"url": "http://testserver/shop/?page=2#top", "segments": ["fans"], "agreed": "on"})
    assert answer.status_code == 302
    state = Preview.read(token_in(urlsplit(answer["Location"]).query) or "", now=timezone.now())
    assert with_token(answer["Location"], "") == "/shop/?page=2"
    assert (state.shared, state.assumed.segments, state.assumed.agreed) == (False, ("fans",), True)
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "/\\elsewhere", ""):
        assert client.post(form, {"url": elsewhere}).status_code == 200, elsewhere


def test_admin__link_without_an_account__is_for_those_with_the_right(hero: Block, settings: Settings) -> None:
    settings.ROOT_URLCONF = "config.urls"
    from django.contrib.auth.models import Permission

    user = User.objects.create_user("anna", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_block", content_type__app_label="attune_content"))
    client = Client()
    client.force_login(user)
    form = "/admin/attune_content/block/preview-as/"
    assert client.post(form, {"url": "/", "share": "1"}).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="share_previews"))
    page = client.post(form, {"url": "/", "share": "1"}).content.decode()
    assert f"http://testserver/?{PARAMETER}=" in page


def test_admin__side_by_side__has_two_frames_of_each_variant(
    add: Callable[..., Variant], admin_client: Client, settings: Settings
) -> None:
    settings.ROOT_URLCONF = "config.urls"
    block = add("one").block
    add("two")
    page = admin_client.get(f"/admin/attune_content/block/{block.pk}/side-by-side/?url=/shop/").content.decode()
    assert page.count("<iframe") == 6
    assert page.count('src="/shop/?attune_preview=') == 6
    assert with_token("/shop/?attune_preview=x", "") == "/shop/"


def test_admin__side_by_side_with_drafts__shows_what_waits(
    add: Callable[..., Variant], hero: Block, admin_client: Client, settings: Settings
) -> None:
    add("live")
    content = snapshot(hero)
    settings.ROOT_URLCONF = "config.urls"
    page = f"/admin/attune_content/block/{hero.pk}/side-by-side/?url=/block/"
    assert 'name="drafts"' not in admin_client.get(page).content.decode()
    content["variants"][0] |= {"name": "New", "body": "<p>drafted</p>"}
    content["variants"].append(content["variants"][0] | {"uuid": str(uuid4()), "name": "Newer"})
    save_draft(hero, content, by="anna")
    without, drafted = (admin_client.get(one).content.decode() for one in (page, f"{page}&drafts=on"))
    assert ("<h2>live</h2>" in without, "<h2>New</h2>" in without, without.count("<iframe")) == (True, False, 4)
    assert ("<h2>live</h2>" in drafted, "<h2>Newer</h2>" in drafted, drafted.count("<iframe")) == (False, True, 6)
    assert "checked" in drafted
    block = f"/admin/attune_content/block/{hero.pk}/change/?draft"
    assert "/side-by-side/?drafts" in admin_client.get(block).content.decode()
    settings.ROOT_URLCONF = "tests.personalization.pages_of_staff"
    addresses = re.findall(r'src="(/block/\?attune_preview=[^"]+)"', drafted)
    assert "drafted" in admin_client.get(addresses[2]).content.decode()  # of the variant that is in the draft alone
