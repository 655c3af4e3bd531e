"""Searching products and articles in one language, the same on every database."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

WORD = re.compile(r"[^\W_]+")
PRODUCT_TEXTS = ("name", "tagline", "color", "description")
ARTICLE_TEXTS = ("title", "standfirst", "body")


def folded(text: str) -> str:
    """The text as searching compares it: without case and accents, words between single spaces.

    >>> folded("Für Überhosen, bei STURM & Straßenbahn!")
    'fur uberhosen bei sturm strassenbahn'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(WORD.findall("".join(char for char in plain if not unicodedata.combining(char))))


def words_of(entry: Mapping[str, Any], texts: tuple[str, ...]) -> dict[str, str]:
    """What searching reads of a catalog's entry, for each language.

    >>> words_of({"name": "Hat", "translations": {"de": {"name": "Mütze"}}}, ("name",))
    {'en': 'hat', 'de': 'mutze'}
    """

    def said() -> Iterator[tuple[str, Mapping[str, Any]]]:
        yield "en", entry
        for language, translated in entry.get("translations", {}).items():
            yield language, {**entry, **translated}

    return {language: folded(" ".join(str(read[name]) for name in texts)) for language, read in said()}
