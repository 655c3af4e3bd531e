"""The pages in English and German: complete, with the language in the address, and the same for events."""

from __future__ import annotations

import re
from typing import Any

import polib
import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext, override

from config.site.catalog import articles, categories, products, topics
from config.site.models import Article, Category, Product, Topic
from consent.purposes import policy_version
from tests.config.site.messages import CATALOGS, Catalog, texts_of

PAGES = [
    "/",
    "/shop/boots/",
    "/shop/boots/scree-mid-boot/",
    "/magazine/",
    "/magazine/topics/care/",
    "/magazine/the-bothy-rules/",
    "/about/",
    "/search/",
    "/newsletter/",
    "/account/log-in/",
    "/account/register/",
    "/cart/",
]
ALTERNATE = re.compile(r'<link rel="alternate" hreflang="(\w+)" href="http://testserver([^"]+)">')
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
ITEM = re.compile(r'data-attune-item-[\w-]+="[^"]*"')


def html_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize("catalog", CATALOGS.values(), ids=CATALOGS)
def test_translations__all_texts_that_are_asked_for__are_translated_and_compiled(catalog: Catalog) -> None:
    written = {entry.msgid: entry for entry in polib.pofile(str(catalog.file))}
    compiled = {entry.msgid: entry for entry in polib.mofile(str(catalog.file.with_suffix(".mo")))}
    hint = "Run `python -m tests.config.site.messages`, then translate."
    assert written.keys() == texts_of(catalog).keys(), hint
    for text, entry in written.items():
        assert entry.translated(), f"{text}: not translated, or only roughly"
        said = [*entry.msgstr_plural.values()] if entry.msgid_plural else [entry.msgstr]
        for one in said:
            assert set(PLACEHOLDER.findall(one)) == set(PLACEHOLDER.findall(text)), text
        held = compiled[text]
        assert (held.msgstr, held.msgstr_plural) == (entry.msgstr, entry.msgstr_plural), f"{text}: {hint}"
    assert compiled.keys() == written.keys()


@pytest.mark.parametrize("catalog", CATALOGS.values(), ids=CATALOGS)
def test_translations__of_words_that_other_apps_use_too__are_ours(catalog: Catalog) -> None:
    with override("de"):
        for entry in polib.pofile(str(catalog.file)):
            if not entry.msgid_plural:
                assert gettext(entry.msgid) == entry.msgstr, entry.msgid


@pytest.mark.parametrize(
    ("entries", "model"),
    [(categories(), Category), (products(), Product), (topics(), Topic), (articles(), Article)],
    ids=["categories", "products", "topics", "articles"],
)
def test_catalog__each_entry__says_all_of_its_texts_in_german(entries: list[dict[str, Any]], model: Any) -> None:
    for entry in entries:
        translated = entry["translations"]["de"]
        assert set(model.TEXTS) == set(translated), entry["slug"]
        for name, text in translated.items():
            assert text, (entry["slug"], name)
            assert isinstance(text, type(entry[name]))
            if isinstance(text, list):
                assert len(text) == len(entry[name])
            # Some names and colors are the same word.
            assert text != entry[name] or name in {"name", "color"}


def test_articles__in_german__are_as_long_as_the_english_ones() -> None:
    for entry in articles():
        english, german = entry["body"], entry["translations"]["de"]["body"]
        assert 0.75 < len(german.split()) / len(english.split()) < 1.3, entry["slug"]
        assert german.count("## ") == english.count("## "), entry["slug"]
        assert german.count("\n> ") == english.count("\n> "), entry["slug"]


@pytest.mark.parametrize("path", PAGES)
def test_page__in_both_languages__names_its_language_and_the_other_page(stranger: Client, path: str) -> None:
    for language, here in (("en", path), ("de", f"/de{path}")):
        html = html_of(stranger, here)
        assert f'<html lang="{language}">' in html
        assert dict(ALTERNATE.findall(html)) == {"en": path, "de": f"/de{path}"}
        assert f'<link rel="canonical" href="http://testserver{here}">' in html
        switch = html[html.index('class="languages"') :]
        assert f'href="{path}" hreflang="en"' in switch
        assert f'href="/de{path}" hreflang="de"' in switch


