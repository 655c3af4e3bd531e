"""The views of the how-to about a plain site, run: who is in a segment gets another page, and caches hear of it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import include, path
from django.views.generic import View
from pytest_django import Settings

from personalization.content.models import Block, Variant
from personalization.views import PersonalizationMixin
from tests.docs.reading import code_blocks, document
from tests.docs.test_tags import compiles
from tests.personalization.content.visitors import cookies_of, judged, request_of, segment
from tracking.models import StoredEvent

PAGE = "docs/how-to/plain-django.md"
pytestmark = pytest.mark.once


@pytest.fixture
def site(tmp_path: Path, settings: Settings) -> None:
    """The page's views with their two templates, and a block that has a variant for fans."""
    names: dict[str, Any] = {"__name__": "shop.views"}
    (lines,) = (block.text for block in code_blocks(document(PAGE), "python"))
    exec(lines, names)  # noqa: S102  # our own page
    views = SimpleNamespace(**names)
    settings.MIDDLEWARE = ["personalization.middleware.EdgeMiddleware"]
    settings.ROOT_URLCONF = (
        path("", views.Home.as_view()),
        path("shop/", views.shop),
        path("outlet/", views.outlet),
        path("greeting/", views.greeting),
        path("newsletter/", views.newsletter),
        path("", include("personalization.urls")),
    )
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "home.html").write_text("for all, banner: {{ banner }}")
    (tmp_path / "shop" / "home_boots.html").write_text("for fans, banner: {{ banner }}")
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path]}]
    fans = segment("boots-fans")
    banner = Variant.objects.create(
        block=Block.objects.create(key="home-banner", name="Banner"),
        name="Boots",
        audience_kind="segments",
        body="<p>boots</p>",
    )
    banner.segments.add(fans)


def _visitor(*segments: str) -> Client:
    client = Client()
    client.cookies.load(cookies_of(judged(uuid4(), segments)))
    return client


@pytest.mark.django_db
@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("address", "for_fans", "for_others"),
    [
        ("/", "for fans, banner: Boots", "for all, banner: none"),
        ("/shop/", "for fans, banner: none", "for all, banner: none"),
        ("/outlet/", "Welcome back to the outlet", "The outlet"),
        ("/greeting/", "Hello you", "Hello you"),
    ],
)
def test_views__of_the_page__show_each_visitor_theirs_and_are_private(
    address: str, for_fans: str, for_others: str
) -> None:
    for visitor, expected in ((_visitor("boots-fans"), for_fans), (_visitor(), for_others), (Client(), for_others)):
        answer = visitor.get(address)
        assert answer.content.decode() == expected
        assert answer["Cache-Control"] == "private, no-cache"
        assert answer["Vary"] == "Cookie"


@pytest.mark.django_db
@pytest.mark.usefixtures("site")
def test_newsletter__of_the_page__records_and_is_no_personalized_page() -> None:
    answer = _visitor().get("/newsletter/", headers={"User-Agent": "Mozilla/5.0 Firefox/140.0"})
    assert StoredEvent.objects.get().name == "sign_up"
    assert "Cache-Control" not in answer


def test_mixin__before_a_class_without_templates__says_so() -> None:
    class Bare(PersonalizationMixin, View):
        request = request_of()

    with pytest.raises(ImproperlyConfigured, match="Bare has no template"):
        Bare().get_template_names()


def test_tags__of_the_page__compile() -> None:
    (example,) = (block.text for block in code_blocks(document(PAGE), "django"))
    assert compiles(example)
