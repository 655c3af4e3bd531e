"""The list of segments in the admin: what editors read there at a glance."""

from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from personalization.rules import Rule
from personalization.segments.models import Segment, Status
from tests.personalization.segments.people import VIEWED, VIEWED_THREE, segment

LIST = "/admin/attune_segments/segment/"


def test_list__active_segments__are_said_in_words_and_offer_no_filter(admin_client: Client) -> None:
    segment("viewers", VIEWED_THREE)
    page = admin_client.get(LIST).content.decode()
    assert Rule.parse(VIEWED_THREE).describe() in page
    assert "changelist-filter" not in page


def test_list__segments__say_whether_they_work_without_agreement(admin_client: Client) -> None:
    segment("campaign", {"event": "page_view", "where": [{"property": "utm_campaign", "exists": True}]})
    segment("through-another", {"segment": "phones"})
    segment("phones", {"request": "device", "is": "mobile"})
    page = admin_client.get(LIST).content.decode()
    assert re.findall(r'class="field-asked_of">([^<]*)<', page) == ["who agreed", "everybody", "who agreed"]
    phones = reverse("admin:attune_segments_segment_change", args=[Segment.objects.get(slug="phones").pk])
    assert "also of visitors who have not agreed" in admin_client.get(phones).content.decode()


def test_list__a_draft_among_them__says_so_and_offers_the_filter(admin_client: Client) -> None:
    segment("viewers", VIEWED)
    segment("fans", VIEWED_THREE, status=Status.DRAFT)
    page = admin_client.get(LIST).content.decode()
    assert page.count("<b>Draft.</b>") == 1
    assert 'id="changelist-filter"' in page


def test_list__twenty_segments__costs_no_more_queries_than_one(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    segment("viewers", VIEWED)
    with django_assert_max_num_queries(20) as one:
        admin_client.get(LIST)
    for number in range(19):
        segment(f"viewers-{number}", VIEWED_THREE)
    assert Segment.objects.count() == 20
    with django_assert_max_num_queries(len(one)):
        admin_client.get(LIST)
