"""What a visitor saw and clicked in a block comes back as events that name the block and the variant."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from config.site.seeds import seed
from personalization.content.models import Block, Variant
from tests.services.browser import answer
from tests.services.processes import SiteProcess
from tests.services.waiting import eventually
from tracking.models import StoredEvent

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

Seen = set[tuple[str, str, str]]


def stored() -> Seen:
    """Each (event, block, variant) that is stored."""
    rows = StoredEvent.objects.filter(name__in=("block_view", "block_click")).values_list("name", "properties")
    found = {(name, properties["block"], properties["variant"]) for name, properties in rows}
    connections.close_all()
    return found


@pytest.mark.django_db(transaction=True)
def test_block__seen_and_clicked__comes_back_with_its_variant(
    live_site: SiteProcess, new_visitor: Callable[..., BrowserContext]
) -> None:
    seed()
    block = Block.objects.create(key="home-note", name="A note")
    variant = Variant.objects.create(
        block=block, name="For everybody", body='<p>Read <a href="/magazine/">the magazine</a> first.</p>'
    )
    expected = {
        ("block_view", "home-hero", "default"),
        ("block_view", "home-note", str(variant.uuid)),
        ("block_click", "home-note", str(variant.uuid)),
    }

    page = new_visitor(viewport={"width": 1280, "height": 1000}).new_page()
    page.goto(f"{live_site.url}/")
    answer(page, "Accept")
    page.locator("[data-attune-block=home-note]").scroll_into_view_if_needed()
    seen = expected - {("block_click", "home-note", str(variant.uuid))}
    eventually(lambda: stored() == seen, lambda: f"seen, and not clicked yet: {stored()}", page=page)

    page.get_by_role("link", name="the magazine", exact=True).click()
    page.wait_for_url("**/magazine/")
    eventually(lambda: stored() == expected, lambda: str(stored()), page=page)
