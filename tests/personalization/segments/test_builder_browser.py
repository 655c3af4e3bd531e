"""Rules are built by clicking, in a real browser: an editor writes no code, and what is stored is never rewritten."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from personalization.segments.examples import EXAMPLES
from personalization.segments.models import Segment
from personalization.segments.vocabulary import ROWS
from tests.personalization.rules.test_evaluating import CASES
from tests.personalization.segments.people import VIEWED, segment
from tests.personalization.segments.test_admin_browser import log_in
from tests.services.processes import SiteProcess

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

COMPLICATED = {
    "any": [
        {"event": ["view_item", "purchase"], "where": [{"property": "price", "at_least": 10, "at_most": 20}]},
        {"event": "page_view", "within": {"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}},
        {"not": {"all": [{"not": {"segment": "fans"}}, {"any": [{"trait": "plan", "in": ["gold", 3, True]}]}]}},
        {"request": "query.ref", "starts_with": "a b"},
        {"not": {"seen": "previous", "beyond": "30d"}},
    ]
}
ROUND = """([rules, rows]) => {
  const { read, write } = attuneRows;
  return rules.filter((rule) => JSON.stringify(write(read(structuredClone(rule), rows))) !== JSON.stringify(rule));
}"""
LEFT_AS_TEXT = """([rules, rows]) => {
  const { places, read } = attuneRows;
  return rules.filter((rule) => places(read(rule, rows)).some(([item]) => item.type === "other"));
}"""


def test_rows__clicked_together_then_opened_again__say_what_was_meant_and_keep_what_was_there(
    live_site: SiteProcess, page: Page
) -> None:
    segment("fans", VIEWED)
    log_in(page, live_site.url)
    page.goto(f"{live_site.url}/admin/attune_segments/segment/add/")
    page.get_by_label("Name:", exact=True).fill("Looked, did not buy")
    add = page.get_by_role("button", name="Add a condition", exact=True)
    add.click()
    page.get_by_role("button", name="They did something").click()
    looked = page.get_by_role("group", name="Condition 1")
    looked.get_by_label("What they did").select_option(label="Viewed an item")
    looked.get_by_label("More …").select_option(label="all with the same …")
    looked.get_by_label("all with the same", exact=True).select_option(label="Item category")
    looked.get_by_label("Number").fill("")
    looked.get_by_text("A number is missing.").wait_for()
    page.locator(".attune-in-words", has_text="Look at the conditions that are marked.").wait_for()
    looked.get_by_label("Number").fill("3")
    add.click()
    page.get_by_role("button", name="They did not do something").click()
    words = "Viewed an item at least 3 times with the same item category in the last 7 days and never bought something"
    page.locator(".attune-in-words", has_text=words).wait_for()
    assert page.locator(".attune-row-mistake").count() == 0
    assert page.evaluate("document.activeElement.closest('.attune-row').ariaLabel") == "Condition 2"
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was added successfully").wait_for()
    built = Segment.objects.get(slug="looked-did-not-buy")
    assert built.rule == {
        "all": [
            {"event": "view_item", "per": "item_category", "within": "7d", "at_least": 3},
            {"event": "purchase", "within": "7d", "at_most": 0},
        ]
    }

    Segment.objects.filter(pk=built.pk).update(rule=COMPLICATED)
    page.goto(f"{live_site.url}/admin/attune_segments/segment/{built.pk}/change/")
    page.locator(".attune-row-said", has_text="Viewed a page from 2026-01-01").wait_for()
    assert page.locator(".attune-box").count() == 2
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was changed successfully").wait_for()
    built.refresh_from_db()
    assert built.rule == COMPLICATED

    page.goto(f"{live_site.url}/admin/attune_segments/segment/add/")
    cases: list[Any] = [case["rule"] for file in CASES.glob("*.json") for case in json.loads(file.read_text())]
    denied = [{"not": {kind: [VIEWED, {"not": {kind: [VIEWED]}}]}} for kind in ("any", "all")]
    assert page.evaluate(ROUND, [[*cases, *denied, COMPLICATED], ROWS]) == []
    assert page.evaluate(LEFT_AS_TEXT, [[example.rule for example in EXAMPLES], ROWS]) == []