@pytest.mark.parametrize("path", PAGES)
def test_page__in_german__links_to_german_pages_only(stranger: Client, path: str) -> None:
    html = html_of(stranger, f"/de{path}")
    links = re.findall(r'(?:href|action|data-attune-endpoint)="(/[^"]*)"', html)
    english = [link for link in links if not link.startswith(("/de/", "/static/"))]
    # The switch to English; the language of the page is the only thing that it changes.
    assert english == [path]


def test_page__asked_for_by_a_german_browser__stays_in_the_language_of_its_address(stranger: Client) -> None:
    html = stranger.get("/about/", headers={"Accept-Language": "de"}).content.decode()
    assert '<html lang="en">' in html


@pytest.mark.parametrize("path", ["/shop/boots/scree-mid-boot/", "/magazine/the-bothy-rules/"])
def test_item__in_german__is_the_same_for_events(stranger: Client, path: str) -> None:
    english, german = html_of(stranger, path), html_of(stranger, f"/de{path}")
    assert ITEM.findall(english) == ITEM.findall(german) != []
    assert english != german


def test_prices__in_german__are_written_as_germans_write_them(stranger: Client) -> None:
    assert "245,00\u00a0€" in html_of(stranger, "/de/shop/jackets/fieldfare-shell/")
    assert "€245" in html_of(stranger, "/shop/jackets/fieldfare-shell/")


def test_switch__on_a_page_with_a_query__keeps_it(stranger: Client) -> None:
    assert 'href="/de/search/?q=wool+hat"' in html_of(stranger, "/search/?q=wool+hat")


def test_switch__after_a_form_with_mistakes__leads_to_the_page_of_the_form(stranger: Client) -> None:
    answer = stranger.post("/de/shop/jackets/fieldfare-shell/add/", {"size": "XXXL"})
    assert answer.status_code == 422
    assert dict(ALTERNATE.findall(answer.content.decode()))["en"] == "/shop/jackets/fieldfare-shell/"


def test_missing_page__in_german__says_so_in_german(stranger: Client) -> None:
    answer = stranger.get("/de/nirgends/")
    assert answer.status_code == 404
    assert "nicht auf der Karte" in answer.content.decode()
    assert "hreflang" not in answer.content.decode()


def test_banner__on_german_pages__speaks_german_and_is_the_same_policy(stranger: Client, refusing: Client) -> None:
    english, german = html_of(stranger, "/about/"), html_of(stranger, "/de/about/")
    assert "Dürfen wir uns merken" in german
    assert "May we remember" in english
    assert all(f'data-attune-policy="{policy_version()}"' in html for html in (english, german))
    assert html_of(refusing, "/de/about/") == german


def test_preferences__opened_from_a_german_page__are_in_german_and_lead_back_there(stranger: Client) -> None:
    [address] = set(re.findall(r'class="attune-preferences" href="([^"]+)"', html_of(stranger, "/de/about/")))
    html = html_of(stranger, address)
    assert address == "/de/consent/preferences/"
    assert '<html lang="de">' in html
    assert "Nichts davon geschieht" in html
    assert '<a href="/de/">Zur Startseite</a>' in html
    form = {"analytics": "granted", "policy": policy_version(), "next": "/de/consent/preferences/?saved=1"}
    answer = stranger.post("/de/consent/", form)
    assert answer.headers["Location"] == "/de/consent/preferences/?saved=1"
    assert "Du hast zugestimmt" in html_of(stranger, "/de/consent/preferences/")


def test_choices__asked_for_by_a_german_page__come_with_german_texts(stranger: Client) -> None:
    titles = [purpose["title"] for purpose in stranger.get("/de/consent/").json()["purposes"]]
    assert titles == ["Besuche messen", "Persönliche Inhalte"]


def test_checkout__with_mistakes_in_german__explains_them_in_german(stranger: Client) -> None:
    stranger.post("/de/shop/packs/cairn-24-daypack/add/")
    html = stranger.post("/de/checkout/", {"email": "ada"}).content.decode()
    assert "für wen das Paket ist" in html
    assert "Bitte gib die Postleitzahl an" in html
    assert "gültige E-Mail-Adresse" in html
    assert "Please" not in html


def test_admin__for_a_german_browser__stays_english(stranger: Client) -> None:
    html = stranger.get("/admin/login/", headers={"Accept-Language": "de"}).content.decode()
    assert "Log in" in html


def test_languages__of_the_settings__are_those_of_the_catalog() -> None:
    assert [code for code, _ in settings.LANGUAGES] == ["en", "de"]
    assert {language for entry in products() for language in entry["translations"]} == {"de"}
