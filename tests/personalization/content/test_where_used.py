"""What a segment's page says of where it is used, to those who may open that and to those who may not."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from personalization.content.models import Block, Variant
from tests.personalization.content.visitors import segment

pytestmark = pytest.mark.django_db


def test_where_used__who_may_not_see_blocks__reads_the_name_without_a_link(client: Client) -> None:
    fans = segment("fans")
    block = Block.objects.create(key="hero", name="Hero")
    Variant.objects.create(block=block, name="Fans", audience_kind="segments", body="x").segments.add(fans)
    user = User.objects.create_user("ann", is_staff=True)
    client.force_login(user)
    link = f'<a href="/admin/attune_content/block/{block.pk}/change/">Block “Hero”</a>'
    pages = [f"/admin/attune_segments/segment/{fans.pk}/{page}/" for page in ("change", "delete")]
    for may, linked in ((("view_segment", "delete_segment"), False), (("view_block",), True)):
        user.user_permissions.add(*Permission.objects.filter(codename__in=may))
        for page in pages:
            said = client.get(page).content.decode()
            assert "Block “Hero”" in said
            assert (link in said) is linked
