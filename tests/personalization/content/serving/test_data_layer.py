"""What tag managers are told: nothing by default, then blocks, and the segments that are listed, with both purposes."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.http import Http404
from django.test import Client, RequestFactory
from pytest_django import Settings

from personalization.content.checks import check_data_layer
from personalization.content.serving.data_layer import segments
from personalization.page import head_html
from tests.personalization.content.visitors import cookies_of, judged, segment

ADDRESS = "/personalization/segments/"

pytestmark = [pytest.mark.django_db, pytest.mark.urls("personalization.urls")]


@pytest.fixture
def told(settings: Settings) -> None:
    """A site that tells of two segments; a third it keeps to itself."""
    settings.PERSONALIZATION_DATA_LAYER = True
    settings.PERSONALIZATION_DATA_LAYER_SEGMENTS = ["fans", "buyers"]
    for slug in ("fans", "buyers", "leaving"):
        segment(slug)


def _visitor(*, agreed: bool = True) -> Client:
    client = Client()
    cookies = cookies_of(judged(uuid4(), ["fans", "leaving"]), personalization=agreed)
    client.cookies.load(cookies)
    return client


@pytest.mark.usefixtures("told")
def test_segments__visitor_who_agreed_to_both__those_that_are_listed_and_no_others() -> None:
    answer = _visitor().get(ADDRESS, {"page": "/shop/", "language": "en"})
    assert answer.json() == {"segments": ["fans"]}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.usefixtures("told")
def test_segments__who_did_not_agree_to_both__are_not_told() -> None:
    assert _visitor(agreed=False).get(ADDRESS).status_code == 403
    assert Client().get(ADDRESS).status_code == 403


@pytest.mark.usefixtures("told")
def test_segments__strange_page_or_too_many__refused(settings: Settings) -> None:
    assert _visitor().get(ADDRESS, {"page": "//elsewhere.example"}).status_code == 400
    settings.PERSONALIZATION_BLOCKS_PER_MINUTE = 1
    assert [_visitor().get(ADDRESS).status_code for _ in range(2)] == [200, 429]


def test_head__by_default_and_with_each_setting__has_the_script_only_where_it_is_wanted(settings: Settings) -> None:
    without = head_html()
    assert "data-layer" not in without
    settings.PERSONALIZATION_DATA_LAYER_SEGMENTS = ["fans"]
    assert head_html() == without
    settings.PERSONALIZATION_DATA_LAYER = True
    assert f'data-layer.js" data-attune-segments="{ADDRESS}" defer' in head_html()
    settings.PERSONALIZATION_DATA_LAYER_SEGMENTS = []
    assert head_html() == without + '\n<script src="/static/personalization/content/data-layer.js" defer></script>'


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("PERSONALIZATION_DATA_LAYER", True, []),
        ("PERSONALIZATION_DATA_LAYER", ["fans"], ["personalization.E026"]),
        ("PERSONALIZATION_DATA_LAYER_SEGMENTS", ["fans"], []),
        ("PERSONALIZATION_DATA_LAYER_SEGMENTS", "fans", ["personalization.E025"]),
        ("PERSONALIZATION_DATA_LAYER_SEGMENTS", [1], ["personalization.E025"]),
    ],
)
def test_check__settings_of_the_data_layer__mistakes_are_told(
    name: str, value: object, found: list[str], settings: Settings
) -> None:
    setattr(settings, name, value)
    assert [message.id for message in check_data_layer(None)] == found


def test_segments__site_that_tells_nothing__not_found(settings: Settings) -> None:
    settings.PERSONALIZATION_DATA_LAYER_SEGMENTS = ["fans"]
    with pytest.raises(Http404):
        segments(RequestFactory().get(ADDRESS))
