"""Deciding is pure: the first variant that fits, or the default, always with the reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.content.deciding.blocks import (
    Decision,
    PublishedBlock,
    PublishedCampaign,
    PublishedVariant,
    decide_block,
    unknown_block,
)
from personalization.content.deciding.calls import Look, PublishedCallToAction, PublishedOverride, decide_cta
from personalization.content.deciding.reasons import Outcome, Passed
from personalization.content.deciding.schedule import ALWAYS, Hours, Schedule
from personalization.content.deciding.standing import Stand
from personalization.rules import Reason

pytestmark = pytest.mark.once

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _block(*variants: PublishedVariant, live: bool = True) -> PublishedBlock:
    return PublishedBlock("hero", live=live, default="<p>hello</p>", variants=variants)


def _variant(
    name: str,
    *audience: str,
    everybody: bool = False,
    schedule: Schedule = ALWAYS,
    languages: tuple[str, ...] = (),
) -> PublishedVariant:
    return PublishedVariant(name.casefold(), name, None if everybody else audience, schedule, frozenset(languages))


def _decide(block: PublishedBlock, *segments: str, language: str = "en") -> Decision:
    return decide_block(block, matches=set(segments).__contains__, now=NOW, language=language)


def test_decide_block__several_fit__the_first_is_shown() -> None:
    first, second = _variant("First", "fans"), _variant("Second", everybody=True)
    decision = _decide(_block(_variant("Others", "buyers"), first, second), "fans")
    assert decision.variant is first
    assert decision.reason.outcome is Outcome.VARIANT
    assert decision.reason.text == "“First” is the first that fits the visitor."


def test_decide_block__any_of_the_segments__is_enough() -> None:
    variant = _variant("Fans", "fans", "buyers")
    assert _decide(_block(variant), "buyers").variant is variant


def test_decide_block__segments_that_are_gone__nobody_sees_it() -> None:
    decision = _decide(_block(_variant("Orphan")), "fans")
    assert decision.variant is None
    assert decision.reason.outcome is Outcome.NO_VARIANT_FITS


def test_decide_block__paused__default_and_nothing_is_asked() -> None:
    decision = decide_block(
        _block(_variant("Fans", "fans"), live=False), matches=lambda key: pytest.fail(f"asked {key}"), now=NOW
    )
    assert (decision.variant, decision.default, decision.reason.outcome) == (None, "<p>hello</p>", Outcome.PAUSED)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "shown"),
    [
        (None, None, True),
        (NOW, None, True),
        (NOW + HOUR, None, False),
        (None, NOW + HOUR, True),
        (None, NOW, False),
        (NOW - HOUR, NOW + HOUR, True),
        (NOW - 2 * HOUR, NOW - HOUR, False),
    ],
)
def test_decide_block__schedule__from_the_start_until_before_the_end(
    starts_at: datetime | None, ends_at: datetime | None, shown: bool
) -> None:
    decision = _decide(_block(_variant("Sale", everybody=True, schedule=Schedule(starts_at, ends_at))))
    assert (decision.variant is not None) is shown


def test_decide_block__out_of_schedule__segments_are_not_asked() -> None:
    block = _block(_variant("Later", "fans", schedule=Schedule(NOW + HOUR)))
    assert decide_block(block, matches=lambda key: pytest.fail(f"asked {key}"), now=NOW).variant is None


def test_decide_block__explained__says_what_became_of_each_variant() -> None:
    block = _block(
        _variant("Soon", everybody=True, schedule=Schedule(NOW + HOUR)),
        _variant("Gone", everybody=True, schedule=Schedule(ends_at=NOW)),
        _variant("Sundays", everybody=True, schedule=Schedule(hours=Hours(ZoneInfo("UTC"), frozenset({6})))),
        _variant("Buyers", "buyers"),
        _variant("Fans", "fans"),
        _variant("Rest", everybody=True),
    )
    reasons = {"buyers": cast(Reason, object()), "fans": cast(Reason, object())}
    decision = decide_block(block, matches={"fans"}.__contains__, now=NOW, explain=reasons.__getitem__)
    assert [(step.variant, step.passed) for step in decision.reason.steps] == [
        ("Soon", Passed.NOT_YET),
        ("Gone", Passed.OVER),
        ("Sundays", Passed.HOURS),
        ("Buyers", Passed.AUDIENCE),
        ("Fans", Passed.SHOWN),
        ("Rest", Passed.LATER),
    ]
    assert [step.reasons for step in decision.reason.steps[3:5]] == [(reasons["buyers"],), (reasons["fans"],)]
    assert decision.reason.steps[0].text == "“Soon” has not started yet."


def test_decide_block__visitors_in_turn__each_sees_their_own_and_no_explanation_of_another() -> None:
    fans, buyers = _variant("Fans", "fans"), _variant("Buyers", "buyers")
    block = _block(fans, buyers)
    visitors: tuple[list[str], ...] = (["fans"], ["buyers"], [], ["fans", "buyers"], [])
    assert [_decide(block, *segments).variants for segments in visitors] == [(fans,), (buyers,), (), (fans,), ()]
    why = cast(Reason, object())
    explained = decide_block(block, matches={"fans"}.__contains__, now=NOW, explain=lambda key: why)
    assert len(explained.reason.steps) == 2
    assert _decide(block, "fans").reason.steps == ()


def test_decide_block__languages__only_on_pages_in_one_of_them() -> None:
    german, rest = _variant("Deutsch", "fans", languages=("de", "de-at")), _variant("Rest", everybody=True)
    shown = {
        language: _decide(_block(german, rest), "fans", language=language).variant for language in ("de", "en", "")
    }
    assert shown == {"de": german, "en": rest, "": rest}
    assert _decide(_block(german, rest), language="de").variant is rest


def test_decide_block__other_language__segments_are_not_asked_and_the_step_says_so() -> None:
    block = _block(_variant("Deutsch", "fans", languages=("de",)))
    decision = decide_block(
        block,
        matches=lambda key: pytest.fail(f"asked {key}"),
        now=NOW,
        language="en",
        explain=lambda key: pytest.fail(f"asked {key}"),
    )
    assert decision.variant is None
    assert [step.text for step in decision.reason.steps] == ["“Deutsch” is for other languages."]


def test_decide_cta__languages__count_with_and_without_a_segment() -> None:
    default, german, both = (Look(label, "/", "primary") for label in ("all", "de", "de fans"))
    languages = frozenset({"de"})
    cta = PublishedCallToAction(
        "join", default, (PublishedOverride(both, "fans", languages), PublishedOverride(german, None, languages))
    )
    looks = [
        decide_cta(cta, matches=set(mine).__contains__, language=language).look
        for mine, language in ((["fans"], "de"), ([], "de"), (["fans"], "en"), ([], ""))
    ]
    assert looks == [both, german, default, default]


def _limited(name: str, *limits: Passed, tires: bool = False) -> PublishedVariant:
    return replace(
        _variant(name, everybody=True),
        limits=tuple((f"{limit}:{name}", limit) for limit in limits),
        tires=f"tired:{name}" if tires else "",
    )


def test_decide_block__limit_reached__the_next_variant_is_shown_and_the_step_says_why() -> None:
    block = _block(_limited("Twice", Passed.CAP, Passed.RESTS), _limited("Once", Passed.RESTS), _limited("Always"))
    for reached, expected in (
        ((), ["shown", "later", "later"]),
        (("cap:Twice",), ["cap", "shown", "later"]),
        (("rests:Twice", "rests:Once"), ["rests", "rests", "shown"]),
    ):
        decision = decide_block(
            block, matches=set(reached).__contains__, now=NOW, explain=lambda key: Reason(True, key)
        )
        assert [step.passed for step in decision.reason.steps] == expected
        assert decision.variant is block.variants[expected.index("shown")]
        told = [reason.text for step in decision.reason.steps for reason in step.reasons]
        assert told == list(reached)


def test_decide_block__visitor_who_cannot_be_counted__sees_only_what_has_no_limit() -> None:
    block = _block(_limited("Capped", Passed.CAP), _limited("Tires", tires=True))
    decision = decide_block(
        block, matches=lambda key: pytest.fail(key), now=NOW, counted=False, explain=lambda key: pytest.fail(key)
    )
    assert [step.passed for step in decision.reason.steps] == [Passed.NOT_COUNTED, Passed.SHOWN]


def test_decide_block__campaign_not_running__variant_is_passed_over_and_the_step_names_it() -> None:
    running, paused = PublishedCampaign("Spring", live=True), PublishedCampaign("Sale", live=False)
    over = PublishedCampaign("Winter", live=True, schedule=Schedule(ends_at=NOW))
    variants = [
        replace(_variant(name, everybody=True), campaigns=campaigns)
        for name, campaigns in (("A", (running, paused)), ("B", (over,)), ("C", (running,)))
    ]
    decision = decide_block(
        _block(*variants), matches=set().__contains__, now=NOW, explain=lambda key: pytest.fail(key)
    )
    assert decision.variant is variants[2]
    assert [step.text for step in decision.reason.steps] == [
        "“A” belongs to the campaign “Sale”, which is not running.",
        "“B” belongs to the campaign “Winter”, which is not running.",
        "“C” is shown.",
    ]


def test_decide_block__everything_paused__default_with_that_reason() -> None:
    block = replace(_block(_variant("All", everybody=True), live=False), all_paused=True)
    decision = _decide(block)
    assert (decision.variant, decision.default, decision.reason.text) == (
        None,
        "<p>hello</p>",
        "Everything is paused: what everyone else sees is shown.",
    )


def test_decide_block__tired_variants__come_after_all_others_that_fit() -> None:
    block = _block(_limited("A", tires=True), _limited("B", tires=True), _variant("Fans", "fans"))

    def shown(*mine: str) -> list[str]:
        decision = decide_block(
            block, matches=set(mine).__contains__, now=NOW, explain=lambda key: Reason(key in mine, key)
        )
        assert decision.variant is not None
        return [decision.variant.name, *(step.passed for step in decision.reason.steps)]

    assert shown("fans") == ["A", "shown", "later", "later"]
    assert shown("tired:A", "fans") == ["B", "tired", "shown", "later"]
    assert shown("tired:A", "tired:B", "fans") == ["Fans", "tired", "tired", "shown"]
    assert shown("tired:A", "tired:B") == ["A", "shown", "tired", "audience"]


def _group(*blocks: PublishedBlock) -> list[PublishedBlock]:
    named = tuple(replace(block, name=block.key.upper()) for block in blocks)
    return [replace(block, ahead=named[:place]) for place, block in enumerate(named)]


def test_decide_block__group__only_the_first_that_has_something_shows_it() -> None:
    empty = PublishedBlock("empty", live=True, default="", variants=(_variant("Buyers", "buyers"),))
    paused = PublishedBlock("paused", live=False, default="", variants=(_variant("All", everybody=True),))
    first = PublishedBlock("first", live=True, default="", variants=(_variant("Fans", "fans"),))
    second = PublishedBlock("second", live=True, default="x", variants=(_variant("All", everybody=True),))
    group = _group(empty, paused, first, second)
    assert [_decide(block, "fans").reason.outcome for block in group] == [
        Outcome.NO_VARIANT_FITS,
        Outcome.PAUSED,
        Outcome.VARIANT,
        Outcome.GROUP,
    ]
    assert _decide(group[3], "fans").default == "x"
    assert _decide(group[3]).reason.outcome is Outcome.VARIANT


def test_decide_block__gives_way_to_another__says_to_which() -> None:
    first, second = (
        PublishedBlock(key, live=True, default="", variants=(_variant(name, everybody=True),))
        for key, name in (("a", "A1"), ("b", "B1"))
    )
    block = _group(first, second)[1]
    decision = decide_block(block, matches=set().__contains__, now=NOW, explain=lambda key: pytest.fail(key))
    assert (decision.variant, decision.reason.other) == (None, "A")
    assert (decision.reason.text, [step.text for step in decision.reason.steps]) == (
        "Only one block of its group shows something, and “A” comes first: what everyone else sees is shown.",
        ["“B1” gives way to the block “A”."],
    )


def test_decide_block__group__a_block_that_stands_on_another_page_does_not_count() -> None:
    shop, home = Stand("shop", frozenset({"/shop/"})), Stand("home", frozenset({"/"}))
    in_shop, in_home, anywhere, in_shop_too = (
        PublishedBlock(key, live=True, default="", variants=(_variant(key, everybody=True),), stands=stands)
        for key, stands in (("in_shop", shop), ("in_home", home), ("anywhere", None), ("in_shop_too", shop))
    )
    group = _group(in_shop, in_home, anywhere, in_shop_too)

    def shown(path: str) -> list[str]:
        decided = [decide_block(one, matches=set().__contains__, now=NOW, path=lambda: path) for one in group]
        return [one.block for one in decided if one.variant]

    # Those of other pages are not rendered at all.
    assert shown("/shop/") == ["in_shop", "in_home"]
    assert shown("/") == ["in_shop", "in_home"]
    assert shown("/elsewhere/") == ["in_shop", "in_home", "anywhere"]
    assert decide_block(group[3], matches=set().__contains__, now=NOW).reason.other == "IN_SHOP"


_SEGMENTS = st.frozensets(st.sampled_from("abc"))
_VARIANTS = st.lists(
    st.builds(
        PublishedVariant,
        st.uuids().map(str),
        st.text("xyz", min_size=1),
        st.none() | _SEGMENTS.map(tuple),
        st.builds(Schedule, st.none() | st.just(NOW + HOUR), st.none() | st.just(NOW)),
        st.frozensets(st.sampled_from(["de", "en"])),
    ),
    max_size=3,
).map(tuple)
_BLOCKS = st.builds(PublishedBlock, st.text("kl", min_size=1), st.booleans(), st.just(""), _VARIANTS)


@given(st.lists(_BLOCKS, max_size=5), _SEGMENTS, st.sampled_from(["de", "en", ""]))
def test_decide_block__any_group__one_block_shows_the_first_of_its_variants_that_fits(
    blocks: list[PublishedBlock], mine: frozenset[str], language: str
) -> None:
    def fitting(block: PublishedBlock) -> list[PublishedVariant]:
        return [
            variant
            for variant in block.variants
            if block.live
            and variant.schedule.is_open(NOW)
            and (not variant.languages or language in variant.languages)
            and (variant.audience is None or mine.intersection(variant.audience))
        ]

    group = _group(*blocks)
    expected = next(((block.name, fitting(block)[0]) for block in group if fitting(block)), None)
    for explain in (None, lambda key: Reason(False, key)):
        decisions = [
            decide_block(block, matches=mine.__contains__, now=NOW, language=language, explain=explain)
            for block in group
        ]
        shown = [(block.name, made.variant) for block, made in zip(group, decisions, strict=True) if made.variant]
        assert shown == ([expected] if expected else [])


def test_unknown_block__no_such_name__default_with_the_reason() -> None:
    decision = unknown_block("nowhere")
    assert (decision.block, decision.variant, decision.reason.outcome) == ("nowhere", None, Outcome.UNKNOWN)


def test_decide_cta__two_overrides_fit__the_first_counts() -> None:
    default, fans, buyers = (Look(label, f"/{label}/", "primary") for label in ("all", "fans", "buyers"))
    cta = PublishedCallToAction("join", default, (PublishedOverride(fans, "fans"), PublishedOverride(buyers, "buyers")))
    decisions = [decide_cta(cta, matches=set(mine).__contains__) for mine in (["fans", "buyers"], ["buyers"], [])]
    assert [(decision.look, decision.segment) for decision in decisions] == [
        (fans, "fans"),
        (buyers, "buyers"),
        (default, None),
    ]
