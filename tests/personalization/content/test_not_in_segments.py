"""Variants for those who are not in some segments: who sees them, who does not, and what editors are told."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.http import HttpRequest

from personalization.content.advising.findings import findings_of, with_variants
from personalization.content.advising.words import who_sees
from personalization.content.models import Block, Variant
from personalization.content.services import decide
from personalization.segments.models import Segment, Status
from personalization.segments.usages import usages_of
from personalization.shortcuts import set_traits
from tests.personalization.content.visitors import judged, request_of, segment

pytestmark = pytest.mark.django_db
CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def _block(*segments: Segment) -> Block:
    block = Block.objects.create(key="hero", name="Hero", default="<p>for all</p>")
    variant = Variant.objects.create(block=block, name="Others", body="<p>new?</p>", audience_kind="not_in")
    variant.segments.set(segments)
    return block


def _visitor(**traits: str) -> HttpRequest:
    visitor_id = judged(uuid4())
    set_traits(visitor_id, {"tier": "none", **traits}, source="tests")
    return request_of(visitor_id)


def _sees(request: HttpRequest) -> bool:
    return bool(decide(request, "hero").variants)


def test_variant__for_those_in_none_of_the_segments__is_for_who_is_known_to_be_in_none() -> None:
    gold, silver = (segment(name, {"trait": "tier", "is": name}) for name in ("gold", "silver"))
    _block(gold, silver)
    assert _sees(_visitor())
    assert not _sees(_visitor(tier="gold"))
    assert not _sees(_visitor(tier="silver"))
    assert not _sees(request_of()), "whoever did not agree may be in them"
    assert not _sees(request_of(user_agent=CRAWLER))


def test_variant__segments_decided_at_each_visit__needs_no_consent() -> None:
    _block(segment("mail", {"request": "utm_source", "is": "mail"}))
    assert _sees(request_of())
    assert not _sees(request_of(path="/?utm_source=mail"))
    assert not _sees(request_of(user_agent=CRAWLER)), "crawlers see what everyone else sees"


def test_variant__one_of_its_segments_is_known_of_few__needs_consent() -> None:
    _block(segment("mail", {"request": "utm_source", "is": "mail"}), segment("gold", {"trait": "tier", "is": "gold"}))
    assert not _sees(request_of())
    assert _sees(_visitor())
    assert not _sees(_visitor(tier="gold"))


def test_variant__rule_of_its_segment_is_nearly_too_deep__is_asked_by_name() -> None:
    deep: dict[str, object] = {"request": "utm_source", "is": "mail"}
    for _level in range(7):
        deep = {"not": deep}
    _block(segment("deep", deep))
    path = "/?utm_source=mail"
    assert _sees(request_of(judged(uuid4()), path))
    assert not _sees(request_of(path=path)), "by its name it is known of those who agreed alone"


def test_variant__other_segments__count_at_once() -> None:
    gold, silver = (segment(name, {"trait": "tier", "is": name}) for name in ("gold", "silver"))
    block = _block(gold)
    variant = block.variants.get()
    assert _sees(_visitor(tier="silver"))
    variant.segments.set([silver])
    assert not _sees(_visitor(tier="silver"))
    variant.segments.clear()
    assert not _sees(_visitor()), "in none of no segments is nobody"
    assert who_sees(variant) == "nobody: its segments are gone"


def test_variant__not_in__is_told_in_words_and_where_the_segment_is_used() -> None:
    variant = _block(segment("gold")).variants.get()
    assert who_sees(variant) == "visitors not in Gold"
    assert [usage.label for usage in usages_of("gold")] == ["Block “Hero”"]


def test_findings__segment_is_not_active__nobody_sees_it() -> None:
    gold = segment("gold")
    _block(gold)

    def found() -> dict[str, str]:
        block = with_variants(Block.objects.all()).get()
        return {one.code: one.text for one in findings_of(block, now=datetime.now(UTC))}

    assert "nobody" not in found()
    Segment.objects.filter(pk=gold.pk).update(status=Status.DRAFT)
    assert "Gold" in found()["nobody"]
