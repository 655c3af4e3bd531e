"""On which page editors look at a block first: where visitors see it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from personalization.content.measuring.pages import VISITORS, page_seen_on
from personalization.content.models import Block
from tests.personalization.content.measuring.test_results import stored, write

pytestmark = pytest.mark.django_db


def test_page_seen_on__views_of_late__is_the_one_with_most(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    pages = (*["/shop/"] * VISITORS, *["/account/"] * (VISITORS + 1), *["/few/"] * (VISITORS - 1))
    write([stored(uuid4(), "block_view", block="hero", url=f"https://shop.example{page}") for page in pages])
    alone = uuid4()
    write([stored(alone, "block_view", block="hero", url="https://shop.example/theirs/") for _ in range(9)])
    write([stored(uuid4(), "block_view", block="other", url="https://shop.example/other/") for _ in range(9)])
    write([stored(uuid4(), "page_view", url="https://shop.example/") for _ in range(9)])
    with django_assert_num_queries(1):
        assert page_seen_on("hero") == "/account/"
    assert page_seen_on("unseen") == ""


def test_side_by_side__no_page_asked_for__is_where_visitors_see_the_block(
    admin_client: Client, settings: Settings
) -> None:
    settings.ROOT_URLCONF = "config.urls"
    address = f"/admin/attune_content/block/{Block.objects.create(key='hero', name='Hero').pk}/side-by-side/"
    views = (stored(uuid4(), "block_view", block="hero", url="https://shop.example/cart/?a=b") for _ in range(VISITORS))
    write(views)
    for query, page in (("", "/cart/"), ("?url=/shop/", "/shop/"), ("", "/cart/")):
        assert f'src="{page}?attune_preview=' in admin_client.get(address + query).content.decode()
