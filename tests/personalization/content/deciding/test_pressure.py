"""How often at most, rest and tiredness, counted from what the visitor did: nothing else is stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import ProtectedError
from django.test import TestCase

from personalization.content import receivers, sources
from personalization.content.deciding import pressure
from personalization.content.deciding.blocks import PublishedBlock, PublishedVariant
from personalization.content.deciding.reasons import Outcome, Passed
from personalization.content.models import Block, Campaign, OverallLimit, Variant
from personalization.content.selectors import limit_rules
from personalization.content.services import decide
from personalization.rules import Rule
from personalization.shortcuts import Recorded, track
from tests.personalization.content.visitors import cookies_of, judged, request_of
from tracking.models import Goal

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor() -> UUID:
    return judged(uuid4())


@pytest.fixture
def hero() -> Block:
    return Block.objects.create(key="hero", name="Hero")


def _variant(block: Block, name: str = "Offer", **fields: Any) -> Variant:
    return Variant.objects.create(block=block, name=name, **fields)


def _did(visitor: UUID, name: str, variant: Variant | None = None, **properties: Any) -> None:
    """With a variant: in it. Without: in the default of a block, if one is named."""
    if variant is not None:
        properties |= {"block": variant.block.key, "variant": str(variant.uuid)}
    elif "block" in properties:
        properties |= {"variant": "default"}
    assert isinstance(track(request_of(visitor), name, **properties), Recorded)


def _shown(visitor: UUID | None, key: str = "hero", *, later: timedelta = timedelta(0)) -> str | None:
    variant = decide(request_of(visitor), key, now=datetime.now(UTC) + later).variant
    return variant.name if variant else None


@pytest.mark.parametrize(("within", "lasts"), [("session", "31m"), ("24h", "25h"), ("7d", "8d"), ("30d", "31d")])
def test_cap__seen_so_often__is_not_shown_again_until_the_time_is_over(
    hero: Block, visitor: UUID, within: str, lasts: str
) -> None:
    offer = _variant(hero, cap_times=2, cap_within=within)
    for seen in range(2):
        assert _shown(visitor) == "Offer", seen
        _did(visitor, "block_view", offer)
    assert _shown(visitor) is None
    hours = {"31m": 0.52, "25h": 25, "8d": 8 * 24, "31d": 31 * 24}[lasts]
    assert _shown(visitor, later=timedelta(hours=hours)) == "Offer"


def test_cap__views_of_other_variants__do_not_count(hero: Block, visitor: UUID) -> None:
    _variant(hero, cap_times=1)
    other = _variant(Block.objects.create(key="note", name="Note"))
    _did(visitor, "block_view", other)
    assert _shown(visitor) == "Offer"


def test_cap__of_the_block__counts_all_its_variants_and_not_its_default(hero: Block, visitor: UUID) -> None:
    hero.cap_times = 2
    hero.save()
    first, second = _variant(hero, "First", order=1), _variant(hero, "Second", order=2)
    for _ in range(3):
        _did(visitor, "block_view", block="hero")
    for variant in (first, second):
        assert _shown(visitor) == "First"
        _did(visitor, "block_view", variant)
    assert _shown(visitor) is None


def test_cap__visitor_who_cannot_be_counted__sees_the_next_and_the_reason_says_so(hero: Block) -> None:
    _variant(hero, cap_times=1, order=1)
    _variant(hero, "For all", order=2)
    refused = request_of()
    refused.COOKIES.update(cookies_of(judged(uuid4()), personalization=False))
    for request in (request_of(), refused):
        decision = decide(request, "hero", explain=True)
        assert [step.passed for step in decision.reason.steps] == [Passed.NOT_COUNTED, Passed.SHOWN]


def test_cap__explained__tells_what_was_counted(hero: Block, visitor: UUID) -> None:
    offer = _variant(hero, cap_times=1)
    _did(visitor, "block_view", offer)
    decision = decide(request_of(visitor), "hero", explain=True)
    (step,) = decision.reason.steps
    assert (decision.reason.outcome, step.passed) == (Outcome.NO_VARIANT_FITS, Passed.CAP)
    assert "block_view" in step.reasons[0].text


@pytest.mark.parametrize(("rests_after", "in_it"), [("purchase", False), ("block_click", True), ("sign_up", False)])
def test_rest__after_the_visitor_acted__for_so_many_days(
    hero: Block, visitor: UUID, rests_after: str, in_it: bool
) -> None:
    offer = _variant(hero, rest_after=rests_after, rest_days=3)
    _did(visitor, "block_click", block="other")
    assert _shown(visitor) == "Offer"
    _did(visitor, rests_after, offer if in_it else None)
    assert _shown(visitor) is None
    assert _shown(visitor, later=timedelta(days=4)) == "Offer"


@pytest.fixture
def large_order() -> Goal:
    return Goal.objects.create(
        name="A large order", event="purchase", where=[{"property": "value", "at_least": 50}], fixed_value=5
    )


def test_rest__after_a_goal__only_for_those_who_reached_it(hero: Block, visitor: UUID, large_order: Goal) -> None:
    _variant(hero, rest_after="goal", rest_goal=large_order, rest_days=3)
    _did(visitor, "purchase", value=49.0, currency="EUR", transaction_id="a")
    assert _shown(visitor) == "Offer"
    _did(visitor, "purchase", value=50.0, currency="EUR", transaction_id="b")
    (step,) = decide(request_of(visitor), "hero", explain=True).reason.steps
    assert step.text == "“Offer” rests: the visitor reached the goal “A large order”."
    assert step.reasons
    assert _shown(visitor, later=timedelta(days=4)) == "Offer"


def test_rest__goal_is_changed__counts_as_it_is_now(
    hero: Block, visitor: UUID, large_order: Goal, monkeypatch: pytest.MonkeyPatch
) -> None:
    updates: list[bool] = []
    monkeypatch.setattr(receivers, "update_soon", lambda: updates.append(True))
    _did(visitor, "purchase", value=20.0, currency="EUR", transaction_id="a")
    large_order.save()
    assert updates == []
    _variant(hero, rest_after="goal", rest_goal=large_order, rest_days=3)
    assert _shown(visitor) == "Offer"
    large_order.where = [{"property": "value", "at_least": 10}]
    with TestCase.captureOnCommitCallbacks(execute=True):
        large_order.save()
    assert (_shown(visitor), updates) == (None, [True])
    large_order.enabled = False
    large_order.save()
    assert _shown(visitor) == "Offer"


def test_rest__after_a_goal__the_goal_cannot_be_deleted(hero: Block, large_order: Goal) -> None:
    _variant(hero, rest_after="goal", rest_goal=large_order, rest_days=3)
    with pytest.raises(ProtectedError):
        large_order.delete()


def test_tired__seen_often_without_a_click__gives_way_and_recovers(hero: Block, visitor: UUID) -> None:
    offer = _variant(hero, tires_after=2, order=1)
    other = _variant(hero, "Other", order=2)
    for _ in range(2):
        assert _shown(visitor) == "Offer"
        _did(visitor, "block_view", offer)
    assert _shown(visitor) == "Other"
    assert _shown(visitor, later=timedelta(days=8)) == "Offer"
    other.delete()
    assert _shown(visitor) == "Offer"


def test_tired__clicked__stays_first(hero: Block, visitor: UUID) -> None:
    offer = _variant(hero, tires_after=2, order=1)
    _variant(hero, "Other", order=2)
    for _ in range(3):
        _did(visitor, "block_view", offer)
    _did(visitor, "block_click", offer)
    assert _shown(visitor) == "Offer"


def test_cap__of_a_campaign__counts_all_that_belongs_to_it(hero: Block, visitor: UUID) -> None:
    sale = Campaign.objects.create(name="Sale", cap_times=2, cap_within="7d")
    note = Block.objects.create(key="note", name="Note", campaign=sale)
    in_hero, in_note, other = _variant(hero, "Sale", campaign=sale, order=1), _variant(note), _variant(hero, order=2)
    _did(visitor, "block_view", in_hero)
    _did(visitor, "block_view", other)
    _did(visitor, "block_view", block="note")
    assert [_shown(visitor), _shown(visitor, "note")] == ["Sale", "Offer"]
    _did(visitor, "block_view", in_note)
    assert [_shown(visitor), _shown(visitor, "note")] == ["Offer", None]
    (step,) = decide(request_of(visitor), "note", explain=True).reason.steps
    assert (step.passed, len(step.reasons)) == (Passed.CAMPAIGN_CAP, 1)
    assert _shown(visitor, "note", later=timedelta(days=8)) == "Offer"


def test_cap__of_a_campaign__counts_what_other_rooms_bring(hero: Block, monkeypatch: pytest.MonkeyPatch) -> None:
    sale = Campaign.objects.create(name="Sale", cap_times=2, cap_within="7d")
    elsewhere = PublishedVariant("e1", "Elsewhere", None, campaigns=(sale.published,))
    block = PublishedBlock("cms:1", live=True, default="", variants=(elsewhere,))
    monkeypatch.setattr(sources, "_sources", {"cms": lambda: [block]})
    variant = _variant(hero, campaign=sale)
    ((key, rule),) = limit_rules()
    assert key == pressure.campaign_cap_key(sale.pk)
    assert rule["where"] == [{"property": "variant", "in": sorted([str(variant.uuid), "e1"])}]


def test_cap__over_everything__holds_back_all_blocks_but_those_left_out(hero: Block, visitor: UUID) -> None:
    OverallLimit.objects.create(times=2, within="session")
    OverallLimit.objects.create(times=3, within="7d")
    offer, note = _variant(hero), _variant(Block.objects.create(key="note", name="Note"))
    part = _variant(Block.objects.create(key="part", name="Part", is_exempt=True), "Part")
    for variant in (offer, part, part):
        _did(visitor, "block_view", variant)
    _did(visitor, "block_view", block="hero")
    assert [_shown(visitor), _shown(visitor, "note")] == ["Offer", "Offer"]
    _did(visitor, "block_view", note)
    assert [_shown(visitor), _shown(visitor, "note"), _shown(visitor, "part")] == [None, None, "Part"]
    (step,) = decide(request_of(visitor), "hero", explain=True).reason.steps
    assert step.passed is Passed.OVERALL_CAP
    in_a_new_visit = timedelta(hours=1)
    assert _shown(visitor, later=in_a_new_visit) == "Offer"
    assert [_shown(None), _shown(None, "part")] == [None, "Part"]


def test_cap__over_everything__holds_back_what_other_rooms_bring(monkeypatch: pytest.MonkeyPatch) -> None:
    block = PublishedBlock("cms:1", live=True, default="", variants=(PublishedVariant("e1", "Elsewhere", None),))
    monkeypatch.setattr(sources, "_sources", {"cms": lambda: [block]})
    limit = OverallLimit.objects.create(times=2, within="session")
    step = decide(request_of(), "cms:1", explain=True).reason.steps[0]
    assert (step.passed, str(limit)) == (Passed.NOT_COUNTED, "2 in one visit")
    limit.delete()
    assert decide(request_of(), "cms:1").variant is not None


def test_limits__variant_switched_off_or_block_paused__are_not_judged(hero: Block) -> None:
    variant = _variant(hero, cap_times=1, rest_after="purchase", rest_days=1, tires_after=3)
    hero.cap_times = 4
    hero.save()
    assert [key.split(":")[0] for key, _ in limit_rules()] == ["cap", "cap", "rest", "tired"]
    Variant.objects.filter(pk=variant.pk).update(enabled=False)
    assert len(list(limit_rules())) == 1
    Block.objects.filter(pk=hero.pk).update(status=Block.Status.PAUSED)
    assert list(limit_rules()) == []


@pytest.mark.parametrize(
    "rule",
    [
        pressure.seen_often(times=1, within="session", variant="a"),
        pressure.seen_often(times=9, within="30d", block="b"),
        pressure.seen_any_often(times=3, within="7d", variants={"b", "a"}),
        pressure.seen_anything_often(times=2, within="session", besides=["hero"]),
        pressure.acted("block_click", days=365, variant="a"),
        pressure.reached("purchase", [{"property": "value", "at_least": 50}], days=3),
        pressure.reached("sign_up", [], days=3),
        pressure.seen_without_click(3, variant="a"),
    ],
)
def test_rules__each_kind__is_one_and_asks_more_than_the_request(rule: dict[str, Any]) -> None:
    parsed = Rule.parse(rule)
    assert not parsed.asks_requests_only
    assert not parsed.is_contextual
