"""The lists and pages of blocks and calls to action in the admin: what editors read there at a glance."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from personalization.content.finding import template_names
from personalization.content.finding.template_names import BLOCK, Named, Stays, Templates
from personalization.content.models import Block, Variant

LIST = "/admin/attune_content/block/"


@pytest.mark.parametrize(("variants", "folded"), [(3, ""), (4, "and one more"), (20, "and 17 more")])
def test_list__many_variants__shows_the_first_and_folds_the_others(
    admin_client: Client, variants: int, folded: str
) -> None:
    block = Block.objects.create(key="hero", name="Hero")
    for number in range(variants):
        Variant.objects.create(block=block, name=f"Variant {number:02}", order=number)
    page = admin_client.get(LIST).content.decode().partition("field-needs_you")[0]
    before, fold, after = page.partition("<details><summary>")
    assert bool(fold) == bool(folded)
    assert after.startswith(folded)
    assert before.count("<b>Variant") == 3
    assert after.count("<b>Variant") == variants - 3


def test_list__a_paused_block_among_them__offers_the_filter(admin_client: Client) -> None:
    Block.objects.create(key="hero", name="Hero")
    assert "changelist-filter" not in admin_client.get(LIST).content.decode()
    Block.objects.create(key="note", name="Note", status=Block.Status.PAUSED)
    assert 'id="changelist-filter"' in admin_client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("named", "heading", "told"),
    [
        ((), "To know", "they see what the page's template says"),
        ((Named(BLOCK, "hero", ()),), "To know", "others see nothing"),
        ((Named(BLOCK, "hero", (), default="<p>All</p>"),), "", ""),
        ((Named(BLOCK, "hero", (), stays=Stays.TAGS),), "", ""),
    ],
)
def test_page__everyone_else_sees_what_the_template_says__needs_nobody(
    named: tuple[Named, ...], heading: str, told: str, admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(template_names, "read_templates", lambda: Templates(named))
    block = Block.objects.create(key="hero", name="Hero")
    variant = Variant.objects.create(block=block, name="All", body="<p>Hello</p>")
    address = reverse("admin:attune_content_block_change", args=[block.pk])

    def said() -> tuple[str, str]:
        page = unescape(admin_client.get(address).content.decode())
        section = page.partition('class="attune-findings')[2].partition("</section>")[0]
        return "".join(re.findall(r"<h2[^>]*>\s*(.*?)\s*</h2>", section)), section

    assert said()[0] == heading
    assert told in said()[1]
    Variant.objects.filter(pk=variant.pk).update(body="")
    assert said()[0] == "What needs you"
