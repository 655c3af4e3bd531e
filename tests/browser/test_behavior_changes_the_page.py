"""The whole road in two browsers: behavior changes the page of who agreed, and nothing is known of who refused."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import connections

from config.site.models import Product
from config.site.seeds import LOGIN, PASSWORD, seed
from tests.services.browser import answer
from tests.services.processes import SiteProcess

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Response

CATEGORIES = ("jackets", "trousers", "boots", "packs")
SECONDS_OF_A_LIMIT = 61
NewVisitor = Callable[..., "BrowserContext"]


@pytest.fixture
def site(transactional_db: None, live_site: SiteProcess) -> SiteProcess:
    """The seeded site without any worker: nobody judges but the page itself."""
    seed()
    return live_site


def everything_stored(redis_url: str | None) -> dict[str, Any]:
    """All rows of all tables and all keys of the hot store but three that tell of nobody.

    The number of the published configuration, how often one address (as a keyed hash) posted in this minute, and how
    many visitors are simulated, which the editors' pages keep for some seconds.
    """
    found: dict[str, Any] = {
        model._meta.db_table: sorted(map(repr, model._default_manager.values_list()))
        for model in apps.get_models(include_auto_created=True)
    }
    if redis_url:
        import redis

        with redis.Redis.from_url(redis_url, decode_responses=True) as client:
            keys = set(client.scan_iter()) - {"attune:1:configuration", ":1:demo_simulator.population"}
            found["keys"] = sorted(
                key for key in keys if not (key.startswith("LIMITS:") and 0 <= client.ttl(key) <= SECONDS_OF_A_LIMIT)
            )
    connections.close_all()
    return found


def log_in(page: Page, url: str) -> None:
    page.goto(f"{url}/admin/")
    page.fill("#id_username", LOGIN)
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_selector("#user-tools")


def make_segment(page: Page, url: str, category: str) -> None:
    """As an editor would: a segment that no seed of the demo's makes."""
    page.goto(f"{url}/admin/attune_segments/segment/add/")
    page.fill("#id_name", f"Curious about {category}")
    page.fill("#id_slug", f"curious-about-{category}")
    page.select_option("#id_status", "active")
    rule = {
        "event": "view_item",
        "where": [{"property": "item_category", "is": category}],
        "within": "session",
        "measure": "distinct",
        "of": "item_id",
        "at_least": 3,
    }
    page.get_by_role("button", name="As text").click()
    page.fill("#id_rule", json.dumps(rule))
    page.click("[name=_save]")
    page.wait_for_selector(".messagelist .success")


def make_block(page: Page, url: str) -> None:
    """A block of a name that the demo leaves free, with a variant for each of the four segments."""
    page.goto(f"{url}/admin/attune_content/block/add/")
    page.fill("#id_key", "home-note")
    page.fill("#id_name", "What this visitor came for")
    for number, category in enumerate(CATEGORIES):
        if page.locator(f"#id_variants-{number}-name").count() == 0:
            page.click("text=Add another Variant")
        prefix = f"#id_variants-{number}"
        if not page.locator(f"{prefix}-name").is_visible():
            page.locator(f"#variants-{number} summary").first.click()
        page.fill(f"{prefix}-name", f"For the curious about {category}")
        page.select_option(f"{prefix}-audience_kind", "segments")
        page.locator(f"#variants-{number}").get_by_role("checkbox", name=f"Curious about {category}").check()
        editor = page.locator(f"#variants-{number} .prose-editor > .ProseMirror")
        editor.click()
        editor.press_sequentially(f"More {category} for you")
    page.click("[name=_save]")
    page.wait_for_selector(".messagelist .success")


def products_of(category: str) -> list[str]:
    return [product.get_absolute_url() for product in Product.objects.filter(category=category)]


def is_told_of_an_item(answer: Response) -> bool:
    """Whether this is what the collector says to the view of an item."""
    return answer.url.endswith("/collect/") and '"view_item"' in (answer.request.post_data or "")


def note(page: Page) -> str:
    return page.locator("[data-attune-block=home-note]").inner_text().strip()


@pytest.mark.django_db(transaction=True)
def test_home__three_items_of_one_category_seen__recommends_it_on_the_next_page(
    site: SiteProcess, new_visitor: NewVisitor, on_services: bool
) -> None:
    redis_url = os.environ.get("REDIS_URL") if on_services else None
    editor = new_visitor(viewport={"width": 1280, "height": 900}).new_page()
    log_in(editor, site.url)
    for category in CATEGORIES:
        make_segment(editor, site.url, category)
    make_block(editor, site.url)
    items = {category: products_of(category) for category in CATEGORIES}

    before = everything_stored(redis_url)
    refuser = new_visitor(viewport={"width": 390, "height": 844}).new_page()
    refuser.goto(f"{site.url}/")
    unasked = refuser.content()
    answer(refuser, "Refuse")
    for path in items["boots"]:
        refuser.goto(f"{site.url}{path}")
        refuser.mouse.wheel(0, 2000)
        refuser.wait_for_timeout(150)
    refuser.goto(f"{site.url}/")
    refuser.wait_for_timeout(1200)
    assert note(refuser) == ""
    assert {cookie["name"] for cookie in refuser.context.cookies()} <= {"attune_consent", "attune_consent_proof"}
    after = everything_stored(redis_url)
    assert set(after.pop("keys", ())) <= set(before.pop("keys", ()))  # what the editor left there may have expired
    assert after == before
    assert "home-note" in unasked

    for category in CATEGORIES:
        visitor = new_visitor(viewport={"width": 390, "height": 844}).new_page()
        visitor.goto(f"{site.url}/")
        answer(visitor, "Accept")
        assert note(visitor) == ""
        for path in items[category][:3]:
            with visitor.expect_response(is_told_of_an_item) as told:
                visitor.goto(f"{site.url}{path}")
            assert told.value.status == 202
        # Told at once, while the visitor still looks: the very next page follows.
        visitor.goto(f"{site.url}/")
        assert note(visitor) == f"More {category} for you", site.output()[-3000:]
        visitor.context.close()

    refuser.goto(f"{site.url}/")
    assert note(refuser) == ""
