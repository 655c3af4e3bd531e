"""What simulated visitors may look at: the shop's products and the magazine's articles, as the catalog says."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

from config.site import catalog


class Item(NamedTuple):
    """A product, or an article (which has no price)."""

    item_id: str
    name: str
    category: str
    path: str
    title: str
    price: float | None = None


class Shop:
    """The items by what they belong to; `paths` are those of the English pages."""

    def __init__(self, products: tuple[Item, ...], articles: tuple[Item, ...]) -> None:
        self.products = products
        self.articles = articles

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
            path=f"/shop/{entry['category']}/{entry['slug']}/",
            title=f"{entry['name']} · Larkmoor",
            price=float(entry["price"]),
        )
        for entry in catalog.products()
    )
    articles = tuple(
        Item(
            item_id=entry["slug"],
            name=entry["title"],
            category=entry["topic"].lower(),
            path=f"/magazine/{entry['slug']}/",
            title=f"{entry['title']} · The Larkmoor magazine",
        )
        for entry in catalog.articles()
    )
    return Shop(products, articles)


def _grouped(items: tuple[Item, ...]) -> dict[str, tuple[Item, ...]]:
    return {
        name: tuple(item for item in items if item.category == name) for name in sorted({i.category for i in items})
    }
