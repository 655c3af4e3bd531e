"""A visitor's page calls blocks and variants by their names, and what nobody knows as it was sent."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from personalization.content.models import Block, Variant
from tests.tracking.samples import NOW, batch, event
from tracking.recording import record_events

pytestmark = pytest.mark.django_db
ASKED = '"attune_content_variant"."uuid" IN'


def page_of(admin_client: Client, *seen: dict[str, Any]) -> str:
    sent = batch([event("block_view", **properties) for properties in seen])
    record_events([sent], now=NOW)
    return admin_client.get(f"/admin/attune_tracking/visitor/{sent.visitor_id}/change/").content.decode()


def test_timeline__blocks_that_were_seen__are_called_by_their_names(admin_client: Client) -> None:
    block = Block.objects.create(key="hero", name="Home page: hero")
    variant = Variant.objects.create(block=block, name="For <walkers>")
    page = page_of(
        admin_client,
        {"block": "hero", "variant": str(variant.uuid)},
        {"block": "hero", "variant": "default"},
    )
    assert "block: “Home page: hero”, variant: “For &lt;walkers&gt;”" in page
    assert "variant: what everyone else sees" in page
    assert str(variant.uuid) not in page


def test_timeline__a_variant_that_is_gone__is_said_as_it_was_sent(admin_client: Client) -> None:
    gone = str(uuid4())
    page = page_of(admin_client, {"block": "hero", "variant": gone}, {"block": "hero", "variant": "<made up>"})
    assert f"block: hero, variant: {gone}" in page
    assert "variant: &lt;made up&gt;" in page


def test_timeline__more_variants__takes_no_more_queries(admin_client: Client) -> None:
    block = Block.objects.create(key="hero", name="Hero")
    variants = [Variant.objects.create(block=block, name=f"Variant {number}") for number in range(9)]
    counts = []
    for some in (variants[:1], variants):
        with CaptureQueriesContext(connection) as queries:
            page = page_of(admin_client, *({"block": "hero", "variant": str(variant.uuid)} for variant in some))
        counts.append(sum(ASKED in query["sql"] for query in queries))
        assert all(f"variant: “{variant.name}”" in page for variant in some)
    assert counts == [1, 1]
