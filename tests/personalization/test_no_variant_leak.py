"""No cache hands one visitor's page to another, whatever is configured; without the protection, each would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils.cache import patch_vary_headers
from pytest_django import Settings

from personalization import middleware
from personalization.content import services
from personalization.content.models import (
    Block,
    BlockGroup,
    BlockGroupPlace,
    CallToAction,
    CallToActionOverride,
    Campaign,
    Variant,
)
from personalization.content.services import answer_of
from personalization.content.serving.asking import asked_of
from personalization.content.serving.page_key import KEY_HEADER, KEY_META, key_of
from personalization.segments.presence import presence_of
from personalization.segments.team import TEAM
from personalization.testing import AssertNoVariantLeak, MakeVisitor, Visitor
from tests.personalization.content.visitors import segment
from tests.personalization.pages import ASKING_PATHS

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.personalization.pages")]

EDGE = "personalization.middleware.EdgeMiddleware"
KEY = "personalization.middleware.KeyMiddleware"
UPDATE = "django.middleware.cache.UpdateCacheMiddleware"
FETCH = "django.middleware.cache.FetchFromCacheMiddleware"
USUAL = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
WITH_KEY = [EDGE, UPDATE, *USUAL, KEY, FETCH]
PER_SITE = [EDGE, UPDATE, *USUAL, FETCH]
PER_VIEW = [EDGE, *USUAL]
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(params=["memory", "redis"], autouse=True)
def _caches(request: pytest.FixtureRequest, settings: Settings) -> None:
    if request.param == "redis":
        url = request.getfixturevalue("redis_url")
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}}
    else:
        settings.CACHES = {
            "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "no-leak"}
        }


@pytest.fixture
def visitors(attune_visitor: MakeVisitor) -> list[Visitor]:
    """Every kind of visitor, of a site whose block, call to action and segments they see differently."""
    fans, buyers = segment("fans"), segment("buyers")
    block = Block.objects.create(key="hero", name="Hero")
    for order, (name, chosen) in enumerate((("for buyers", buyers), ("for fans", fans))):
        Variant.objects.create(
            block=block, name=name, body=f"<p>{name}</p>", audience_kind="segments", order=order
        ).segments.add(chosen)
    for name, rule in (
        ("phones", {"request": "device", "is": "mobile"}),
        ("members", {"request": "logged_in", "is": True}),
    ):
        Variant.objects.create(
            block=block, name=name, body=f"<p>for {name}</p>", audience_kind="rule", rule=rule, order=9
        )
    sale = Campaign.objects.create(name="Sale", team_only=True)
    Variant.objects.create(block=block, name="Trial", body="<p>on trial</p>", campaign=sale)
    hidden = Block.objects.create(key="hidden", name="Hidden", team_only=True)
    Variant.objects.create(block=hidden, name="Hidden", body="<p>hidden</p>")
    for order, one in enumerate((hidden, block)):  # for the team alone it comes before what others see
        BlockGroupPlace.objects.create(group=BlockGroup.objects.get_or_create(name="G")[0], block=one, order=order)
    cta = CallToAction.objects.create(key="join", name="Join", label="Join us", url="/join/")
    CallToActionOverride.objects.create(cta=cta, segment=buyers, label="Welcome back")
    browser = {"User-Agent": FIREFOX}
    staff = attune_visitor(headers=browser, user=User.objects.create_user("clara", is_staff=True))
    return [
        replace(staff, cookies={**staff.cookies, TEAM: "1"}),
        attune_visitor(headers=browser),
        attune_visitor(headers={"User-Agent": PHONE}),
        attune_visitor(agreed=False, headers=browser),
        attune_visitor(agreed=True, headers=browser),
        attune_visitor("fans", headers=browser),
        attune_visitor("buyers", headers=browser),
        attune_visitor("fans", "buyers", headers=browser),
        attune_visitor(headers=browser, user=User.objects.create_user("anna")),
        attune_visitor("fans", headers=browser, user=User.objects.create_user("boris")),
    ]


def _leaks(check: Callable[[], None]) -> None:
    with pytest.raises(AssertionError, match="got the page of"):
        check()


def _unprotect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody notes what was asked any more, so the page counts as the same for all."""
    monkeypatch.setattr(services, "note_answer", lambda request, question, answer, version: None)
    monkeypatch.setattr(middleware, "has_asked", lambda request: True)  # outside is told all the same


