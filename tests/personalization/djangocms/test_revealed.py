"""A block of a page that comes when visitors leave: in Chromium, rendered for who is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from personalization.testing import MakeVisitor
from tests.personalization.content.visitors import segment
from tests.personalization.djangocms.pages import make_page, publish, put_block, put_text, put_variant, slot
from tests.services.processes import SiteProcess

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
FILLED = "[data-attune-deferred][data-attune-block]"


def test_block__revealed_when_they_leave__shows_its_plugins_to_whom_they_are_for(
    live_site: SiteProcess, new_visitor: Callable[..., BrowserContext], attune_visitor: MakeVisitor
) -> None:
    home = make_page()
    block = put_block(slot(home), show="revealed", reveal_on="exit")
    put_text(put_variant(block, "Before you go", segment("fans")), "one more thing")
    publish(home)
    context = new_visitor()
    fan = attune_visitor("fans").cookies.items()
    context.add_cookies([{"name": name, "value": value, "url": live_site.url} for name, value in fan])
    page = context.new_page()
    page.goto(f"{live_site.url}/home/")
    page.wait_for_selector(FILLED, state="attached")
    place = page.locator(FILLED)
    assert place.is_hidden()
    page.evaluate("document.dispatchEvent(new MouseEvent('mouseout', {clientY: 0, relatedTarget: null}))")
    place.wait_for(state="visible")
    assert "Before you go" in place.inner_text()
    assert "one more thing" in place.inner_text()
