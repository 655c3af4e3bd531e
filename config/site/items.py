"""What lists of items show of the shop and its magazine, in the page's language."""

from collections.abc import Sequence
from typing import Final

from django.templatetags.static import static
from django.utils.translation import gettext as _

from config.site.models import Article, Product
from config.site.templatetags.shop import euros
from personalization.shortcuts import Item

MOST: Final = 12
"""Samples of one kind."""


def get_items(ids: Sequence[str]) -> list[Item]:
    """Those of these items that are sold or printed now; two queries."""
    return [
        *(_of_product(product) for product in Product.objects.filter(item_id__in=ids)),
        *(_of_article(article) for article in Article.objects.filter(slug__in=ids)),
    ]


def get_samples(source: str) -> list[str]:
    """What lists show in previews: articles where they are to be read on, else what is sold."""
    if source == "continue_reading":
        return list(Article.objects.values_list("slug", flat=True)[:MOST])
    return list(Product.objects.values_list("item_id", flat=True)[:MOST])


def _of_product(product: Product) -> Item:
    said = product.said
    return Item(
        id=product.item_id,
        title=said["name"],
        url=product.get_absolute_url(),
        image=static(product.picture),
        image_alt=said["picture_alt"],
        price=euros(product.price),
        text=said["tagline"],
    )


def _of_article(article: Article) -> Item:
    said = article.said
    return Item(
        id=article.slug,
        title=said["title"],
        url=article.get_absolute_url(),
        image=static(article.picture),
        text=_("%(minutes)s minutes") % {"minutes": article.minutes},
    )
