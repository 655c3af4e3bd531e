"""The admin's page about the page cache: which pages it keeps, in how many versions, and how often that helps."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from personalization.content.models import Block, Variant
from personalization.content.serving.learned import cached_pages
from tests.architecture.test_words import expert_words
from tests.personalization.content.visitors import cookies_of, judged, segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def visits(settings: Settings, client: Client) -> None:
    """Eight visits of a page with two versions: the first of each makes it."""
    settings.MIDDLEWARE = [
        "personalization.middleware.EdgeMiddleware",
        "django.middleware.cache.UpdateCacheMiddleware",
        "personalization.middleware.KeyMiddleware",
        "django.middleware.cache.FetchFromCacheMiddleware",
    ]
    fans = segment("fans")
    block = Block.objects.create(key="hero", name="Hero")
    Variant.objects.create(block=block, name="Fans", body="<p>fans</p>", audience_kind="segments").segments.add(fans)
    fan = judged(uuid4(), ["fans"])
    for number in range(8):
        client.cookies.clear()
        if number % 2 == 0 and number:
            for name, value in cookies_of(fan).items():
                client.cookies[name] = value
        assert client.get("/block/").status_code == 200


@pytest.mark.urls("tests.personalization.pages")
def test_cached_pages__after_some_visits__says_versions_and_how_often_it_helped(visits: None) -> None:
    (page,) = cached_pages()
    assert (page.url, page.versions, page.is_split) == ("http://testserver/block/", 2, False)
    # The stranger was there twice before the fan's version was made; what came since is not added up yet.
    assert (page.misses, page.hits) == (2, 1)
    assert page.found_of_100 == 33


@pytest.mark.urls("tests.personalization.pages")
def test_cached_pages__pages_that_ask_nothing__are_not_listed(visits: None, client: Client) -> None:
    client.get("/plain/")
    assert [page.url for page in cached_pages()] == ["http://testserver/block/"]


@pytest.mark.urls("tests.personalization.pages")
def test_cached_pages__what_was_asked_of_a_page__is_not_listed(visits: None, client: Client) -> None:
    client.cookies.clear()
    assert client.get("/block/?q=anna%40example.org&token=4711").status_code == 200
    assert {page.url for page in cached_pages()} == {"http://testserver/block/", "http://testserver/block/?…"}


def test_cached_pages_view__none_yet__says_so_in_plain_words(client: Client) -> None:
    client.force_login(User.objects.create_superuser("anna"))
    page = client.get(reverse("admin:attune_content_block_cached_pages")).content.decode()
    assert "No page with a block on it is kept yet." in page
    assert expert_words(page) == []


def test_cached_pages_view__some__lists_them_and_what_to_do(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from personalization.content.admin import caching as admin_caching
    from personalization.content.serving.learned import CachedPage

    listed = [CachedPage("http://x/split/", 200, True, 0, 9), CachedPage("http://x/<fine>/", 3, False, 30, 10)]
    monkeypatch.setattr(admin_caching, "cached_pages", lambda: listed)
    client.force_login(User.objects.create_superuser("anna"))
    page = client.get(reverse("admin:attune_content_block_cached_pages")).content.decode()
    assert "No: more than 200 versions. Put fewer blocks on it, or blocks with fewer variants." in page
    assert "http://x/&lt;fine&gt;/" in page
    assert "<td>75</td>" in page
    assert expert_words(page) == []
