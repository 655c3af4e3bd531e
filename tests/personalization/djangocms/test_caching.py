"""No cache of django CMS hands one visitor's page to another; without the protection, each would."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cms import page_rendering, plugin_rendering, views
from cms.cache import page as page_cache
from cms.cache import placeholder as placeholder_cache
from cms.models import PageContent
from cms.plugin_rendering import ContentRenderer
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from djangocms_alias.models import Alias, AliasContent, Category
from pytest_django import Settings

from personalization import middleware
from personalization.content.models import CallToAction, CallToActionOverride
from personalization.content.serving import learned
from personalization.content.serving.learned import LearnedPages, cached_pages
from personalization.content.serving.page_key import Ways, encode
from personalization.djangocms import caching
from personalization.djangocms.cms_plugins import PersonalizedPlugin
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
)
from tests.personalization.djangocms.test_deciding import seen_by

pytestmark = pytest.mark.django_db
HOME = "/home/"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
UPDATE = "django.middleware.cache.UpdateCacheMiddleware"
KEY = "personalization.middleware.KeyMiddleware"
_ONCE = pytest.mark.usefixtures("sqlite_only")
"""What is kept in this process is kept alike whatever the database."""
FETCH = "django.middleware.cache.FetchFromCacheMiddleware"


@pytest.fixture(autouse=True)
def _caches(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "cms"}}
    cache.clear()
    monkeypatch.setattr(caching, "_pages", LearnedPages())


@pytest.fixture
def home() -> PageContent:
    """A page that asks in every way: blocks, a part, a call to action; and a placeholder that asks nothing."""
    fans, buyers = segment("fans"), segment("buyers")
    home = make_page()
    block = put_block(slot(home))
    inner = put_block(slot(home), "Inner", put_variant(block, "for fans", fans))
    put_variant(inner, "and buyers", buyers)
    put_variant(block, "on a phone", audience_kind="rule", rule={"request": "device", "is": "mobile"})
    put_variant(block, "members", audience_kind="rule", rule={"request": "logged_in", "is": True})
    put_default(block, "for others")
    put_text(put(slot(home), "IfSegmentPlugin", segment=buyers), "part for buyers")
    cta = CallToAction.objects.create(key="join", name="Join", label="Join us", url="/join/")
    CallToActionOverride.objects.create(cta=cta, segment=buyers, label="Welcome back")
    put(slot(home), "CallToActionInPagePlugin", cta=cta)
    put(slot(home, "aside"), "TextPlugin", body="<p>the same for all</p>")
    return publish(home)


@pytest.fixture
def visitors(home: PageContent, attune_visitor: MakeVisitor) -> list[Visitor]:
    """Every kind of visitor, those who are logged in and no staff included."""
    return _visitors(attune_visitor)


def _visitors(attune_visitor: MakeVisitor) -> list[Visitor]:
    browser = {"User-Agent": FIREFOX}
    return [
        attune_visitor(headers=browser),
        attune_visitor(headers={"User-Agent": PHONE}),
        attune_visitor(agreed=False, headers=browser),
        attune_visitor("fans", headers=browser),
        attune_visitor("buyers", headers=browser),
        attune_visitor("fans", "buyers", headers=browser),
        attune_visitor(headers=browser, user=User.objects.create_user("anna")),
        attune_visitor("fans", headers=browser, user=User.objects.create_user("boris")),
    ]


def _leaks(check: Callable[[], None]) -> None:
    with pytest.raises(AssertionError, match="got the page of"):
        check()


def _unprotect_placeholders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "has_asked", lambda request: True)  # caches outside are told all the same
    monkeypatch.setattr(plugin_rendering, "set_placeholder_cache", placeholder_cache.set_placeholder_cache)


def _unprotect_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "has_asked", lambda request: True)  # caches outside are told all the same
    monkeypatch.setattr(views, "get_page_cache", page_cache.get_page_cache)
    monkeypatch.setattr(page_rendering, "set_page_cache", page_cache.set_page_cache)


def _without_vary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PersonalizedPlugin, "get_vary_cache_on", lambda *arguments: [])


@pytest.mark.parametrize("kept_in", ["memory", "redis"])
def test_cms_caches__every_kind_of_visitor__gets_their_own(
    kept_in: str,
    on_services: bool,
    request: pytest.FixtureRequest,
    client: Client,
    settings: Settings,
    visitors: list[Visitor],
    assert_no_variant_leak: AssertNoVariantLeak,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if (kept_in == "redis") is not on_services:
        pytest.skip("on the other backend")
    if kept_in == "redis":
        url = request.getfixturevalue("redis_url")
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}}
    assert_no_variant_leak(client, HOME, visitors, visits=80)
    _unprotect_placeholders(monkeypatch)
    _unprotect_pages(monkeypatch)
    _without_vary(monkeypatch)
    _leaks(lambda: assert_no_variant_leak(client, HOME, visitors))


@_ONCE
def test_placeholder_cache__every_kind_of_visitor__gets_their_own(
    client: Client,
    settings: Settings,
    visitors: list[Visitor],
    assert_no_variant_leak: AssertNoVariantLeak,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.CMS_PAGE_CACHE = False
    assert_no_variant_leak(client, HOME, visitors)
    _unprotect_placeholders(monkeypatch)
    _leaks(lambda: assert_no_variant_leak(client, HOME, visitors))


@_ONCE
def test_page_cache__every_kind_of_visitor__gets_their_own(
    client: Client,
    visitors: list[Visitor],
    assert_no_variant_leak: AssertNoVariantLeak,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert_no_variant_leak(client, HOME, visitors)
    _unprotect_pages(monkeypatch)
    _leaks(lambda: assert_no_variant_leak(client, HOME, visitors))


@_ONCE
def test_page_cache_of_django__around_that_of_the_cms__gives_everybody_their_own(
    client: Client,
    settings: Settings,
    visitors: list[Visitor],
    assert_no_variant_leak: AssertNoVariantLeak,
) -> None:
    edge, *others = settings.MIDDLEWARE
    settings.MIDDLEWARE = [edge, UPDATE, *others, KEY, FETCH]
    assert_no_variant_leak(client, HOME, visitors, visits=80)
    settings.CMS_PAGE_CACHE = False
    assert_no_variant_leak(client, HOME, visitors, visits=80)


@_ONCE
def test_alias__with_a_block_in_it__is_kept_for_nobody_else(
    client: Client,
    attune_visitor: MakeVisitor,
    assert_no_variant_leak: AssertNoVariantLeak,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    category = Category.objects.create(name="Offers")
    alias = Alias.objects.create(category=category)
    content = AliasContent.objects.with_user(User.objects.create_superuser("eva")).create(
        alias=alias, name="Offer", language="en"
    )
    block = put_block(content.placeholder)
    put_variant(block, "for fans", segment("fans"))
    put_variant(block, "for buyers", segment("buyers"))
    put_default(block, "for others")
    publish(content)
    home = make_page()
    put(slot(home), "Alias", alias=alias)
    publish(home)
    visitors = _visitors(attune_visitor)
    assert_no_variant_leak(client, HOME, visitors)
    _unprotect_placeholders(monkeypatch)
    _leaks(lambda: assert_no_variant_leak(client, HOME, visitors))


def test_placeholder__with_a_block_after_aliases__is_kept_for_nobody_else(
    client: Client, attune_visitor: MakeVisitor, assert_no_variant_leak: AssertNoVariantLeak
) -> None:
    home = make_page()
    for name in ("First", "Second"):
        alias = Alias.objects.create(category=Category.objects.create(name=name))
        content = AliasContent.objects.with_user(editor()).create(alias=alias, name=name, language="en")
        put(content.placeholder, "TextPlugin", body="<p>the same for all</p>")
        publish(content)
        put(slot(home), "Alias", alias=alias)
    block = put_block(slot(home))
    put_variant(block, "for fans", segment("fans"))
    put_default(block, "for others")
    publish(home)
    assert_no_variant_leak(client, HOME, [attune_visitor(), attune_visitor("fans")], visits=8)


@_ONCE
def test_page__with_a_tag_in_its_template__is_kept_for_nobody_else(
    client: Client,
    attune_visitor: MakeVisitor,
    assert_no_variant_leak: AssertNoVariantLeak,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    segment("fans")
    tagged = make_page("Home", template="tagged.html")
    put(slot(tagged), "TextPlugin", body="<p>the same for all</p>")
    publish(tagged)
    visitors = [attune_visitor(), attune_visitor("fans")]
    assert_no_variant_leak(client, HOME, visitors, visits=20)
    monkeypatch.setattr(caching, "_is_told_by_plugins", lambda request: True)
    _unprotect_pages(monkeypatch)
    _leaks(lambda: assert_no_variant_leak(client, HOME, visitors, visits=20))


def test_page_cache__second_visit_of_a_kind__is_found_without_rendering(
    home: PageContent, attune_visitor: MakeVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[Any] = []
    original = ContentRenderer.render_plugin

    def render(*args: Any, **kwargs: Any) -> Any:
        rendered.append(args)
        return original(*args, **kwargs)

    monkeypatch.setattr(ContentRenderer, "render_plugin", render)

    def visit(visitor: Visitor) -> str:
        client = Client()
        for name, value in visitor.cookies.items():
            client.cookies[name] = value
        del rendered[:]
        response = client.get(HOME)
        assert response.headers["Cache-Control"].startswith("private")
        return response.content.decode()

    stranger, fan, other_fan = attune_visitor(), attune_visitor("fans"), attune_visitor("fans")
    first = visit(stranger)
    assert rendered
    assert visit(stranger) == first
    assert rendered == []
    assert "for fans" in visit(fan)
    assert rendered
    assert "for fans" in visit(other_fan)
    assert rendered == []


def test_page_cache__what_it_found__is_told_to_people(home: PageContent, attune_visitor: MakeVisitor) -> None:
    for visitor in [attune_visitor()] * 3 + [attune_visitor("fans")]:
        seen_by(visitor)
    (page,) = cached_pages()
    assert (page.versions, page.misses, page.hits) == (2, 2, 2)


def test_both_page_caches__of_the_cms_and_around_it__learn_and_count_a_page_once(
    home: PageContent, attune_visitor: MakeVisitor, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    edge, *others = settings.MIDDLEWARE
    settings.MIDDLEWARE = [edge, UPDATE, *others, KEY, FETCH]
    stored: list[Ways] = []

    def store(ways: Ways) -> bytes:
        stored.append(ways)
        return encode(ways)

    monkeypatch.setattr(learned, "encode", store)
    client = Client()
    for _ in range(3):
        client.get(HOME)
    assert len(stored) == 1
    client.get(HOME, headers={"User-Agent": PHONE})
    (page,) = cached_pages()
    assert (page.versions, page.misses, page.hits) == (2, 2, 2)


def test_page__that_the_cms_does_not_keep__is_not_learned(
    home: PageContent, client: Client, settings: Settings
) -> None:
    client.force_login(User.objects.create_user("anna"))
    client.get(HOME)
    settings.CMS_PAGE_CACHE = False
    Client().get(HOME)
    assert cached_pages() == []
    settings.CMS_PAGE_CACHE = True
    Client().get(HOME)
    assert [page.versions for page in cached_pages()] == [1]


def test_placeholder__that_asks_nothing__is_kept(home: PageContent, client: Client, settings: Settings) -> None:
    settings.CMS_PAGE_CACHE = False
    client.get(HOME)
    with CaptureQueriesContext(connection) as queries:
        assert "the same for all" in client.get(HOME).content.decode()
    # Its plugins are not read again: the text in the other placeholder is.
    asides = [query for query in queries if f"({slot(home, 'aside').pk})" in query["sql"]]
    assert asides == []


def test_page_that_asks_nothing__cached__is_for_everybody(
    client: Client, attune_visitor: MakeVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = make_page("Plain")
    put(slot(plain), "TextPlugin", body="<p>the same for all</p>")
    publish(plain)
    response = client.get("/plain/")
    assert "the same for all" in response.content.decode()
    monkeypatch.setattr(caching, "keep_page", None)
    monkeypatch.setattr(ContentRenderer, "render_plugin", None)  # whoever renders now fails
    again = client.get("/plain/")
    assert again.content == response.content
    assert "private" not in again.headers["Cache-Control"]


def test_page__published_anew__is_not_found_under_its_old_keys(home: PageContent, client: Client) -> None:
    assert "for others" in client.get(HOME).content.decode()
    assert "for others" in client.get(HOME).content.decode()
    draft = next_draft(home)
    put(slot(draft, "aside"), "TextPlugin", body="<p>news</p>")
    assert "news" not in client.get(HOME).content.decode()
    publish(draft)
    assert "news" in client.get(HOME).content.decode()


def test_page__whose_plugin_asks_nothing__is_found_by_everybody(
    client: Client, attune_visitor: MakeVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    cta = CallToAction.objects.create(key="join", name="Join", label="Join us", url="/join/")
    plain = make_page("Plain")
    put(slot(plain), "CallToActionInPagePlugin", cta=cta)
    put(slot(plain), "TextPlugin", body="<p>the same for all</p>")
    cta.delete()
    publish(plain)
    first = client.get("/plain/").content
    monkeypatch.setattr(ContentRenderer, "render_plugin", None)  # whoever renders now fails
    for visitor in (attune_visitor(agreed=True), attune_visitor(agreed=False)):
        for name, value in visitor.cookies.items():
            client.cookies[name] = value
        assert client.get("/plain/").content == first


@pytest.mark.parametrize(
    ("place", "name"),
    [
        (plugin_rendering, "set_placeholder_cache"),
        (views, "get_page_cache"),
        (page_rendering, "set_page_cache"),
    ],
)
def test_cms__that_keeps_pages_in_another_way__does_not_start(
    place: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(place, name)
    with pytest.raises(ImproperlyConfigured, match="keeps pages in another way"):
        caching.take_place()


def test_page__without_the_middleware_around__is_kept_nowhere(
    home: PageContent, client: Client, settings: Settings
) -> None:
    settings.MIDDLEWARE = settings.MIDDLEWARE[1:]
    assert "max-age=0" in client.get(HOME).headers["Cache-Control"]
    assert "max-age=0" in client.get(HOME).headers["Cache-Control"]
