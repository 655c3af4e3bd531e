"""What is picked of the variants that fit: the first, several, the best score, or what another room registered."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from personalization.content import strategies
from personalization.content.advising.findings import findings_of, with_variants
from personalization.content.checks import check_strategies
from personalization.content.deciding.blocks import Decision, PublishedBlock, PublishedVariant, decide_block
from personalization.content.deciding.reasons import Outcome, Passed
from personalization.content.models import Block, Variant
from personalization.content.services import answer_of, decide
from personalization.content.serving.asking import asked_of
from personalization.content.strategies import BEST, FIRST, UP_TO, Visitor
from personalization.rules import Reason
from personalization.segments.presence import presence_of
from personalization.shortcuts import set_traits
from tests.personalization.content.visitors import judged, request_of
from tests.personalization.test_templatetags import render
from tracking.timeline import Value

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _variant(name: str, audience: str | None = None, *, score: str = "", tires: str = "") -> PublishedVariant:
    return PublishedVariant(name.casefold(), name, None if audience is None else (audience,), score=score, tires=tires)


def _block(pick: str, *variants: PublishedVariant, most: int | None = None) -> PublishedBlock:
    return PublishedBlock("hero", live=True, default="", variants=variants, pick=pick, most=most)


def _decide(block: PublishedBlock, *mine: str, known: Mapping[str, Value] | None = None, why: bool = False) -> Decision:
    return decide_block(
        block,
        matches=set(mine).__contains__,
        now=NOW,
        trait=(known or {}).get,
        explain=(lambda key: Reason(key in mine, key)) if why else None,
    )


def _names(decision: Decision) -> str:
    return "".join(variant.name for variant in decision.variants)


@pytest.mark.parametrize(("most", "shown"), [(1, "A"), (2, "AC"), (3, "ACD"), (None, "ACD"), (9, "ACD")])
def test_up_to__several_fit__the_first_so_many_are_shown_in_order(most: int | None, shown: str) -> None:
    block = _block(UP_TO, _variant("A", "fans"), _variant("B", "buyers"), _variant("C"), _variant("D"), most=most)
    decision = _decide(block, "fans")
    assert _names(decision) == shown
    assert decision.variant is block.variants[0]


def test_up_to__tired_variants__come_last() -> None:
    block = _block(UP_TO, _variant("A", tires="tired:a"), _variant("B"), _variant("C"), most=2)
    assert _names(_decide(block)) == "AB"
    assert _names(_decide(block, "tired:a")) == "BC"
    assert _names(_decide(replace(block, most=None), "tired:a")) == "BCA"


def test_first__most_is_said__shows_one_all_the_same() -> None:
    assert _names(_decide(_block(FIRST, _variant("A"), _variant("B"), most=2))) == "A"


def test_first__first_fits__others_are_not_asked() -> None:
    def matches(key: str) -> bool:
        assert key == "fans"
        return True

    assert decide_block(_block(FIRST, _variant("A", "fans"), _variant("B", "b")), matches=matches, now=NOW).variant


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({"a": 1, "b": 3, "c": 2.5}, "BCAD"),
        ({"b": -1}, "BACD"),
        ({"a": 2, "b": 2, "c": 2}, "ABCD"),
        ({"c": True, "b": "9", "a": float("nan")}, "ABCD"),
        ({}, "ABCD"),
    ],
)
def test_best__scores__the_highest_first_and_what_has_none_in_order(known: dict[str, Value], shown: str) -> None:
    block = _block(BEST, *(_variant(name, score=name.casefold()) for name in "ABC"), _variant("D"))
    assert _names(_decide(block, known=known)) == shown
    assert _names(_decide(replace(block, most=1), known=known)) == shown[0]


def test_best__does_not_fit_or_has_tired__the_score_does_not_help() -> None:
    scored = (_variant("A", "buyers", score="a"), _variant("B", score="b", tires="tired:b"), _variant("C", score="c"))
    block = _block(BEST, *scored, most=1)
    known = {"a": 9, "b": 5, "c": 1}
    assert _names(_decide(block, known=known)) == "B"
    assert _names(_decide(block, "tired:b", known=known)) == "C"


def test_best__explained__tells_the_scores_of_what_fits() -> None:
    block = _block(BEST, _variant("A", "buyers", score="a"), _variant("B", score="b"), _variant("C", score="c"), most=1)
    decision = _decide(block, known={"a": 9, "b": 0.5, "c": 1}, why=True)
    assert decision.reason.text == "“C” comes first by score of those that fit the visitor."
    assert [step.text for step in decision.reason.steps] == [
        "“A” is for others.",
        "“B” comes later in the order. Its score is 0.5.",
        "“C” is shown. Its score is 1.",
    ]


def test_up_to__explained__names_all_that_are_shown() -> None:
    block = _block(UP_TO, _variant("A"), _variant("B", "fans"), _variant("C"), _variant("D"), most=2)
    reason = _decide(block, why=True).reason
    assert reason.text == "Of the variants that fit the visitor, these are shown: “A”, “C”."
    assert [step.passed for step in reason.steps] == [Passed.SHOWN, Passed.AUDIENCE, Passed.SHOWN, Passed.LATER]


def test_group__block_ahead_shows_several__the_next_shows_nothing() -> None:
    ahead = replace(_block(UP_TO, _variant("A"), _variant("B")), name="Ahead")
    behind = replace(_block(UP_TO, _variant("C"), _variant("D")), key="behind", ahead=(ahead,))
    decision = _decide(behind, why=True)
    assert (decision.variants, decision.reason.outcome, decision.reason.variants) == ((), Outcome.GROUP, ("C", "D"))
    assert [step.passed for step in decision.reason.steps] == [Passed.GROUP, Passed.GROUP]


# --- The registry ---


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strategies, "_strategies", dict(strategies._strategies))


def _last(block: PublishedBlock, fitting: Iterable[PublishedVariant], visitor: Visitor) -> Iterable[PublishedVariant]:
    return list(fitting)[-1:]


@pytest.mark.usefixtures("registry")
def test_register__strategy_of_another_room__picks_and_may_be_chosen() -> None:
    strategies.register("last", _last, label="The last")
    assert ("last", "The last") in strategies.choices()
    decision = _decide(_block("last", _variant("A"), _variant("B"), _variant("C", "fans")), why=True)
    assert (_names(decision), decision.reason.pick) == ("B", "last")
    assert [step.passed for step in decision.reason.steps] == [Passed.LATER, Passed.SHOWN, Passed.AUDIENCE]


@pytest.mark.usefixtures("registry")
def test_register__picks_what_does_not_fit_or_one_twice__that_is_left_out() -> None:
    block = _block("odd", _variant("A", "fans"), _variant("B"))

    def odd(block: PublishedBlock, fitting: Iterable[PublishedVariant], visitor: Visitor) -> Iterable[PublishedVariant]:
        return [*block.variants, *fitting, *block.variants]

    strategies.register("odd", odd, label="Odd")
    assert _names(_decide(block)) == "B"


@pytest.mark.usefixtures("registry")
def test_register__strategy_that_fails__shows_the_first_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def broken(
        block: PublishedBlock, fitting: Iterable[PublishedVariant], visitor: Visitor
    ) -> Iterable[PublishedVariant]:
        raise ZeroDivisionError

    strategies.register("broken", broken, label="Broken")
    with caplog.at_level(logging.ERROR, "personalization"):
        assert _names(_decide(_block("broken", _variant("A"), _variant("B")))) == "A"
    assert "'broken' could not pick a variant of the block 'hero'" in caplog.text


def test_block__strategy_nobody_registered__shows_the_first() -> None:
    assert _names(_decide(_block("gone", _variant("A"), _variant("B")))) == "A"


# --- With everything around it ---


def _hero(pick: str, most: int | None = None) -> Block:
    return Block.objects.create(key="hero", name="Hero", pick=pick, pick_most=most)


def _offers(block: Block, *names: str) -> list[Variant]:
    return [
        Variant.objects.create(block=block, name=name, body=f"<p>{name}</p>", order=order, score=f"likes_{name}")
        for order, name in enumerate(names)
    ]


@pytest.mark.django_db
def test_block__strategy_that_there_is_not__is_refused() -> None:
    with pytest.raises(ValidationError, match="not a valid choice"):
        Block(key="hero", name="Hero", pick="gone").full_clean()


@pytest.mark.django_db
def test_personalized_block__several__each_in_its_own_wrapper() -> None:
    offers = _offers(_hero(UP_TO), "a", "b")
    html = render('{% personalized_block "hero" %}default{% endpersonalized_block %}', request_of())
    assert html == "".join(
        f'<div class="attune-block" data-attune-block="hero" data-attune-variant="{one.uuid}"><p>{one.name}</p></div>'
        for one in offers
    )


@pytest.mark.django_db
def test_personalized_block__one_of_several_fails__the_others_are_shown(caplog: pytest.LogCaptureFixture) -> None:
    empty, full = _offers(_hero(UP_TO), "a", "b")
    Variant.objects.filter(pk=empty.pk).update(body="")
    source = '{% personalized_block "hero" %}default{% endpersonalized_block %}'
    html = render(source, request_of())
    assert html.count("<div") == 1
    assert str(full.uuid) in html
    assert "could not be rendered" in caplog.text


@pytest.mark.django_db
@pytest.mark.urls("personalization.urls")
def test_blocks__after_the_page__answer_all_that_are_shown(client: Client) -> None:
    first, *others = _offers(_hero(UP_TO), "a", "b", "c")
    assert client.get("/personalization/blocks/?keys=hero").json()["blocks"]["hero"] == {
        "variant": str(first.uuid),
        "html": "<p>a</p>",
        "more": [{"variant": str(one.uuid), "html": f"<p>{one.name}</p>"} for one in others],
    }
    data = client.get("/personalization/blocks/?keys=hero&format=data").json()["blocks"]["hero"]["contents"]
    assert [one["html"] for one in data] == ["<p>a</p>", "<p>b</p>", "<p>c</p>"]


@pytest.mark.django_db
def test_decide__best_score__by_what_is_known_of_those_who_agreed() -> None:
    _offers(_hero(BEST, 1), "trousers", "jackets")
    fan, other = judged(uuid4()), judged(uuid4())
    set_traits(fan, {"likes_trousers": 2, "likes_jackets": 7.5}, source="shop")
    shown = [decide(request_of(visitor), "hero").variant for visitor in (fan, other, None)]
    assert [variant.name if variant else None for variant in shown] == ["jackets", "trousers", "trousers"]


@pytest.mark.django_db
def test_decide__several__the_page_depends_on_all_of_them_in_their_order() -> None:
    a, b = _offers(_hero(BEST), "a", "b")
    visitor = judged(uuid4())
    set_traits(visitor, {"likes_b": 1}, source="shop")
    answers = []
    for request in (request_of(visitor), request_of()):
        decide(request, "hero")
        ((question, answer),) = asked_of(request).answers.items()
        assert answer == answer_of(presence_of(request), question)
        answers.append(answer.split("\n"))
    assert answers == [[str(b.uuid), str(a.uuid)], [str(a.uuid), str(b.uuid)]]


@pytest.mark.django_db
def test_check__block_with_a_strategy_nobody_registered__is_named() -> None:
    _hero("gone")
    Block.objects.create(key="note", name="Note", pick=BEST)
    (warning,) = check_strategies(databases=["default"])
    assert (warning.id, "'hero'" in warning.msg) == ("personalization.W023", True)
    assert check_strategies() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pick", "most", "found"), [(FIRST, 2, True), (UP_TO, 1, True), (UP_TO, 2, False), (BEST, 1, False)]
)
def test_lint__second_for_everybody__is_never_seen_only_where_one_is_shown_in_order(
    pick: str, most: int, found: bool
) -> None:
    _offers(_hero(pick, most), "a", "b")
    codes = [finding.code for finding in findings_of(with_variants(Block.objects.all()).get(), now=NOW)]
    assert ("unreachable" in codes) is found
