"""What simulated visitors look at is what the shop has, at the addresses that it has."""

from __future__ import annotations

import pytest
from django.test import Client

from config.site.models import Article, Product
from config.site.simulator.pages import SeenPage
from config.site.simulator.shop import read_shop


@pytest.mark.django_db
def test_items__of_the_catalog__lie_where_the_pages_are(shop: None) -> None:
    read = read_shop()
    assert {item.path: item.item_id for item in read.products} == {
        product.get_absolute_url(): product.item_id for product in Product.objects.all()
    }
    assert {item.path: item.item_id for item in read.articles} == {
        article.get_absolute_url(): article.slug for article in Article.objects.all()
    }


@pytest.mark.django_db
def test_items__of_the_catalog__are_called_as_the_pages_say(shop: None, stranger: Client) -> None:
    read = read_shop()
    for item in (read.products[0], read.articles[0]):
        page = stranger.get(item.path).content.decode()
        assert f'data-attune-item-id="{item.item_id}"' in page
        assert f'data-attune-item-category="{item.category}"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "prefix"), [("en", ""), ("de", "/de")])
def test_titles__in_both_languages__are_those_of_the_pages(consenting: Client, language: str, prefix: str) -> None:
    for path, title in read_shop().titles[language].items():
        if path.startswith("/checkout/"):  # asks for a cart first
            continue
        assert SeenPage(consenting.get(prefix + path).content.decode()).title == title
    consenting.post(f"{prefix}{read_shop().products[-1].path}add/", {})
    page = SeenPage(consenting.get(f"{prefix}/checkout/").content.decode())
    assert page.title == read_shop().titles[language]["/checkout/"]
