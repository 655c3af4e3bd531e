"""Searching products and articles in one language, the same on every database."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from config.site.models import Article, Product

WORD = re.compile(r"[^\W_]+")
PRODUCT_TEXTS = ("name", "tagline", "color", "description")
ARTICLE_TEXTS = ("title", "standfirst", "body")


MOST_WORDS = 8


@dataclass(frozen=True)
class Found:
    """What a search came to. `known_words` are those of its words that stand, whole, in what was found."""

    asked: bool = False
    products: tuple[Product, ...] = ()
    articles: tuple[Article, ...] = ()
    known_words: str = ""

    def __len__(self) -> int:
        return len(self.products) + len(self.articles)


def find(query: str, language: str) -> Found:
    """The products and articles that hold every word of the query, or a longer word with it inside; two queries.

    A word of one or two letters has to stand there as it is: else it would be found everywhere.
    """
    words = folded(query).split()[:MOST_WORDS]
    if not words:
        return Found()
    sought = (word if len(word) > 2 else f" {word} " for word in words)
    holds_all = Q(*((f"words__{language}__icontains", part) for part in sought))
    products = tuple(Product.objects.filter(holds_all))
    articles = tuple(Article.objects.filter(holds_all).select_related("topic"))
    texts = [*(product.words for product in products), *(article.words for article in articles)]
    ours = {word for text in texts for word in text[language].split()}
    return Found(True, products, articles, " ".join(word for word in words if word in ours))


def folded(text: str) -> str:
    """The text as searching compares it: without case, accents and apostrophes, words between single spaces.

    >>> folded("It's Tomas’ jacket.")
    'its tomas jacket'
    >>> folded("Für Überhosen, bei STURM & Straßenbahn!")
    'fur uberhosen bei sturm strassenbahn'
    """
    plain = unicodedata.normalize("NFKD", re.sub(r"['’]", "", text.casefold()))
    return " ".join(WORD.findall("".join(char for char in plain if not unicodedata.combining(char))))


def words_of(entry: Mapping[str, Any], texts: tuple[str, ...], *, shelf: Mapping[str, Any]) -> dict[str, str]:
    """What searching reads of a catalog's entry, for each language; its shelf's name is part of it.

    >>> boots = {"name": "Boots", "translations": {"de": {"name": "Stiefel"}}}
    >>> words_of({"name": "Ember", "translations": {"de": {"name": "Glut"}}}, ("name",), shelf=boots)
    {'en': ' ember boots ', 'de': ' glut stiefel '}
    """
    names = dict(_said(shelf))
    return {
        language: f" {folded(' '.join([*(str(said[text]) for text in texts), names.get(language, shelf)['name']]))} "
        for language, said in _said(entry)
    }


def _said(entry: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "en", entry
    for language, translated in entry.get("translations", {}).items():
        yield language, {**entry, **translated}
