"""The page key: whatever was learned, lost or overwritten, a page is found only by those whose answers made it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.content.deciding.blocks import Decision
from personalization.content.deciding.reasons import DecisionReason, Outcome
from personalization.content.services import _block_answer
from personalization.content.serving.page_key import MOST_STEPS, Ways, decode, encode, key_of

pytestmark = pytest.mark.once

Answers = Mapping[str, str]
Page = Callable[[Answers], tuple[dict[str, str], str]]
"""What a visitor's answers are → what the page asks, in this order, and what it says."""

NAMES = [f"segment::{number}" for number in range(6)]
VISITORS = st.fixed_dictionaries({name: st.sampled_from("01") for name in NAMES})


def chain(answers: Answers) -> tuple[dict[str, str], str]:
    """Else-if over all segments: the first that fits is shown, and nothing after it is asked."""
    asked = {}
    for name in NAMES:
        asked[name] = answers[name]
        if answers[name] == "1":
            return asked, name
    return asked, "nobody"


def branching(answers: Answers) -> tuple[dict[str, str], str]:
    """What is asked, and in which order, depends on the first answer."""
    names = [NAMES[0], *(NAMES[1:4] if answers[NAMES[0]] == "1" else NAMES[:2:-1])]
    asked = {name: answers[name] for name in names}
    return asked, repr(asked)


def flat(answers: Answers) -> tuple[dict[str, str], str]:
    """Everybody is asked the same."""
    asked = {name: answers[name] for name in NAMES[:3]}
    return asked, repr(asked)


