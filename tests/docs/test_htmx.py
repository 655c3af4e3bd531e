"""The view of the how-to about HTMX, asked as HTMX asks: the part is about the page that it is put into."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from personalization.content.models import Block, Variant
from tests.docs.reading import code_blocks, document

PAGE = "docs/how-to/htmx.md"
pytestmark = pytest.mark.once
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/shop/b%C3%A4ume/?utm_source=mail"}


@pytest.fixture
def site(tmp_path: Path, settings: Settings) -> str:
    """The page's view with its template, and a block for who came to one page from a mail; its address."""
    names: dict[str, Any] = {"__name__": "shop.parts"}
    (lines,) = (block.text for block in code_blocks(document(PAGE), "python"))
    exec(lines, names)  # noqa: S102  # our own page
    (tmp_path / "shop").mkdir()
    (template,) = (block.text for block in code_blocks(document(PAGE), "django"))
    (tmp_path / "shop" / "basket.html").write_text(template)
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path]}]
    (example,) = (block.text for block in code_blocks(document(PAGE), "html"))
    address = example.split('"')[1]
    settings.ROOT_URLCONF = (path(address[1:], names["basket"]), path("", include("personalization.urls")))
    rule = {"all": [{"request": "path", "is": "/shop/bäume/"}, {"request": "query.utm_source", "is": "mail"}]}
    note = Block.objects.create(key="basket-note", name="Note")
    Variant.objects.create(block=note, name="Mail", audience_kind="rule", rule=rule, body="<p>From the mail</p>")
    return address


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "is_about_the_page"),
    [
        (HTMX, True),
        ({}, False),
        ({"HX-Current-URL": HTMX["HX-Current-URL"]}, False),
        (HTMX | {"HX-Boosted": "true"}, False),
        (HTMX | {"HX-History-Restore-Request": "true"}, False),
        (HTMX | {"HX-Current-URL": "http://elsewhere.example/shop/b%C3%A4ume/?utm_source=mail"}, False),
        (HTMX | {"HX-Current-URL": "http://[/shop/"}, False),
    ],
)
def test_part__asked_for_by_htmx__is_about_the_page_that_it_is_put_into(
    site: str, headers: dict[str, str], is_about_the_page: bool
) -> None:
    html = Client().get(site, headers=headers).content.decode()
    assert ("From the mail" in html) is is_about_the_page
    assert ("Delivery is free" in html) is not is_about_the_page
    assert 'data-attune-deferred="basket-more"' in html
