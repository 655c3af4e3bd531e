"""Blocks in an alias that come after their page: to those alone who may see a page that showed them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from cms.models import PageContent
from django.contrib.sites.models import Site
from django.core.cache import cache
from django.test import Client, RequestFactory
from djangocms_alias.models import Alias, AliasContent, Category
from pytest_django import Settings

from personalization.content.serving.page_context import PageContext, on_page
from personalization.djangocms.models import PersonalizedBlock
from personalization.djangocms.proofs import LASTS, proof_of, was_shown
from personalization.segments.models import Segment
from personalization.testing import AssertNoVariantLeak, MakeVisitor, Visitor
from tests.personalization.content.visitors import segment
from tests.personalization.djangocms.pages import (
    editor,
    make_page,
    publish,
    put,
    put_block,
    put_default,
    put_variant,
    slot,
)
from tests.personalization.djangocms.test_deciding import HOME, seen_by

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NOW = datetime(2030, 5, 17, 12, 0, tzinfo=UTC)
_NAME = re.compile(r'data-attune-deferred="([^"]+)"[^>]* data-attune-shown="([^"]+)"')


@pytest.fixture
def offer() -> PersonalizedBlock:
    """A block in an alias that is published."""
    return _publish_offer(Alias.objects.create(category=Category.objects.create(name="Offers"), static_code="footer"))


def _publish_offer(alias: Alias) -> PersonalizedBlock:
    content = AliasContent.objects.with_user(editor()).create(alias=alias, name="Offer", language="en")
    block = put_block(content.placeholder, show="deferred")
    put_variant(block, "for fans", segment("fans"))
    put_default(block, "for others")
    publish(content)
    return block


def _publish_page(title: str = "Home", **fields: Any) -> PageContent:
    """A page that shows the alias, with a plugin or in its template."""
    page = make_page(title, **fields)
    if not fields:
        put(slot(page), "Alias", alias=Alias.objects.get())
    return publish(page)


def _name_in(page: str) -> str:
    """What the script asks for, as the page says it."""
    found = _NAME.search(page)
    assert found is not None, page
    return "".join(found.groups())


def _filled(name: str, visitor: Visitor, client: Client | None = None, **about: str) -> str:
    client = client or Client()
    for cookie, value in visitor.cookies.items():
        client.cookies[cookie] = value
    return str(client.get("/personalization/blocks/", {"keys": name, "page": HOME} | about).json())


@pytest.mark.parametrize("form", ["html", "data"])
def test_deferred_block__in_an_alias__is_told_by_what_its_page_proves(
    offer: PersonalizedBlock, attune_visitor: MakeVisitor, form: str
) -> None:
    _publish_page()
    fan = attune_visitor("fans")
    page = seen_by(fan)
    assert page == seen_by(attune_visitor()) == seen_by(attune_visitor(agreed=False))
    assert "for others" in page
    assert "for fans" not in page
    name = _name_in(page)
    assert "for fans" in _filled(name, fan, format=form)
    assert "for fans" not in _filled(name, attune_visitor(), format=form)
    for wrong in (offer.key, f"{name}x", f"{offer.key}~{'9' * 200}", f"{offer.key}~0.{name.partition('.')[2]}"):
        assert "for fans" not in _filled(wrong, fan, format=form)


def test_deferred_block__in_an_alias_on_a_page_that_is_closed__is_told_to_those_who_may_see_it(
    offer: PersonalizedBlock, attune_visitor: MakeVisitor
) -> None:
    page = _publish_page().page
    fan = attune_visitor("fans")
    name = _name_in(seen_by(fan))
    page.login_required = True
    page.save()
    assert "for fans" not in _filled(name, fan)
    staff = Client()
    staff.force_login(editor())
    assert "for fans" in _filled(name, fan, staff)


@pytest.mark.parametrize("taken_back", ["page", "alias"])
def test_deferred_block__in_an_alias_that_is_taken_back__is_told_to_nobody(
    offer: PersonalizedBlock, attune_visitor: MakeVisitor, taken_back: str
) -> None:
    page = _publish_page()
    fan = attune_visitor("fans")
    name = _name_in(seen_by(fan))
    content: Any = page if taken_back == "page" else offer.placeholder.source
    content.versions.get().unpublish(editor())
    assert _filled(name, fan) == str({"blocks": {}, "unknown": [offer.key]})


@pytest.fixture
def _kept(settings: Settings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "proofs"}}
    cache.clear()


@pytest.mark.usefixtures("_kept")
def test_page__with_a_block_after_it_and_one_in_place__leaks_to_nobody(
    client: Client,
    offer: PersonalizedBlock,
    attune_visitor: MakeVisitor,
    assert_no_variant_leak: AssertNoVariantLeak,
) -> None:
    home = make_page(template="aliased.html")
    put_variant(put_block(slot(home)), "in place", Segment.objects.get())
    publish(home)
    assert_no_variant_leak(client, HOME, [attune_visitor(), attune_visitor("fans")], visits=12)
    assert "for fans" not in seen_by(attune_visitor("fans"))


@pytest.mark.usefixtures("_kept")
def test_placeholder__with_a_block_after_its_page__is_not_kept_for_other_pages(
    offer: PersonalizedBlock, attune_visitor: MakeVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for title in ("Home", "Second"):
        _publish_page(title, template="aliased.html")

    def names() -> set[str]:
        cache.clear()
        return {_name_in(seen_by(attune_visitor(), path)) for path in (HOME, "/second/")}

    assert len(names()) == 2
    monkeypatch.setattr("personalization.djangocms.proofs.keep_in_page", lambda: None)
    assert len(names()) == 1  # one page carries the other's proof


def test_proof__of_a_view_of_the_site__is_believed_for_a_while() -> None:
    request = RequestFactory().get("/shop/")
    proof = proof_of(request, "cms:1f", now=NOW)

    def is_believed(later: int, key: str = "cms:1f") -> bool:
        page = PageContext.read(proofs={"cms:1f": [proof], "cms:2e": [proof]})
        with on_page(asking := RequestFactory().get("/personalization/blocks/"), page):
            return was_shown(asking, key, now=NOW + later * LASTS)

    assert proof == proof_of(RequestFactory().get("/cart/"), "cms:1f", now=NOW)
    assert [is_believed(0), is_believed(1), is_believed(2), is_believed(0, "cms:2e")] == [True, True, False, False]


def test_proof__of_a_view_of_another_site__is_not_believed(settings: Settings) -> None:
    request = RequestFactory().get("/shop/")
    proof = proof_of(request, "cms:1f", now=NOW)
    with on_page(request, PageContext.read(proofs={"cms:1f": [proof]})):
        assert was_shown(request, "cms:1f", now=NOW)
        settings.SITE_ID = Site.objects.create(domain="club.example", name="Club").pk
        assert not was_shown(request, "cms:1f", now=NOW)


def test_proof__after_the_secret_key_was_changed__is_believed_as_long_as_the_old_one_counts(settings: Settings) -> None:
    request = RequestFactory().get("/shop/")
    proof = proof_of(request, "cms:1f", now=NOW)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another one"
    with on_page(request, PageContext.read(proofs={"cms:1f": [proof]})):
        settings.SECRET_KEY_FALLBACKS = [old]
        assert was_shown(request, "cms:1f", now=NOW)
        settings.SECRET_KEY_FALLBACKS = []
        assert not was_shown(request, "cms:1f", now=NOW)
