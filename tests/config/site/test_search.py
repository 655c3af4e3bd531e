"""Searching: what is found in which language, and that what people type stays theirs."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from config.site.finding import MOST_WORDS, find
from tracking.models import StoredEvent


def events(name: str) -> list[dict[str, Any]]:
    return list(StoredEvent.objects.filter(name=name).order_by("id").values_list("properties", flat=True))


def slugs(query: str, language: str = "en") -> set[str]:
    found = find(query, language)
    return {product.slug for product in found.products} | {article.slug for article in found.articles}


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("query", "language", "slug"),
    [
        ("fieldfare", "en", "fieldfare-shell"),
        ("RAIN  jacket", "en", "how-to-wash-a-rain-jacket"),
        ("jackets", "en", "siskin-vest"),
        ("lacing", "en", "lacing-for-the-way-down"),
        ("Mütze", "de", "twite-hat"),
        ("mutze", "de", "twite-hat"),
        ("Überhose", "de", "gorse-overtrousers"),
        ("ÜBERHOSE", "de", "gorse-overtrousers"),
        ("stopfstelle", "de", "a-darn-is-not-a-defeat"),
        ("bergschafen", "de", ""),
    ],
)
def test_find__words_of_a_text__find_it_in_its_language(query: str, language: str, slug: str) -> None:
    found = slugs(query, language)
    assert slug in found if slug else not found


@pytest.mark.usefixtures("shop")
def test_find__every_word__must_be_there() -> None:
    assert "fieldfare-shell" in slugs("rain hood")
    assert "fieldfare-shell" not in slugs("rain hood bothy")
    assert "twite-hat" not in slugs("mutze", "en")


@pytest.mark.usefixtures("shop")
def test_find__a_short_word__is_found_only_where_it_stands_alone() -> None:
    assert slugs("s") == set()
    assert "fieldfare-shell" not in slugs("ai")
    assert "what-a-week-weighs" in slugs("i")
    assert "fieldfare-shell" in slugs("rai")


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("query", ["", "  ", "%", "_", "'", "\x00", "…"])
def test_find__without_a_word__finds_nothing_and_asks_nothing(
    query: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert not find(query, "en").asked


@pytest.mark.usefixtures("shop")
def test_find__whatever_is_asked__takes_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for query in ("wool", "wool " * 50):
        with django_assert_num_queries(2):
            found = find(query, "en")
        assert len(found.known_words.split()) <= MOST_WORDS
        assert [article.topic.name for article in found.articles]


def test_search__something_found__is_shown_as_cards_in_the_pages_language(stranger: Client) -> None:
    html = stranger.get("/search/?q=bothy").content.decode()
    assert "/magazine/the-bothy-rules/" in html
    assert "data-attune-item-" not in html
    german = stranger.get("/de/search/?q=Daunen").content.decode()
    assert "Wren Daunenjacke" in german
    assert "/de/shop/jackets/wren-down-jacket/" in german


def test_search__nothing_found__offers_help_and_the_shelves(stranger: Client) -> None:
    html = stranger.get("/search/?q=submarine").content.decode()
    assert "Nothing for “submarine”" in html
    assert "Try one plain word" in html


@pytest.mark.parametrize("query", ["<script>alert(1)</script>", '" onfocus=x', "a" * 5000, "\x00", "%00", "\ud800"])
def test_search__whatever_is_typed__is_shown_as_text(stranger: Client, query: str) -> None:
    answer = stranger.get("/search/", {"q": query.encode("utf-8", "surrogatepass")})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<script>alert" not in html
    assert '" onfocus' not in html
    assert "no-store" in answer.headers["Cache-Control"]


def test_search__with_consent__records_the_words_that_were_found(consenting: Client) -> None:
    consenting.get("/search/?q=Wool%20HAT")
    [searched], [seen] = events("search"), events("view_search_results")
    assert searched == seen
    assert searched["search_term"] == "wool hat"
    assert searched["results"] >= 1


@pytest.mark.parametrize("query", ["ada@example.org", "Ada Fell", "Ada Fell wool", "+43 660 1234567", "woo"])
def test_search__a_name_or_an_address__is_recorded_nowhere(consenting: Client, query: str) -> None:
    consenting.get("/search/", {"q": query})
    [searched] = events("search")
    assert "search_term" not in searched
    for event in StoredEvent.objects.all():
        kept = f"{event.properties} {event.url} {event.title} {event.referrer}".lower()
        assert not [word for word in ("ada", "fell", "example", "1234567") if word in kept], kept


def test_search__its_page__says_nothing_of_the_words_in_title_or_recorded_address(consenting: Client) -> None:
    html = consenting.get("/search/?q=wool").content.decode()
    assert "<title>Search · Larkmoor</title>" in html
    assert [event.url for event in StoredEvent.objects.all()] == ["http://testserver/search/"] * 2


def test_search__without_words__is_no_search(consenting: Client) -> None:
    consenting.get("/search/")
    consenting.get("/search/?q=%20")
    assert events("search") == []


def test_search__without_consent__leaves_no_trace(stranger: Client) -> None:
    answer = stranger.get("/search/?q=wool")
    assert not answer.cookies
    assert not StoredEvent.objects.exists()
