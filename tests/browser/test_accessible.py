"""The pages that people see most, by the rules of WCAG 2.2 AA: axe-core finds nothing serious on them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from config.site.seeds import seed
from personalization.content.models import Block, Campaign, Variant
from tests.personalization.content.visitors import segment
from tests.services.processes import SiteProcess

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NewVisitor = Callable[..., "BrowserContext"]


def serious(page: Page) -> list[str]:
    """What keeps somebody from using the page: the rule, and what breaks it."""
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    return [
        f"{page.url} {broken['id']}: {node['html'][:200]}"
        for broken in found["violations"]
        if broken["impact"] in ("serious", "critical")
        for node in broken["nodes"]
    ]


def test_shop__on_a_phone__keeps_nobody_out(live_site: SiteProcess, new_visitor: NewVisitor) -> None:
    seed()
    page = new_visitor(viewport={"width": 390, "height": 844}, reduced_motion="reduce").new_page()
    found: list[str] = []
    for address in ("/", "/shop/boots/scree-mid-boot/", "/consent/preferences/"):
        page.goto(f"{live_site.url}{address}")
        if address != "/consent/preferences/":
            page.locator("#attune-consent").wait_for()
        found += serious(page)
    assert found == []


def test_admin__of_an_editor__keeps_nobody_out(live_site: SiteProcess, page: Page) -> None:
    campaign = Campaign.objects.create(name="Advent", starts_at=timezone.now() + timedelta(minutes=1))
    block = Block.objects.create(key="hero", name="Hero", campaign=campaign)
    fans = segment("fans", {"event": "page_view", "at_least": 3})
    for name in ("Boots", "Jackets"):
        variant = Variant.objects.create(block=block, name=name, audience_kind="segments", body=f"<p>{name}</p>")
        variant.segments.add(fans)
    client = Client()
    client.force_login(User.objects.create_superuser("nina"))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_site.url}])
    found: list[str] = []
    for address in (
        "attune_content/block/start/",
        f"attune_content/block/{block.pk}/change/",
        "attune_content/block/results/?block=hero",
        f"attune_segments/segment/{fans.pk}/change/",
        "attune_content/block/preview-as/",
    ):
        page.goto(f"{live_site.url}/admin/{address}")
        if address.endswith(f"block/{block.pk}/change/"):
            page.locator("#variants-0 .attune-toggle[aria-expanded=false]").click()
            page.locator("#variants-0").get_by_label("Who sees it").wait_for()
        if address.endswith(f"segment/{fans.pk}/change/"):
            page.locator(".attune-row").wait_for()
            page.get_by_role("button", name="Add a condition", exact=True).click()
            page.locator(".attune-panel").wait_for()
        found += serious(page)
    assert found == []
