"""What a simulated visitor sees of the shop's real pages."""

from __future__ import annotations

import pytest
from django.test import Client

from config.site.simulator.pages import SeenPage
from config.site.simulator.shop import read_shop


def test_page__blocks_in_blocks__keep_their_own_links() -> None:
    page = SeenPage(
        '<div data-attune-block="outer"><img src="x"><div data-attune-block="inner" data-attune-variant="3">'
        '<a href="/in/">In</a></div><a href="/out/">Out</a></div><a href="/elsewhere/">No</a>'
    )
    assert [(b.key, b.variant, b.link, b.is_empty) for b in page.blocks] == [
        ("outer", "default", "/out/", False),
        ("inner", "3", "/in/", False),
    ]


def test_page__empty_block__is_seen_as_empty() -> None:
    (block,) = SeenPage('<div data-attune-block="b" data-attune-variant="default"> </div>text').blocks
    assert block.is_empty


@pytest.mark.django_db
def test_page__of_a_product__tells_item_form_and_sizes(stranger: Client) -> None:
    read = read_shop()
    item = read.products[0]
    page = SeenPage(stranger.get(item.path).content.decode())
    assert page.title == read.titles["en"][item.path]
    (said,) = page.items
    assert (said["id"], said["category"], float(said["price"])) == (item.item_id, item.category, item.price)
    assert page.buy == f"{item.path}add/"
    assert "M" in page.sizes


@pytest.mark.django_db
def test_page__home__has_blocks_and_no_item(stranger: Client) -> None:
    page = SeenPage(stranger.get("/").content.decode())
    assert "home-hero" in {block.key for block in page.blocks}
    assert page.items == []
    assert page.buy == ""
