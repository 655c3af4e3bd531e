"""The list of segments in the admin: what editors read there at a glance."""

from __future__ import annotations

from django.test import Client
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
