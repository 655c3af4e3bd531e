"""What search engines go by stays the same whoever asks: title, canonical, structured data and the page's headings."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from personalization.content.models import Block, CallToAction, CallToActionOverride, Variant
from personalization.testing import MakeVisitor, Visitor
from tests.personalization.content.visitors import segment
from tests.personalization.test_team import CACHED

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.personalization.pages_of_staff")]
CRAWLER = {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}
PHONE = {"User-Agent": "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"}
READ_BY_MACHINES = re.compile(
    r"<title>.*?</title>|<meta\b[^>]*>|<link rel=\"(?:canonical|alternate)\"[^>]*>|<h[1-6]\b.*?</h[1-6]>"
    r"|<script type=\"application/ld\+json\">.*?</script>|\bdata-attune-item-[a-z]+=\"[^\"]*\"",
    re.DOTALL,
)


def page_of(visitor: Visitor, path: str) -> str:
    """The page as this visitor gets it."""
    client = Client(headers=dict(visitor.headers))
    client.cookies.load(dict(visitor.cookies))
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def everybody(attune_visitor: MakeVisitor, *segments: str) -> dict[str, Visitor]:
    """Kinds of visitors, and crawlers."""
    known = attune_visitor(*segments)
    return {
        "stranger": attune_visitor(),
        "refused": attune_visitor(agreed=False),
        "agreed": attune_visitor(agreed=True),
        **{slug: attune_visitor(slug) for slug in segments},
        "all": known,
        "phone": Visitor("all, on a phone", known.cookies, PHONE),
        "logged in": attune_visitor(*segments, user=User.objects.create_user("anna")),
        "staff": attune_visitor(user=User.objects.create_user("eva", is_staff=True)),
        "crawler": attune_visitor(headers=CRAWLER),
        "crawler with cookies": Visitor("a crawler with the cookies of all", known.cookies, CRAWLER),
    }


def test_page__each_kind_of_visitor_and_crawlers__say_the_same_to_machines(
    attune_visitor: MakeVisitor, settings: Settings
) -> None:
    settings.MIDDLEWARE = CACHED
    fans, buyers = segment("fans"), segment("buyers")
    hero = Block.objects.create(key="hero", name="Hero", default="<p>for all</p>")
    Variant.objects.create(block=hero, name="F", body="<p>f</p>", audience_kind="segments").segments.add(fans)
    Variant.objects.create(block=hero, name="B", body="<p>b</p>", audience_kind="segments").segments.add(buyers)
    join = CallToAction.objects.create(key="join", name="Join", label="Join", url="/join/")
    CallToActionOverride.objects.create(cta=join, segment=buyers, label="Again", url="/again/")
    kinds = everybody(attune_visitor, "fans", "buyers")
    pages = {kind: page_of(visitor, "/article/") for kind, visitor in kinds.items()}
    told = {kind: READ_BY_MACHINES.findall(page) for kind, page in pages.items()}
    assert [kind for kind, found in told.items() if found != told["stranger"]] == []
    assert ["ld+json" in one for one in told["stranger"]].count(True) == 1
    assert [one[:6] for one in told["stranger"][:6]] == ["<title", "<meta ", "<link ", "<scrip", "<h1>Bo", "<h2>Mo"]
    # These are different pages; but to whom nothing is asked of, the same.
    assert len(set(pages.values())) > 2
    for kind in ("refused", "crawler", "crawler with cookies"):
        assert pages[kind] == pages["stranger"]