class Site:
    """One page behind a cache; the first answers of a visitor are taken again at the rendering."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.ways: Ways | None = None
        self.stored: dict[str, str] = {}
        self.hits = 0

    def visit(self, answers: Answers) -> str:
        expected = self.ways.answers({}, answers.__getitem__) if self.ways else None
        key = key_of(expected, version=1) if expected is not None else None
        if key in self.stored:
            self.hits += 1
            return self.stored[key]
        asked, text = self.page(answers)
        self.ways = self.ways or Ways()
        self.ways.learn({}, asked)
        self.stored[key_of(asked, version=1)] = text
        return text


@pytest.mark.parametrize("page", [flat, chain, branching])
@given(visitors=st.lists(VISITORS, min_size=1, max_size=60))
def test_page_key__any_visitors_in_any_order__each_gets_their_page(page: Page, visitors: list[Answers]) -> None:
    site = Site(page)
    for answers in visitors:
        assert site.visit(answers) == page(answers)[1]


@pytest.mark.parametrize("page", [flat, chain, branching])
@given(visitors=st.lists(VISITORS, min_size=1, max_size=20))
def test_page_key__everybody_has_been_there_twice__every_page_is_found(page: Page, visitors: list[Answers]) -> None:
    site = Site(page)
    for answers in visitors * 2:
        site.visit(answers)
    hits = site.hits
    for answers in visitors:
        site.visit(answers)
    assert site.hits == hits + len(visitors)


def test_page_key__else_if_over_six_segments__has_as_many_versions_as_the_page() -> None:
    site, source = Site(chain), random.Random(4)
    for _ in range(2_000):
        site.visit({name: source.choice("01") for name in NAMES})
    # A key over all that was ever asked would have 64.
    assert len(site.stored) == len(NAMES) + 1


@given(data=st.data(), visitors=st.lists(VISITORS, min_size=1, max_size=30))
def test_page_key__what_was_learned_is_lost_mixed_up_or_of_another_page__nobody_gets_a_wrong_page(
    data: st.DataObject, visitors: list[Answers]
) -> None:
    site = Site(branching)
    others: list[Ways | None] = [None]
    for page in (flat, chain, branching):
        other = Site(page)
        for answers in visitors[::2]:
            other.visit(answers)
        others.append(other.ways)
    for answers in visitors:
        # Two requests at once: what one learned is overwritten by the other, or by anything else.
        site.ways = data.draw(st.sampled_from([site.ways, *others]))
        assert site.visit(answers) == branching(answers)[1]


def test_page_key__taken_before_the_rendering__hands_out_wrong_pages() -> None:
    """The naive key, over the names that were learned so far: wrong as soon as a cache has lost what was learned."""
    learned: dict[str, None] = {}
    stored: dict[tuple[tuple[str, str], ...], str] = {}
    source, wrong = random.Random(4), 0
    for _ in range(2_000):
        answers = {name: source.choice("01") for name in NAMES}
        if source.random() < 0.05:
            learned.clear()
        key = tuple((name, answers[name]) for name in learned)
        asked, text = branching(answers)
        if key in stored:
            wrong += stored[key] != text
        else:
            stored[key] = text
            learned.update(dict.fromkeys(asked))
    assert wrong > 500


def test_page_key__the_page_asks_less_than_before__is_found_again_at_once() -> None:
    site = Site(flat)
    answers = dict.fromkeys(NAMES, "1")
    site.visit(answers)
    site.page = lambda answers: ({NAMES[0]: answers[NAMES[0]]}, "shorter")
    site.stored.clear()
    assert [site.visit(answers), site.visit(answers), site.hits] == ["shorter", "shorter", 1]


def test_page_key__headers_that_the_page_varies_on__tell_its_ways_apart() -> None:
    ways = Ways()
    ways.vary_on(["HTTP_HX_REQUEST"])
    ways.learn({}, {"a": "1", "b": "1"})
    ways.learn({"HTTP_HX_REQUEST": "true"}, {"b": "1"})
    assert ways.answers({}, lambda question: "1") == {"a": "1", "b": "1"}
    assert ways.answers({"HTTP_HX_REQUEST": "true"}, lambda question: "1") == {"b": "1"}


def test_page_key__more_ways_than_are_remembered__starts_anew() -> None:
    ways = Ways()
    for number in range(MOST_STEPS):
        ways.learn({}, {f"block::{number}": "1"})
    assert len(ways.steps) + sum(len(step.others) for step in ways.steps) <= MOST_STEPS + 2


def test_count__more_versions_than_allowed__is_split_until_the_configuration_changes() -> None:
    ways = Ways()
    for number in range(3):
        ways.count({}, {"a": str(number)}, configuration=1, most=2)
        ways.count({}, {"a": "0"}, configuration=1, most=2)
    assert (ways.is_split, len(ways.versions)) == (True, 2)
    ways.count({}, {"a": "9"}, configuration=2, most=2)
    assert (ways.is_split, len(ways.versions)) == (False, 1)


def test_key_of__anything_different__is_another_key() -> None:
    keys = {
        key_of({"a": "1", "b": "0"}, version=1),
        key_of({"a": "1"}, version=1),
        key_of({"a": "1", "b": "0"}, version=2),
        key_of({"a": "1", "b": "0"}, version=1, token="x"),
        key_of({"a1": "", "b": "0"}, version=1),
        key_of({}, version=1),
    }
    assert len(keys) == 6


def test_decode__what_a_cache_kept__is_the_same_or_nothing() -> None:
    ways = Ways(token="x", headers=["HTTP_HX_REQUEST"], configuration=3, hits=2)
    ways.learn({}, {"a": "1"})
    assert decode(encode(ways)) == ways
    assert [decode(kept) for kept in (None, "text", b"", b"\xc1", encode(ways)[:-3])] == [None] * 5


def test_answers__blocks_that_give_way_to_others__differ_where_what_a_page_may_say_of_them_does() -> None:
    def gives_way(to: str) -> Decision:
        return Decision("note", (), DecisionReason(Outcome.GROUP, ("Summer",), other=to))

    answers = {_block_answer(gives_way(to)) for to in ("Hero", "Hero", "Cart")}
    assert len(answers) == 2
