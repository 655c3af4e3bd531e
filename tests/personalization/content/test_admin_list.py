"""The lists of blocks and calls to action in the admin: what editors read there at a glance."""

from __future__ import annotations

import pytest
from django.test import Client

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
