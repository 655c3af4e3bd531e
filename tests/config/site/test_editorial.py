"""What the demo's editors made: every segment has people to find, every variant a reader, every text one language."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import call_command
from django.template.loader import get_template
from django.urls import resolve
from django.utils.translation import override

from config.site.editorial import BLOCKS, CALLS_TO_ACTION, CATEGORIES, SEGMENTS, TOPICS
from config.site.editorial.former import FORMER
from config.site.editorial.seeding import fingerprint
from config.site.seeds import seed
from personalization.content.bodies import behavior
from personalization.content.bodies.item_lists import ItemList
from personalization.content.conf import conf
from personalization.content.deciding.blocks import PublishedVariant, decide_block
from personalization.content.deciding.calls import decide_cta
from personalization.content.models import Block, CallToAction, CallToActionOverride, Variant
from personalization.content.published import Published, compile_published
from personalization.rules import Facts, Rule
from personalization.scoring.engagement import ENGAGEMENT, Scoring, engagement
from personalization.segments.models import Segment
from tests.architecture import PROJECT
from tracking.timeline import Event, Page, Timeline

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DAY = 24 * 60
FORMER_SEEDS = Path(__file__).parent / "former_seeds.json"
LEFT_FREE = {"home-note"}
"""A place for whoever plays with the demo."""

Deed = tuple[str, float, dict[str, Any]]
"""The event's name, how many minutes ago, and its properties; `path` stands for the page's address."""


class State(NamedTuple):
    """A visitor: what they did, and the request under way."""

    deeds: tuple[Deed, ...]
    request: dict[str, Any] = {}


def page(minutes: float, path: str = "/") -> Deed:
    return "page_view", minutes, {"path": path}


def view(shelf: str, item: str, minutes: float) -> Deed:
    folder = "magazine" if shelf in TOPICS else f"shop/{shelf}"
    price = {} if shelf in TOPICS else {"price": 48.0}
    return "view_item", minutes, {"path": f"/{folder}/{item}/", "item_id": item, "item_category": shelf, **price}


OLD = page(100 * DAY)
LATELY = page(20 * DAY)
STATES = {
    "never seen": State(()),
    "new": State((page(1),)),
    "first page of a campaign, nothing agreed": State((), {"utm_campaign": "autumn-rain"}),
    "came by a campaign": State((page(2, "/?utm_campaign=autumn-rain"),)),
    "back within the week": State((page(2 * DAY), page(1))),
    "a little more than casual": State((OLD, *(page(20 * DAY - one) for one in range(9)), page(1))),
    "casual": State((OLD, LATELY, page(1))),
    "gone for two months": State((page(64 * DAY), page(1))),
    "engaged": State((OLD, LATELY, *(("click", 2 * DAY + one, {}) for one in range(12)), page(1))),
    "bought": State((OLD, LATELY, ("purchase", 3 * DAY, {}), page(1))),
    "left a cart": State((page(70), ("add_to_cart", 60, {"item_id": "LM-101"}))),
    "bought, and left a cart": State((LATELY, ("purchase", 9 * DAY, {}), ("add_to_cart", 60, {"item_id": "LM-101"}))),
    "reads here and there": State((view("walks", "a", 3), view("care", "b", 1))),
    **{f"fan of {shelf}": State(tuple(view(shelf, str(one), one) for one in (3, 2, 1))) for shelf in CATEGORIES},
    **{f"reads {topic}": State((view(topic, "a", 3), view(topic, "b", 1))) for topic in TOPICS},
}


class Seeded(NamedTuple):
    """The seeds in the database, as they are published."""

    published: Published
    rules: dict[str, Rule]


@pytest.fixture
def seeded(db: None) -> Seeded:
    seed()
    rules = {segment.slug: Rule.parse(segment.rule) for segment in Segment.objects.all()}
    rules |= {one.verdict_key: Rule.parse(one.rule) for one in Variant.objects.exclude(rule=None)}
    return Seeded(compile_published(1), rules)


def timeline_of(state: State) -> Timeline:
    return Timeline(
        Event(
            uuid.uuid4(),
            name,
            NOW - timedelta(minutes=minutes),
            Page(f"https://larkmoor.example{properties.get('path', '/')}"),
            {key: value for key, value in properties.items() if key != "path"},
        )
        for name, minutes, properties in state.deeds
    )


def matching(state: State, rules: dict[str, Rule]) -> frozenset[str]:
    """The keys of the rules that this visitor matches."""
    timeline = timeline_of(state)
    score = engagement(timeline, Scoring(), NOW)
    traits = {ENGAGEMENT: score} if score is not None else {}
    found: frozenset[str] = frozenset()
    for _ in range(2):  # the second time, rules about segments find them
        facts = Facts(timeline, traits, found, state.request)
        found = frozenset(key for key, rule in rules.items() if rule.evaluate(facts, NOW).matches)
    return found


def bodies(language: str) -> set[str]:
    return {text for block in BLOCKS for one in block.variants for code, text in one.texts if code == language}


def is_empty(variant: PublishedVariant, state: State) -> bool:
    """Whether the variant is a list with nothing on it for this visitor."""
    if not isinstance(variant.body, ItemList):
        return False
    return not getattr(behavior, variant.body.source)(timeline_of(state), NOW)


def links(html: str) -> list[str]:
    return re.findall(r'href="([^"]*)"', html)


@pytest.mark.parametrize("segment", SEGMENTS, ids=lambda segment: segment.slug)
def test_segment__somebody_and_somebody_else__tells_them_apart(segment: Any) -> None:
    rules = {segment.slug: Rule.parse(segment.rule)}
    found = {name for name, state in STATES.items() if matching(state, rules)}
    assert found
    assert "never seen" not in found
    assert len(found) < len(STATES) - 2
    assert segment.description.endswith(".")


@pytest.mark.parametrize(
    ("slug", "who"),
    [
        ("new-visitors", "new"),
        ("returning-visitors", "back within the week"),
        ("casual-visitors", "casual"),
        ("churned-visitors", "gone for two months"),
        ("engaged-visitors", "engaged"),
        ("buyers", "bought"),
        ("cart-abandoners", "left a cart"),
        ("campaign-visitors", "came by a campaign"),
        ("magazine-readers", "reads here and there"),
        ("readers-of-know-how", "reads know-how"),
        ("layers-fans", "fan of layers"),
    ],
)
def test_segment__who_it_is_named_after__is_in_it(slug: str, who: str) -> None:
    rules = {one.slug: Rule.parse(one.rule) for one in SEGMENTS}
    assert slug in matching(STATES[who], rules)


@pytest.mark.parametrize("slug", [one.slug for one in SEGMENTS])
def test_segment__each__is_shown_something_by_a_block(slug: str) -> None:
    assert [block.key for block in BLOCKS for one in block.variants if slug in one.segments]


def test_churned_visitors__before_during_and_after_the_visit_of_the_return__are_told_exactly() -> None:
    rules = {one.slug: Rule.parse(one.rule) for one in SEGMENTS if one.slug == "churned-visitors"}
    assert not matching(State((page(29 * DAY),)), rules)
    assert matching(State((page(30 * DAY),)), rules)
    assert matching(State((page(40 * DAY), page(5), page(1))), rules)
    assert not matching(State((page(40 * DAY), page(31))), rules)


@pytest.mark.parametrize("language", ["en", "de"])
def test_blocks__every_variant__is_the_one_that_some_visitor_sees(seeded: Seeded, language: str) -> None:
    answers = {name: (matching(state, seeded.rules), state) for name, state in STATES.items()}
    for block in seeded.published.blocks.values():
        meant = {one.name for one in block.variants if not one.languages or language in one.languages}
        seen = {
            decision.variant.name
            for answer, state in answers.values()
            if (
                decision := decide_block(
                    block,
                    matches=answer.__contains__,
                    now=NOW,
                    language=language,
                    empty={one.uuid for one in block.variants if is_empty(one, state)},
                )
            ).variant
        }
        assert seen == meant, block.key


@pytest.mark.parametrize("language", ["en", "de"])
def test_calls_to_action__every_exception__is_the_one_that_some_visitor_reads(seeded: Seeded, language: str) -> None:
    answers = [matching(state, seeded.rules) for state in STATES.values()]
    for cta in seeded.published.ctas.values():
        meant = {(one.segment, one.look.label) for one in cta.overrides if language in one.languages}
        read = {
            (decision.segment, decision.look and decision.look.label)
            for answer in answers
            for decision in [decide_cta(cta, matches=answer.__contains__, language=language)]
        }
        assert meant <= read, cta.key


def test_decisions__on_a_page_in_one_language__never_speak_the_other(seeded: Seeded) -> None:
    said = {"en": bodies("en"), "de": bodies("de")}
    labels = {
        language: {one.label for cta in CALLS_TO_ACTION for one in cta.overrides if one.language == language}
        for language in said
    }
    labels["en"] |= {cta.label for cta in CALLS_TO_ACTION}
    assert not said["en"] & said["de"]
    assert not labels["en"] & labels["de"]
    plain = {language: {re.sub(r"<[^>]*>", "", body) for body in texts} for language, texts in said.items()}
    for state in STATES.values():
        answer = matching(state, seeded.rules)
        for language in said:
            for block in seeded.published.blocks.values():
                variant = decide_block(block, matches=answer.__contains__, now=NOW, language=language).variant
                if variant and variant.html:
                    assert re.sub(r"<[^>]*>", "", variant.html) in plain[language]
                elif variant and isinstance(variant.body, ItemList):
                    assert variant.body.title in plain[language]
            for cta in seeded.published.ctas.values():
                look = decide_cta(cta, matches=answer.__contains__, language=language).look
                assert look
                assert look.label in labels[language]
                assert look.url.startswith("/de/") == (language == "de")


def said_with_links() -> Iterator[tuple[str, str]]:
    for block in BLOCKS:
        for one in block.variants:
            for language, text in one.texts:
                yield from ((language, link) for link in links(text))
    for cta in CALLS_TO_ACTION:
        yield "en", cta.url
        yield from ((one.language, one.url) for one in cta.overrides)


def test_links__in_every_text__lead_to_pages_of_their_language(seeded: Seeded, client: Any) -> None:
    for language, link in sorted(set(said_with_links())):
        path = link.partition("#")[0]
        assert path.startswith("/de/") == (language == "de"), link
        with override(language):
            assert resolve(path)
        answer = client.get(path)
        assert answer.status_code in {200, 302}, link
        if fragment := link.partition("#")[2]:
            assert f'id="{fragment}"' in answer.content.decode(), link


def test_places__in_templates_and_in_the_seeds__are_the_same() -> None:
    sources = "".join(path.read_text() for path in (PROJECT / "templates").rglob("*.html"))
    assert set(re.findall(r'{% personalized_block "([^"]*)"', sources)) == {one.key for one in BLOCKS} | LEFT_FREE
    assert set(re.findall(r'{% cta "([^"]*)"', sources)) == {one.key for one in CALLS_TO_ACTION}


@pytest.mark.parametrize("language", ["en", "de"])
def test_layouts__that_variants_use__may_be_chosen_and_speak_the_pages_language(language: str) -> None:
    layouts = {one.template for block in BLOCKS for one in block.variants if one.template}
    assert layouts == set(conf.PERSONALIZATION_VARIANT_TEMPLATES)
    with override(language):
        rendered = {name: get_template(name).render() for name in layouts}
    for name, html in rendered.items():
        assert all(link.startswith("/de/") == (language == "de") for link in links(html)), name
    if language == "de":
        for name, html in rendered.items():
            with override("en"):
                english = re.findall(r">([^<>]{8,})<", get_template(name).render())
            assert len(english) == 4
            assert not [text for text in english if text in html], name


def test_seeding__a_database_of_an_earlier_version__brings_it_up_to_date(db: None) -> None:
    call_command("loaddata", str(FORMER_SEEDS), verbosity=0)
    seed()
    brought = contents()
    assert set(brought.values()) & FORMER == set()
    assert seed().created == {}
    for model in (CallToAction, Block, Segment):
        model._default_manager.all().delete()
    seed()
    assert brought == contents()


def test_seeding__an_earlier_version_that_editors_changed__leaves_that_alone(db: None) -> None:
    call_command("loaddata", str(FORMER_SEEDS), verbosity=0)
    Variant.objects.filter(block__key="home-hero").first().segments.clear()  # type: ignore[union-attr]  # it is there
    Segment.objects.filter(slug="new-visitors").update(name="Beginners")
    CallToActionOverride.objects.filter(cta__key="home-cta").first().delete()  # type: ignore[union-attr]  # likewise
    kept = {key: value for key, value in contents().items() if key in {"home-hero", "new-visitors", "home-cta"}}
    assert len(kept) == 3
    seed()
    assert contents().items() >= kept.items()
    assert Block.objects.get(key="article-aside").variants.count() == 12


def contents() -> dict[str, str]:
    """What each segment, block and call to action says, as a number."""
    said = {segment.slug: fingerprint(segment) for segment in Segment.objects.all()}
    said |= {block.key: fingerprint(block) for block in Block.objects.all()}
    return said | {cta.key: fingerprint(cta) for cta in CallToAction.objects.all()}
