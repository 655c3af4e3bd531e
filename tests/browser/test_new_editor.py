"""A new editor, from the start page: one click makes the place that templates wait for, six more a tailored text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from personalization.content.finding.found import found, make_block
from personalization.content.finding.template_names import BLOCK
from personalization.management.commands.setup_attune import make_groups
from tests.personalization.content.visitors import segment
from tests.services.processes import SiteProcess

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_new_editor__from_the_start_page__has_a_tailored_block_live_in_seven_clicks(
    live_site: SiteProcess, page: Page, new_visitor: Callable[..., BrowserContext]
) -> None:
    segment("from-a-letter", {"request": "utm_campaign", "exists": True}, name="From a letter")
    for missing in found().missing:
        if missing.named.kind == BLOCK and missing.named.key != "home-note":
            make_block(missing)
    editor, client = User.objects.create_user("nina", is_staff=True), Client()
    make_groups()
    editor.groups.add(Group.objects.get(name="Attune: editors"))
    client.force_login(editor)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_site.url}])
    page.goto(f"{live_site.url}/admin/attune_content/block/start/")
    page.get_by_role("button", name="Write here Home note").click()  # 1
    page.wait_for_url("**/change/**")  # with its scripts
    variant = page.locator("#variants-0")
    variant.get_by_label("Name:", exact=True).fill("Readers of the letter")  # 2: a click into the field
    variant.get_by_label("Who sees it:").select_option("segments")  # 3 and 4: a list opens
    variant.get_by_label("From a letter").check()  # 5
    variant.locator(".field-body [contenteditable=true]").click()  # 6
    page.keyboard.type("Thank you for reading.")
    page.get_by_role("button", name="Save and publish").click()  # 7
    page.get_by_text("visitors see it from now on").wait_for()
    visitor = new_visitor().new_page()
    for query, said in (("", ""), ("?utm_campaign=letter", "Thank you for reading.")):
        visitor.goto(f"{live_site.url}/{query}")
        assert visitor.locator("[data-attune-block=home-note]").inner_text().strip() == said
