"""Page caches without the page key: nobody gets another visitor's page, and pages that asked nothing stay cached."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from personalization.content import services
from personalization.content.models import Block, CallToAction, CallToActionOverride, Variant
from tests.personalization.content.visitors import cookies_of, judged, segment
from tests.personalization.pages import ASKING_PATHS, PLAIN_PATHS

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.personalization.pages")]

INTERLEAVINGS = 20_000
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"

Ask = Callable[[str, str], HttpResponse]
"""(kind of visitor, path) → the response, as a browser gets it."""


@pytest.fixture
def ask(settings: Settings) -> Ask:
    """The site with its per-site cache on, and five kinds of visitors."""
    settings.MIDDLEWARE = [
        "personalization.middleware.EdgeMiddleware",
        "django.middleware.cache.UpdateCacheMiddleware",
        "tests.personalization.pages.AskingMiddleware",
        "django.middleware.cache.FetchFromCacheMiddleware",
    ]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pages"}}
    cache.clear()
    fans, buyers = segment("fans"), segment("buyers")
    block = Block.objects.create(key="hero", name="Hero")
    for order, (name, chosen) in enumerate((("for buyers", buyers), ("for fans", fans))):
        Variant.objects.create(
            block=block, name=name, body=f"<p>{name}</p>", audience_kind="segments", order=order
        ).segments.add(chosen)
    Variant.objects.create(
        block=block,
        name="for phones",
        body="<p>for phones</p>",
        audience_kind="rule",
        rule={"request": "device", "is": "mobile"},
        order=9,
    )
    cta = CallToAction.objects.create(key="join", name="Join", label="Join us", url="/join/")
    CallToActionOverride.objects.create(cta=cta, segment=buyers, label="Welcome back")
    jars = {
        "stranger": {},
        "stranger on a phone": {},
        "refused": cookies_of(None),
        "fan": cookies_of(judged(uuid4(), ["fans"])),
        "buyer": cookies_of(judged(uuid4(), ["fans", "buyers"])),
    }
    handler, factory = WSGIHandler(), RequestFactory()

    def get(kind: str, path: str) -> HttpResponse:
        request = factory.get(path, headers={"user-agent": PHONE if "phone" in kind else "Mozilla/5.0 Firefox/140.0"})
        request.COOKIES.update(jars[kind])
        response = handler.get_response(request)
        assert isinstance(response, HttpResponse)
        return response

    return get


KINDS = ("stranger", "stranger on a phone", "refused", "fan", "buyer")
_SHOWN = {"stranger": "default", "stranger on a phone": "for phones", "refused": "default"}
_TAGS = re.compile(r"<[^>]+>")


def _expected(kind: str, path: str) -> str:
    """What this visitor must see there: the text, told by hand."""
    shown = _SHOWN | {"fan": "for fans", "buyer": "for buyers"}
    if path in PLAIN_PATHS:
        return "the same for all"
    if path == "/segment/":
        return "fan" if kind in ("fan", "buyer") else "other"
    if path == "/cta/":
        return "Welcome back" if kind == "buyer" else "Join us"
    if path == "/nested/":
        return {"fan": "fan", "buyer": "both"}.get(kind, shown[kind])
    if path == "/parts-nested/":
        return {"fan": "fan", "buyer": "fan, buyer"}.get(kind, "")
    if path == "/in-python/":
        return f"{shown[kind]} {kind in ('fan', 'buyer')}"
    return shown[kind]


def _text(response: HttpResponse) -> str:
    """The page's own text: what stands between the head's tags and the banner."""
    content = response.content.decode().split("<section", 1)[0]
    return _TAGS.sub("", content).replace("Privacy choices", "").strip()


def _wrong_pages(ask: Ask, rounds: int, *, seed: int) -> int:
    random_source = random.Random(seed)
    paths = PLAIN_PATHS + ASKING_PATHS
    wrong = 0
    for _ in range(rounds):
        kind, path = random_source.choice(KINDS), random_source.choice(paths)
        wrong += _text(ask(kind, path)) != _expected(kind, path)
    return wrong


def test_page_cache__five_kinds_of_visitors_in_any_order__no_page_is_wrong(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, on_services: bool
) -> None:
    # The cache of pages is this process's own on either backend: where decisions come from matters less often.
    assert _wrong_pages(ask, INTERLEAVINGS // 10 if on_services else INTERLEAVINGS, seed=2026) == 0
    # The same without the protection: the test must be able to fail.
    monkeypatch.setattr(services, "note_answer", lambda request, question, answer, version: None)
    assert _wrong_pages(ask, 300, seed=2026) > 30


@pytest.mark.parametrize("path", PLAIN_PATHS)
def test_page_cache__page_without_decisions__is_a_hit_for_everybody(
    ask: Ask, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ask("stranger", path)
    assert "private" not in first.get("Cache-Control", "")
    assert "Vary" not in first.headers or "Cookie" not in first["Vary"]
    rendered: Counter[str] = Counter()
    from tests.personalization import pages

    monkeypatch.setattr(pages.TEMPLATES["plain"].__class__, "render", lambda *args: rendered.update(["page"]) or "x")
    for kind in KINDS:
        assert ask(kind, path).content == first.content
    assert not rendered


@pytest.mark.parametrize("path", ASKING_PATHS)
def test_page_cache__page_with_a_decision__is_private_and_never_a_hit(ask: Ask, path: str) -> None:
    for _ in range(2):
        response = ask("fan", path)
        assert response["Cache-Control"].startswith("private, no-cache")
        assert "max-age" not in response["Cache-Control"]
        assert "public" not in response["Cache-Control"]
        assert "Expires" not in response.headers
        assert response["Vary"] == "Cookie"
        assert _text(response) == _expected("fan", path)
    assert _text(ask("stranger", path)) == _expected("stranger", path)


def test_page_cache__asked_by_a_middleware_before_cache_page__is_not_stored(ask: Ask) -> None:
    for kind, answer in (("fan", "True"), ("stranger", "False"), ("fan", "True")):
        response = ask(kind, "/asked-before/")
        assert (response.content.decode(), response["Cache-Control"]) == (answer, "private, no-cache")


def test_edge_middleware__never_cached_view__keeps_its_no_store(ask: Ask) -> None:
    assert ask("fan", "/never/")["Cache-Control"] == "private, no-cache, no-store, must-revalidate"


def test_edge_middleware__caches_outside_by_other_headers__are_told_nothing() -> None:
    from personalization.content.serving.asking import mark_asked
    from personalization.middleware import EdgeMiddleware

    def view(request: HttpRequest) -> HttpResponse:
        mark_asked(request)
        return HttpResponse(
            headers={
                "CDN-Cache-Control": "max-age=60",
                "Surrogate-Control": "max-age=60",
                "X-Accel-Expires": "60",
                "Cloudflare-CDN-Cache-Control": "max-age=60",
                "Vary": "Accept-Language",
            }
        )

    response = EdgeMiddleware(view)(RequestFactory().get("/"))
    assert dict(response.headers) == {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "private, no-cache",
        "Vary": "Accept-Language, Cookie",
    }


def test_edge_middleware__nothing_asked__response_is_left_alone() -> None:
    from personalization.middleware import EdgeMiddleware

    response = EdgeMiddleware(lambda request: HttpResponse(headers={"Cache-Control": "public, max-age=60"}))(
        RequestFactory().get("/")
    )
    assert response["Cache-Control"] == "public, max-age=60"
    assert "Vary" not in response.headers
