"""What simulated visitors may look at: the shop's products and the magazine's articles, as the catalog says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext, override

from config.site import catalog

LANGUAGES: Final = ("en", "de")


class Item(NamedTuple):
    """A product, or an article (which has no price), named as it is in English."""

    item_id: str
    name: str
    category: str
    path: str
    price: float | None = None


class Shop:
    """The items by what they belong to, and what each page is called: language → path → title.

    All paths are those of the English pages.
    """

    def __init__(
        self, products: tuple[Item, ...], articles: tuple[Item, ...], titles: Mapping[str, Mapping[str, str]]
    ) -> None:
        self.products = products
        self.articles = articles
        self.titles = titles

    @cached_property
    def categories(self) -> dict[str, tuple[Item, ...]]:
        """The products of each category."""
        return _grouped(self.products)

    @cached_property
    def topics(self) -> dict[str, tuple[Item, ...]]:
        """The articles on each topic."""
        return _grouped(self.articles)


def read_shop() -> Shop:
    """The shop as the catalog's files say it."""
    products = tuple(
        Item(
            item_id=entry["item_id"],
            name=entry["name"],
            category=entry["category"],
            path=_product_path(entry),
            price=float(entry["price"]),
        )
        for entry in catalog.products()
    )
    articles = tuple(
        Item(item_id=entry["slug"], name=entry["title"], category=entry["topic"], path=_article_path(entry))
        for entry in catalog.articles()
    )
    return Shop(products, articles, {language: _titles(language) for language in LANGUAGES})


def _titles(language: str) -> dict[str, str]:
    """What the pages are called in that language, as their templates say it."""

    def said(entry: dict[str, Any], text: str) -> str:
        translated: str = entry["translations"].get(language, {}).get(text, entry[text])
        return translated

    with override(language):
        magazine = gettext("The Larkmoor magazine")
        return {
            "/": gettext("Larkmoor: clothing for going out anyway"),
            "/magazine/": magazine,
            "/about/": f"{gettext('How we make things')} · Larkmoor",
            "/search/": f"{gettext('Search')} · Larkmoor",
            "/cart/": f"{gettext('Your cart')} · Larkmoor",
            "/checkout/": f"{gettext('Checkout')} · Larkmoor",
            "/checkout/thanks/": f"{gettext('Thank you')} · Larkmoor",
            **{f"/shop/{entry['slug']}/": f"{said(entry, 'name')} · Larkmoor" for entry in catalog.categories()},
            **{_product_path(entry): f"{said(entry, 'name')} · Larkmoor" for entry in catalog.products()},
            **{_article_path(entry): f"{said(entry, 'title')} · {magazine}" for entry in catalog.articles()},
        }


def _product_path(entry: dict[str, Any]) -> str:
    return f"/shop/{entry['category']}/{entry['slug']}/"


def _article_path(entry: dict[str, Any]) -> str:
    return f"/magazine/{entry['slug']}/"


def _grouped(items: tuple[Item, ...]) -> dict[str, tuple[Item, ...]]:
    return {
        name: tuple(item for item in items if item.category == name) for name in sorted({i.category for i in items})
    }