@pytest.mark.parametrize("path", [path for path in ASKING_PATHS if not path.startswith("/decorated/")])
@pytest.mark.parametrize("stack", [WITH_KEY, PER_SITE], ids=["key", "site"])
def test_per_site_cache__every_kind_of_visitor__gets_their_own(
    stack: list[str],
    path: str,
    client: Client,
    settings: Settings,
    visitors: list[Visitor],
    assert_no_variant_leak: AssertNoVariantLeak,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.MIDDLEWARE = stack
    assert_no_variant_leak(client, path, visitors)
    _unprotect(monkeypatch)
    _leaks(lambda: assert_no_variant_leak(client, f"{path}?unprotected", visitors))


@pytest.mark.parametrize("stack", [PER_VIEW, WITH_KEY], ids=["view", "view-and-site"])
def test_per_view_cache__every_kind_of_visitor__gets_their_own(
    stack: list[str],
    client: Client,
    settings: Settings,
    visitors: list[Visitor],
    assert_no_variant_leak: AssertNoVariantLeak,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.MIDDLEWARE = stack
    assert_no_variant_leak(client, "/decorated/block/", visitors)
    _unprotect(monkeypatch)
    _leaks(lambda: assert_no_variant_leak(client, "/decorated/block/?unprotected", visitors))


@pytest.mark.parametrize("path", ["/part/", "/part-included/", "/parts-nested/"])
def test_part_cache__every_kind_of_visitor__gets_their_own(
    path: str,
    client: Client,
    settings: Settings,
    visitors: list[Visitor],
    assert_no_variant_leak: AssertNoVariantLeak,
) -> None:
    settings.MIDDLEWARE = PER_VIEW
    assert_no_variant_leak(client, path, visitors)


def test_part_cache__of_django_alone__leaks(
    client: Client, settings: Settings, visitors: list[Visitor], assert_no_variant_leak: AssertNoVariantLeak
) -> None:
    settings.MIDDLEWARE = PER_VIEW
    with pytest.raises(AssertionError, match=r"got the page of|Caches outside may keep"):
        assert_no_variant_leak(client, "/part-unprotected/", visitors)


def test_naive_key__over_what_the_first_rendering_asked__leaks_where_questions_are_nested(
    client: Client, settings: Settings, visitors: list[Visitor], assert_no_variant_leak: AssertNoVariantLeak
) -> None:
    NaiveKeyMiddleware.learned = {}
    settings.MIDDLEWARE = [f"{__name__}.NaiveKeyMiddleware" if name == KEY else name for name in WITH_KEY]
    assert_no_variant_leak(client, "/block/", visitors)
    _leaks(lambda: assert_no_variant_leak(client, "/parts-nested/", visitors))


def test_caches_outside__page_that_lets_them_keep_it__is_found_out(
    client: Client,
    settings: Settings,
    visitors: list[Visitor],
    assert_no_variant_leak: AssertNoVariantLeak,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.MIDDLEWARE = WITH_KEY
    monkeypatch.setattr(middleware, "make_private", lambda response: None)
    with pytest.raises(AssertionError, match="Caches outside may keep /headers/"):
        assert_no_variant_leak(client, "/headers/", visitors)


def test_assert_no_variant_leak__all_see_the_same__says_that_it_could_not_fail(
    client: Client, visitors: list[Visitor], assert_no_variant_leak: AssertNoVariantLeak
) -> None:
    with pytest.raises(ValueError, match="All visitors see the same at /plain/"):
        assert_no_variant_leak(client, "/plain/", visitors)


def test_assert_no_variant_leak__page_that_is_never_the_same__asks_to_normalize_it(
    client: Client,
    visitors: list[Visitor],
    assert_no_variant_leak: AssertNoVariantLeak,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.MIDDLEWARE = [EDGE, f"{__name__}.CountingMiddleware"]
    with pytest.raises(ValueError, match="pass normalize="):
        assert_no_variant_leak(client, "/block/", visitors)
    assert_no_variant_leak(client, "/block/", visitors, normalize=lambda page: page.split(b"<!--")[0])


def test_assert_no_variant_leak__over_https__visitors_are_known(
    client: Client, settings: Settings, visitors: list[Visitor], assert_no_variant_leak: AssertNoVariantLeak
) -> None:
    settings.MIDDLEWARE = WITH_KEY
    assert_no_variant_leak(client, "/segment/", visitors, secure=True)


def test_attune_visitor__variant_for_those_not_in_a_segment__is_for_the_others(
    client: Client, attune_visitor: MakeVisitor, assert_no_variant_leak: AssertNoVariantLeak
) -> None:
    variant = Variant.objects.create(
        block=Block.objects.create(key="hero", name="Hero"), name="New", body="<p>new?</p>", audience_kind="not_in"
    )
    variant.segments.add(segment("fans"))
    segment("buyers")
    everybody = [attune_visitor(), attune_visitor(agreed=True), attune_visitor("buyers"), attune_visitor("fans")]
    assert_no_variant_leak(client, "/block/", everybody)
    seen = []
    for visitor in everybody:
        client.cookies.clear()
        client.cookies.load(dict(visitor.cookies))
        seen.append(b"new?" in client.get("/block/").content)
    assert seen == [False, True, True, False]


def test_attune_visitor__refused_and_in_a_segment__is_a_contradiction(attune_visitor: MakeVisitor) -> None:
    with pytest.raises(ValueError, match="Who refused is in no segment"):
        attune_visitor("fans", agreed=False)


class NaiveKeyMiddleware:
    """What one would write first: the key is taken before the rendering, over what the first rendering asked."""

    learned: dict[str, list[str]] = {}

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        presence = presence_of(request)
        names = self.learned.get(request.path)
        if names is not None:
            answers = {name: answer_of(presence, name) for name in names}
            request.META[KEY_META] = key_of(answers, version=presence.version)
        response = self.get_response(request)
        asked: Any = asked_of(request)
        if asked.answers and names is not None:
            asked.covered = len(asked.answers)
        elif asked.answers:
            self.learned[request.path] = list(asked.answers)
        if asked.answers:
            patch_vary_headers(response, [KEY_HEADER])
        return response


class CountingMiddleware:
    """Makes every page another one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.count = 0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        self.count += 1
        response.content += b"<!-- %d -->" % self.count
        return response
