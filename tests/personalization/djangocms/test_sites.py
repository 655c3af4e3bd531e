"""A variant for some sites: chosen in the admin where there are several, and shown on their pages alone."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from django.contrib.sites.models import Site
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from personalization.content.deciding.reasons import Passed
from personalization.content.models import Block, Variant
from personalization.content.services import answer_of, decide
from personalization.content.serving.asking import asked_of
from personalization.segments.presence import presence_of
from tests.personalization.content.visitors import judged, request_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sites(settings: Settings) -> Iterator[list[Site]]:
    """Two sites, found by their hosts."""
    del settings.SITE_ID
    settings.ALLOWED_HOSTS = ["*"]
    Site.objects.all().delete()
    Site.objects.clear_cache()
    yield [Site.objects.create(domain=f"{name}.example", name=name.title()) for name in ("shop", "club")]
    Site.objects.clear_cache()


@pytest.fixture
def offer(sites: list[Site]) -> Variant:
    hero = Block.objects.create(key="hero", name="Hero")
    return Variant.objects.create(block=hero, name="Club only", body="x", sites=[sites[1].pk])


def _at(host: str, visitor: UUID | None = None) -> HttpRequest:
    request = request_of(visitor)
    request.META["HTTP_HOST"] = host
    return request


def test_decide__variant_for_one_site__is_shown_there_alone_and_the_reason_says_so(offer: Variant) -> None:
    shown = {host: bool(decide(_at(host), "hero").variants) for host in ("club.example", "shop.example", "elsewhere")}
    assert shown == {"club.example": True, "shop.example": False, "elsewhere": False}
    (step,) = decide(_at("shop.example"), "hero", explain=True).reason.steps
    assert (step.passed, step.text) == (Passed.SITE, "“Club only” is for other sites.")


def test_decide__on_two_sites__the_answers_tell_their_pages_apart(offer: Variant) -> None:
    answers = []
    for host in ("club.example", "shop.example"):
        decide(_at(host), "hero")
        request = _at(host)
        decide(request, "hero")
        ((question, answer),) = asked_of(request).answers.items()
        assert answer == answer_of(presence_of(_at(host)), question)
        answers.append((question, answer))
    assert answers[0] != answers[1]


def test_decide__site_known_already__costs_no_query_more(
    offer: Variant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visitor = judged(uuid4())
    decide(_at("club.example", visitor), "hero")
    request = _at("club.example")
    presence_of(request).version  # noqa: B018  # read now, so that what follows is the site's
    with django_assert_num_queries(0):
        decide(request, "hero")


def test_block_admin__two_sites__each_variant_may_be_for_some(offer: Variant, admin_client: Client) -> None:
    page = reverse("admin:attune_content_block_change", args=[offer.block_id])
    html = admin_client.get(page, headers={"host": "shop.example"}).content.decode()
    assert html.count('name="variants-0-sites"') == 2
    Site.objects.filter(name="Shop").delete()
    assert 'name="variants-0-sites"' not in admin_client.get(page, headers={"host": "club.example"}).content.decode()
