"""The segment's page in a real browser: the rule is said in words while it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User
from django.test import Client

from personalization.rules import Rule
from personalization.segments.examples import EXAMPLES
from personalization.segments.models import Segment
from tests.personalization.segments.people import VIEWED_THREE, segment
from tests.services.processes import SiteProcess

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def log_in(page: Page, url: str) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("editor"))
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])


def test_segment_page__rule_is_typed__is_said_in_words_or_its_mistakes_are(live_site: SiteProcess, page: Page) -> None:
    log_in(page, live_site.url)
    page.goto(f"{live_site.url}/admin/attune_segments/segment/add/")
    page.get_by_label("Name:", exact=True).fill("Three views")
    said = page.locator(".attune-in-words")
    page.get_by_role("button", name="As text").click()
    page.locator("#id_rule").fill('{"event": "view_item", "at_least": -3, "within": "soon"}')
    said.get_by_text("$.at_least").wait_for()
    said.get_by_text("$.within").wait_for()
    page.get_by_text("Show seven rules").click()
    page.get_by_role("button", name="Use this rule").first.click()
    said.get_by_text(Rule.parse(EXAMPLES[0].rule).describe()).wait_for()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was added successfully").wait_for()
    stored = Segment.objects.get()
    assert (stored.slug, stored.rule) == ("three-views", EXAMPLES[0].rule)


def test_segment_list__update_now__counts_people(live_site: SiteProcess, page: Page) -> None:
    stored = segment("viewers", VIEWED_THREE)
    log_in(page, live_site.url)
    page.goto(f"{live_site.url}/admin/attune_segments/segment/")
    page.get_by_role("button", name="Update now").click()
    page.get_by_text("Updated: 0 visitors were looked at.").wait_for()
    stored.refresh_from_db()
    assert stored.size == 0
