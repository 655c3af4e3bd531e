"""What lint finds in blocks, what it leaves alone, and where editors read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from personalization.content.advising.lint import BlockFacts, SegmentFacts, VariantFacts, lint_block
from personalization.content.deciding.blocks import PublishedCampaign
from personalization.content.deciding.schedule import Schedule
from personalization.content.models import Block, Variant
from personalization.segments.models import Segment
from tests.personalization.content.visitors import judged, segment

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SEGMENTS = {
    "fans": SegmentFacts("Fans", size=30),
    "readers": SegmentFacts("Readers", size=20),
    "ghosts": SegmentFacts("Ghosts", size=0),
    "old": SegmentFacts("Old", active=False),
    "today": SegmentFacts("Today"),
}
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
ALL = VariantFacts("1", "All")
FANS = VariantFacts("2", "Fans", ("fans",), order=10)
SALE = PublishedCampaign("Sale", live=False, schedule=Schedule(ends_at=NOW + DAY))


def found(*variants: VariantFacts, **block: Any) -> list[tuple[str, str]]:
    facts = BlockFacts(**{"has_default": True, "variants": variants, **block})
    return [(one.code, one.variant) for one in lint_block(facts, now=NOW, segments=SEGMENTS, languages=LANGUAGES)]


@pytest.mark.parametrize(("says", "codes"), [(None, ["no_default"]), (False, ["no_default"]), (True, [])])
def test_no_default__the_template_has_one__is_no_matter(says: bool | None, codes: list[str]) -> None:
    assert [code for code, _ in found(FANS, has_default=False, template_says=says)] == codes
    assert found(FANS, template_says=says) == []


@pytest.mark.parametrize(
    ("variant", "codes"),
    [
        (FANS, ["no_default"]),
        (ALL, []),
        (replace(ALL, is_limited=True), ["no_default"]),
        (replace(ALL, schedule=Schedule(ends_at=NOW + DAY)), ["no_default"]),
        (replace(ALL, languages=frozenset({"de", "en"})), ["no_default"]),
    ],
)
def test_no_default__without_a_template__needs_somebody_unless_all_see_a_variant(
    variant: VariantFacts, codes: list[str]
) -> None:
    facts = BlockFacts(has_default=False, variants=(variant,), has_template=False)
    assert [one.code for one in lint_block(facts, now=NOW, segments=SEGMENTS) if not one.is_note] == codes


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ALL, FANS),
        (replace(ALL, audience=("fans", "readers")), FANS),
        (replace(ALL, schedule=Schedule(ends_at=NOW + DAY)), replace(FANS, schedule=Schedule(ends_at=NOW + DAY))),
        (replace(ALL, languages=frozenset({"de", "en"})), replace(FANS, languages=frozenset({"de"}))),
        (replace(ALL, campaigns=(SALE,)), replace(FANS, campaigns=(SALE,))),
    ],
)
def test_unreachable__an_earlier_one_takes_all__is_found(first: VariantFacts, second: VariantFacts) -> None:
    assert ("unreachable", "2") in found(first, second)


@pytest.mark.parametrize(
    "first",
    [
        replace(ALL, audience=("readers",)),
        replace(ALL, schedule=Schedule(ends_at=NOW + DAY)),
        replace(ALL, languages=frozenset({"de"})),
        replace(ALL, campaigns=(SALE,)),
        replace(ALL, is_limited=True),
        replace(ALL, is_empty=True),
        replace(ALL, failure="It is empty."),
    ],
)
def test_unreachable__an_earlier_one_leaves_some__is_not_found(first: VariantFacts) -> None:
    assert "unreachable" not in dict(found(first, FANS))


def test_unreachable__several_earlier_ones_take_all_together__is_found() -> None:
    readers = replace(ALL, audience=("readers",), order=5)
    last = VariantFacts("3", "Both", ("fans", "readers"), order=20)
    assert ("unreachable", "3") in found(readers, FANS, last)
    assert "unreachable" not in dict(found(readers, last))


def test_unreachable__two_are_shown_at_once__takes_two_before_it() -> None:
    assert "unreachable" not in dict(found(ALL, FANS, at_most=2))
    assert ("unreachable", "2") in found(ALL, replace(ALL, uuid="3", order=5), FANS, at_most=2)
    assert "unreachable" not in dict(found(ALL, FANS, at_most=None))


@pytest.mark.parametrize(
    ("variant", "code"),
    [
        (replace(ALL, schedule=Schedule(ends_at=NOW)), "expired"),
        (replace(ALL, campaigns=(PublishedCampaign("Sale", True, Schedule(ends_at=NOW)),)), "expired"),
        (replace(ALL, is_empty=True), "empty"),
        (replace(ALL, failure="It is empty."), "failing"),
        (replace(ALL, audience=()), "nobody"),
        (replace(ALL, audience=("ghosts", "old")), "nobody"),
        (replace(ALL, audience=("ghosts", "fans")), "empty_segment"),
        (replace(ALL, languages=frozenset({"de"})), "untranslated"),
    ],
)
def test_variant__with_one_fault__has_that_one_found(variant: VariantFacts, code: str) -> None:
    assert found(variant) == [(code, "1")]


@pytest.mark.parametrize(
    "variant", [ALL, FANS, replace(FANS, audience=("today",)), replace(ALL, schedule=Schedule(starts_at=NOW + DAY))]
)
def test_variant__without_fault__has_nothing_found(variant: VariantFacts) -> None:
    assert found(variant) == []


def test_languages__another_variant_for_the_same_visitors__counts() -> None:
    german = replace(FANS, languages=frozenset({"de"}))
    english = VariantFacts("3", "English", ("fans",), order=20, languages=frozenset({"en"}))
    assert found(german, english) == []
    assert found(german, replace(english, audience=("readers",))) == [("untranslated", "2"), ("untranslated", "3")]


def test_languages__a_text_for_all_of_them__is_noted() -> None:
    text, german = replace(ALL, is_text=True), replace(FANS, languages=frozenset({"de"}))
    english = replace(german, uuid="3", order=20, languages=frozenset({"en"}))
    assert found(text) == []
    assert found(german, english, replace(text, order=30)) == [("one_language", "1")]
    assert found(german, english, replace(text, order=30, is_text=False)) == []
    assert found(replace(german, audience=None), replace(text, order=30)) == []


def test_languages__two_variants_with_one_rule__are_for_the_same_visitors() -> None:
    german = replace(FANS, audience=("variant:2",), rule="{}", languages=frozenset({"de"}))
    english = replace(german, uuid="3", audience=("variant:3",), order=20, languages=frozenset({"en"}))
    assert found(german, english) == []
    assert found(german, replace(english, rule="{1}")) == [("untranslated", "2"), ("untranslated", "3")]


def test_order__same_place__is_found_where_visitors_may_fit_both() -> None:
    other = replace(FANS, uuid="3", audience=("readers",))
    assert found(FANS, other) == [("same_order", "3")]
    assert found(FANS, replace(other, order=11)) == []
    german, english = (replace(one, languages=frozenset({code})) for one, code in ((FANS, "de"), (other, "en")))
    assert "same_order" not in dict(found(german, english))


def test_block__without_default_or_variants__has_notes_last() -> None:
    assert found(replace(FANS, is_empty=True), has_default=False) == [("empty", "2"), ("no_default", "")]
    assert found() == [("no_variants", "")]


@pytest.mark.django_db
def test_admin__a_variant_nobody_ever_sees__is_told_at_it_above_and_in_the_list(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    block = Block.objects.create(key="hero", name="Hero", default="<p>all</p>")
    Variant.objects.create(block=block, name="First", order=1, body="<p>1</p>")
    second = Variant.objects.create(block=block, name="Second", order=2, body="<p>2</p>", audience_kind="segments")
    second.segments.add(segment("fans"))
    told = "Nobody ever sees it: all whom it is for get “First” first."
    page = admin_client.get(reverse("admin:attune_content_block_change", args=[block.pk])).content.decode()
    assert page.count(told) == 2
    assert '<a href="#variants-1" data-attune-open>Second</a>' in page
    for number in range(10):
        other = Block.objects.create(key=f"b{number}", name=str(number))
        Variant.objects.create(block=other, name="Over", body="<p>o</p>", ends_at=timezone.now() - DAY)
    with django_assert_max_num_queries(13):
        listed = admin_client.get(reverse("admin:attune_content_block_changelist")).content.decode()
    assert f"<b>Second</b>: {told}" in listed
    assert listed.count("Its time is over.") == 10


@pytest.mark.django_db
def test_admin__segments_without_people__are_told_once_some_segment_has_any(admin_client: Client) -> None:
    variant = Variant.objects.create(
        block=Block.objects.create(key="hero", name="Hero"), name="Fans", body="<p>f</p>", audience_kind="segments"
    )
    fans, others = segment("fans"), segment("others")
    variant.segments.add(fans)
    Segment.objects.update(size=0)
    listed = [admin_client.get(reverse("admin:attune_content_block_changelist")).content.decode()]
    Segment.objects.filter(pk=others.pk).update(size=1)
    listed.append(admin_client.get(reverse("admin:attune_content_block_changelist")).content.decode())
    assert ["Nobody sees it at the moment" in page for page in listed] == [False, True]


@pytest.mark.django_db
def test_admin__rule_that_nobody_matches__is_told_on_the_page_once_some_segment_has_people(
    admin_client: Client,
) -> None:
    block = Block.objects.create(key="hero", name="Hero")
    rule = {"event": "purchase", "at_least": 50}
    variant = Variant.objects.create(block=block, name="V", body="<p>v</p>", audience_kind="rule", rule=rule)
    visit = {"audience_kind": "rule", "rule": {"request": "utm_source", "is": "mail"}}
    Variant.objects.create(block=block, name="Mail", body="<p>m</p>", **visit)

    def told() -> int:
        page = admin_client.get(reverse("admin:attune_content_block_change", args=[block.pk])).content.decode()
        return page.count("Nobody matches its rule at the moment.")

    others = segment("others")
    assert told() == 0, "a new site has nobody anywhere"
    Segment.objects.filter(pk=others.pk).update(size=1)
    assert told() == 2, "above and at the variant, and nothing of what is decided at each visit"
    judged(uuid4(), [f"variant:{variant.uuid}"])
    assert told() == 0
