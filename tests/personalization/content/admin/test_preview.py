"""The preview of a variant: what is typed, sanitized, framed by the same site only, stored and counted nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from personalization.content.models import Block, Variant
from tests.personalization.content.visitors import segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def variant() -> Variant:
    block = Block.objects.create(key="hero", name="Hero")
    variant = Variant.objects.create(block=block, name="Fans", body="<p>stored</p>", audience_kind="segments")
    variant.segments.add(segment("fans"))
    return variant


def posted(client: Client, variant: Variant, **fields: Any) -> str:
    data = {"prefix": "variants-0", **{f"variants-0-{name}": value for name, value in fields.items()}}
    return client.post(reverse("admin:attune_content_block_preview", args=[variant.block_id]), data).content.decode()


def test_preview__stored_variant__is_framed_by_its_own_site_only(admin_client: Client, variant: Variant) -> None:
    url = reverse("admin:attune_content_block_preview", args=[variant.block_id])
    answer = admin_client.get(url, {"variant": str(variant.uuid)})
    assert "<p>stored</p>" in answer.content.decode()
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert "script" not in answer["Content-Security-Policy"] + answer.content.decode()
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in answer["Cache-Control"]
    assert admin_client.get(url, {"variant": "nothing"}).status_code == 404


def test_preview__what_is_typed__is_shown_sanitized_and_not_stored(admin_client: Client, variant: Variant) -> None:
    typed = "<p>typed</p><script>alert(1)</script>"
    page = posted(admin_client, variant, id=variant.pk, body_kind="rich_text", body=typed)
    assert "<p>typed</p>" in page
    assert "alert" not in page
    variant.refresh_from_db()
    assert (variant.body, variant.audience_kind) == ("<p>stored</p>", "segments")
    assert "<p>new</p>" in posted(admin_client, variant, name="New", body_kind="rich_text", body="<p>new</p>")
    assert Variant.objects.count() == 1


def test_preview__layouts__are_the_allowed_ones_and_failures_are_not_counted(
    admin_client: Client, variant: Variant, settings: Settings
) -> None:
    settings.PERSONALIZATION_VARIANT_TEMPLATES = {"site/blocks/recommend-boots.html": "Boots", "gone.html": "Gone"}
    kind = {"id": variant.pk, "body_kind": "template"}
    assert "looking at boots" in posted(admin_client, variant, **kind, template_name="site/blocks/recommend-boots.html")
    assert "This cannot be shown" in posted(admin_client, variant, **kind, template_name="gone.html")
    assert "nothing to show yet" in posted(admin_client, variant, id=variant.pk, body_kind="rich_text", body="")
    variant.refresh_from_db()
    assert variant.failures == 0
