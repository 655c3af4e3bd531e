"""What a browser posts when an editor saves a block."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse


def block_form(variants: list[dict[str, Any]] | None = None, **fields: Any) -> dict[str, Any]:
    """What a browser posts for a block."""
    variants = variants or []
    data: dict[str, Any] = {
        "name": "Hero",
        "key": "hero",
        "status": "live",
        "default": "<p>for all</p>",
        "show": "in_place",
        "reveal_on": "scroll",
        "pick": "first",
        "cap_within": "7d",
        "variants-TOTAL_FORMS": len(variants),
        "variants-INITIAL_FORMS": sum("id" in variant for variant in variants),
    } | fields
    for number, variant in enumerate(variants):
        whole = {
            "name": f"Variant {number}",
            "enabled": "on",
            "order": "",
            "body_kind": "rich_text",
            "body": "<p>text</p>",
            "template_name": "",
            "audience_kind": "everybody",
            "rule": "",
            "cap_within": "7d",
            "starts_at_0": "",
            "starts_at_1": "",
            "ends_at_0": "",
            "ends_at_1": "",
        } | variant
        data |= {f"variants-{number}-{name}": value for name, value in whole.items()}
    return data


def post_block(client: Client, *variants: dict[str, Any], **fields: Any) -> str:
    """Post a new block; an empty text says that it was saved."""
    response = client.post(reverse("admin:attune_content_block_add"), block_form(list(variants), **fields))
    return "" if response.status_code == 302 else response.content.decode()
