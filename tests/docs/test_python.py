"""The page about Python: every shortcut with its arguments, and examples that do what they say."""

from __future__ import annotations

import inspect
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from msgspec import structs

from personalization import shortcuts
from personalization.content import strategies
from personalization.content.deciding.blocks import PublishedBlock, PublishedVariant, decide_block
from personalization.content.deciding.reasons import DecisionReason, Outcome
from personalization.profiles.models import Trait
from tests.docs.reading import code_blocks, document, rows, section
from tests.personalization.content.visitors import judged, request_of
from tracking.models import StoredEvent

PAGE = "docs/reference/python.md"
ANSWERED = {name for name in shortcuts.__all__ if inspect.isclass(getattr(shortcuts, name))}
FUNCTIONS = set(shortcuts.__all__) - ANSWERED


def tables(text: str) -> list[list[list[str]]]:
    """The rows of each table of a text apart."""
    return [found for part in text.split("\n\n") if (found := rows(part))]


def field_names(kind: Any) -> set[str]:
    """The fields of a struct or a dataclass."""
    return {field.name for field in (fields(kind) if is_dataclass(kind) else structs.fields(kind))}


def words(cell: str) -> list[str]:
    """What stands in backticks."""
    return cell.split("`")[1::2]


def test_shortcuts__page__has_each() -> None:
    headings = {part.partition("\n")[0] for part in document(PAGE).split("\n## ")[1:]}
    assert headings - {"What is answered", "Strategies of your own"} == FUNCTIONS


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_shortcuts__each__has_its_arguments_in_their_order(name: str) -> None:
    (table,) = tables(section(PAGE, name))
    told = [words(row[0])[0] for row in table]
    assert told == list(inspect.signature(getattr(shortcuts, name)).parameters)


def test_answers__page__has_each_with_its_fields() -> None:
    answers, outcomes = tables(section(PAGE, "What is answered"))
    told = {words(row[0])[0]: words(row[1]) for row in answers}
    assert told.keys() == ANSWERED
    for name, said in told.items():
        assert field_names(getattr(shortcuts, name)) <= set(said), name
    assert [words(row[0])[0] for row in outcomes] == list(Outcome)
    (sentence,) = (line for line in document(PAGE).splitlines() if line.startswith("`decision.reason`"))
    assert field_names(DecisionReason) <= set(words(sentence))


@pytest.mark.django_db
def test_examples__with_a_visitor_who_agreed__do_what_they_say() -> None:
    names: dict[str, Any] = {}
    for block in code_blocks(document(PAGE), "python"):
        exec(block.text, names)  # noqa: S102  # our own page
    request = request_of(judged(uuid4()))
    assert names["greeting"](request) == "Welcome"
    names["signed_up"](request)
    assert StoredEvent.objects.get().properties == {"method": "e-mail"}
    names["known_from_the_crm"](request)
    assert [(trait.name, trait.value, trait.source) for trait in Trait.objects.all()] == [("plan", "gold", "crm")]


def test_strategy__of_the_page__picks_by_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strategies, "_strategies", dict(strategies._strategies))
    (block,) = code_blocks(document(PAGE), "python strategy")
    exec(block.text, {})  # noqa: S102  # our own page
    variants = tuple(PublishedVariant(name, name, None) for name in "abc")
    hero = PublishedBlock("hero", live=True, default="", variants=variants, pick="by_turns")
    noon = datetime(2026, 11, 20, 13, tzinfo=UTC)
    decision = decide_block(hero, matches=set().__contains__, now=noon)
    assert (decision.variants, decision.reason.pick) == (variants[1:], "by_turns")
