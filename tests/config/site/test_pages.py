"""The pages: they render, stay cacheable, mark their one item, and are all two links from the home page."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from config.site.catalog import articles, categories, products, topics
from personalization.testing import MakeVisitor
from tests.personalization.test_search_engines import READ_BY_MACHINES, everybody, page_of

PRODUCTS = {f"/shop/{entry['category']}/{entry['slug']}/": entry for entry in products()}
ARTICLES = {f"/magazine/{entry['slug']}/": entry for entry in articles()}
CATEGORIES = [f"/shop/{entry['slug']}/" for entry in categories()]
TOPICS = [f"/magazine/topics/{entry['slug']}/" for entry in topics()]
LISTS = ["/", "/magazine/", *CATEGORIES, *TOPICS]
OTHERS = ["/about/", "/cart/", "/search/", "/newsletter/"]
LINK = re.compile(r'href="(/[^"#?]*)')


def html_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_catalog__as_declared__has_24_products_in_5_categories_and_12_articles_on_4_topics() -> None:
    assert (len(PRODUCTS), len(CATEGORIES), len(ARTICLES), len(TOPICS)) == (24, 5, 12, 4)
    assert Counter(entry["category"] for entry in PRODUCTS.values()) == {
        "jackets": 5,
        "trousers": 5,
        "boots": 5,
        "packs": 5,
        "layers": 4,
    }
    assert set(Counter(entry["topic"] for entry in ARTICLES.values()).values()) == {3}
    assert all(250 <= len(entry["body"].split()) <= 400 for entry in ARTICLES.values())


def test_favicon__asked_for_by_pages_that_name_none__is_the_mark(stranger: Client) -> None:
    answer = stranger.get("/favicon.ico")
    assert (answer.status_code, answer["Location"]) == (302, "/static/site/mark.svg")


@pytest.mark.parametrize("path", [*LISTS, *OTHERS, *PRODUCTS, *ARTICLES])
def test_page__for_a_stranger__renders_with_one_heading_and_sets_no_cookie(stranger: Client, path: str) -> None:
    answer = stranger.get(path)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.count("<h1") == 1
    assert not answer.cookies
    assert "style=" not in html
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"\son[a-z]+=", html)
    for picture in re.findall(r"<img[^>]*>", html):
        assert re.search(r'\balt="', picture), picture
        assert re.search(r'\bwidth="\d+" height="\d+"', picture), picture


@pytest.mark.parametrize("path", ["/magazine/", *TOPICS, "/about/", "/newsletter/"])
def test_page__that_asks_for_no_decision__may_be_cached_for_everybody(consenting: Client, path: str) -> None:
    answer = consenting.get(path)
    assert "Cookie" not in answer.get("Vary", "")
    assert "private" not in answer.get("Cache-Control", "")


@pytest.mark.parametrize(("path", "entry"), PRODUCTS.items())
def test_product__its_page__marks_exactly_one_item_with_its_price(
    stranger: Client, path: str, entry: dict[str, str]
) -> None:
    html = html_of(stranger, path)
    assert html.count("data-attune-item-id=") == 1
    assert f'data-attune-item-id="{entry["item_id"]}"' in html
    assert f'data-attune-item-category="{entry["category"]}"' in html
    assert f'data-attune-item-price="{entry["price"]}"' in html


def test_product__in_another_language__keeps_its_price_readable_for_scripts(stranger: Client) -> None:
    assert 'data-attune-item-price="245.00"' in html_of(stranger, f"/de{next(iter(PRODUCTS))}")


@pytest.mark.parametrize(("path", "entry"), ARTICLES.items())
def test_article__its_page__marks_exactly_one_item_of_its_topic_without_a_price(
    stranger: Client, path: str, entry: dict[str, str]
) -> None:
    html = html_of(stranger, path)
    assert html.count("data-attune-item-id=") == 1
    assert f'data-attune-item-category="{entry["topic"]}"' in html
    assert "data-attune-item-price" not in html


@pytest.mark.parametrize("path", [*LISTS, *OTHERS])
def test_list__its_cards__are_no_items(stranger: Client, path: str) -> None:
    assert "data-attune-item-" not in html_of(stranger, path)


def test_home__asked_again__is_the_same(stranger: Client) -> None:
    assert stranger.get("/").content == stranger.get("/").content == Client().get("/").content


@pytest.mark.parametrize("path", [*LISTS, *OTHERS, *PRODUCTS, *ARTICLES])
def test_page__for_one_who_refused__is_the_strangers_byte_for_byte(
    stranger: Client, refusing: Client, path: str
) -> None:
    first, second = stranger.get(path), refusing.get(path)
    assert first.content == second.content
    assert dict(first.headers) == dict(second.headers)
    assert not second.cookies


@pytest.mark.parametrize("path", ["/", "/de/", next(iter(PRODUCTS)), next(iter(ARTICLES))])
def test_page__for_a_crawler_on_a_campaigns_link__is_the_strangers_but_for_the_link(
    stranger: Client, path: str
) -> None:
    crawler = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    campaign = f"{path}?utm_source=mail&utm_campaign=storm"
    found = html_of(Client(headers={"user-agent": crawler}), campaign)
    assert found.replace("?utm_source=mail&amp;utm_campaign=storm", "") == html_of(stranger, path)


@pytest.mark.once
@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("path", ["/", next(iter(PRODUCTS)), next(iter(ARTICLES))])
def test_page__each_kind_of_visitor_and_crawlers__is_told_apart_by_no_machine(
    attune_visitor: MakeVisitor, path: str
) -> None:
    kinds = everybody(attune_visitor, "boots-fans", "cart-abandoners", "magazine-readers", "readers-of-walks")
    pages = {kind: page_of(visitor, path) for kind, visitor in kinds.items()}
    assert len(set(pages.values())) > 1
    told = {
        # A variant may have headings of its own, as what everyone else sees may.
        kind: [one for one in READ_BY_MACHINES.findall(page) if not re.match("<h[2-6]", one)]
        for kind, page in pages.items()
    }
    assert [kind for kind, found in told.items() if found != told["stranger"]] == []
    for tag in ("<title", "<h1", '<link rel="canonical"', '<meta name="description"'):
        assert sum(one.startswith(tag) for one in told["stranger"]) == 1


def test_home__its_links__lead_to_every_product_and_article_within_two(stranger: Client) -> None:
    near = set(LINK.findall(html_of(stranger, "/")))
    pages = {path for path in near if not path.startswith(("/static/", "/account/")) and "." not in path}
    far = {link for path in pages for link in LINK.findall(html_of(stranger, path))}
    assert {*PRODUCTS, *ARTICLES} <= near | far


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/shop/hats/", "/shop/boots/fieldfare-shell/", "/magazine/nothing/", "/magazine/topics/hats/"]
)
def test_page__that_is_not_there__says_so_in_the_shops_frame(stranger: Client, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 404
    assert "not on the map" in answer.content.decode()


def test_page__that_breaks__says_so_without_the_shops_frame(stranger: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("broken for this test")

    stranger.raise_request_exception = False
    monkeypatch.setattr("config.site.models.Category.objects.all", broken)
    answer = stranger.get("/")
    assert answer.status_code == 500
    assert "Something snapped" in answer.content.decode()


@pytest.mark.parametrize(("path", "queries"), [("/magazine/", 2), (TOPICS[0], 2)])
def test_page__that_asks_for_no_decision__takes_few_queries(
    stranger: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str, queries: int
) -> None:
    with django_assert_num_queries(queries):
        stranger.get(path)


def test_home__for_a_stranger__takes_few_queries(
    stranger: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    stranger.get("/")
    with django_assert_max_num_queries(4):
        stranger.get("/")


@pytest.mark.parametrize(
    ("path", "queries"), [("/shop/packs/", 2), (next(iter(PRODUCTS)), 2), (next(iter(ARTICLES)), 2)]
)
def test_page__with_blocks__for_a_stranger_reads_its_own_rows_and_the_version_of_what_is_published(
    stranger: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str, queries: int
) -> None:
    stranger.get(path)
    with django_assert_num_queries(queries + 1):
        stranger.get(path)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_home__asked_to_change_something__refuses(stranger: Client, method: str) -> None:
    assert getattr(stranger, method)("/").status_code == 405
