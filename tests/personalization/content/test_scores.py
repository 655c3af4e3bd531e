"""Which numbers may order variants: offered by name with how many people have one, and told when they are gone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from personalization.content import strategies
from personalization.content.advising import overview
from personalization.content.deciding.blocks import PublishedBlock, PublishedVariant
from personalization.content.models import Block, Variant
from personalization.content.scores import Score, known_scores, unknown_scores
from personalization.profiles.models import Trait

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _known(name: str, *values: Any, **fields: Any) -> None:
    for value in values:
        Trait.objects.create(visitor_id=uuid4(), name=name, value=value, source="test", updated_at=NOW, **fields)


def _block(score: str = "likes_gone", pick: str = strategies.BEST) -> Block:
    block = Block.objects.create(key="hero", name="Hero", default="<p>All</p>", pick=pick)
    Variant.objects.create(block=block, name="Boots", body="<p>Boots</p>", score=score)
    return block


def _page(client: Client, block: Block) -> str:
    return unescape(client.get(reverse("admin:attune_content_block_change", args=[block.pk])).content.decode())


def test_known_scores__what_is_known__are_numbers_with_how_many_have_one() -> None:
    _known("likes_boots", 1, 2.5, 0)
    _known("plan", "gold", "12")
    _known("is_member", True)
    _known("engagement", 4.5, half_life=timedelta(days=3), at=NOW)
    _known("mixed", "a", 7, False)
    assert known_scores() == [Score("engagement", 1), Score("likes_boots", 3), Score("mixed", 1)]


def test_known_scores__asked_again__are_kept(django_assert_num_queries: Any) -> None:
    _known("likes_boots", 1)
    known_scores()
    with django_assert_num_queries(0):
        assert [one.name for one in known_scores()] == ["engagement", "likes_boots"]


def test_block_page__score__is_chosen_among_what_is_known_and_stays_what_it_was(admin_client: Client) -> None:
    _known("likes_boots", *range(12))
    page = _page(admin_client, _block())
    select = re.findall(r'<select name="variants-0-score".*?</select>', page, re.DOTALL)[0]
    assert re.findall(r"<option[^>]*>(.*?)</option>", select, re.DOTALL) == [
        "None: it comes after those with a score",
        "Engagement score (engagement): known of under 10 people",
        "Likes boots (likes_boots): known of 12 people",
        "likes_gone: known of nobody",
    ]
    assert re.findall(r'<option value="([^"]*)" selected>', select) == ["likes_gone"]


def test_findings__a_score_that_nobody_has__is_told_where_it_orders(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    block, told = _block(), "It comes last: no visitor has a number called “likes_gone”."
    assert told not in _page(admin_client, block)  # a new site has none at all
    _known("likes_boots", 1)
    cache.clear()
    assert told in _page(admin_client, block)
    brought = PublishedBlock("cms:1", True, "", (PublishedVariant("1", "A", None, score="likes_gone"),), pick="best")
    assert [
        need.text.partition(" Choose")[0]
        for need in overview.needs_elsewhere([brought], url_of=str, now=timezone.now())
    ] == [told]
    Block.objects.update(pick=strategies.FIRST)
    assert told not in _page(admin_client, block)
    assert unknown_scores({"engagement", "likes_boots"}) == set()
