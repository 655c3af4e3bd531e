"""What came of blocks: figures from events, sentences from figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from consent.purposes import ANALYTICS, PERSONALIZATION
from personalization.content import sources
from personalization.content.deciding.blocks import PublishedBlock, PublishedVariant
from personalization.content.measuring.comparing import Share, Verdict
from personalization.content.measuring.results import (
    BlockResults,
    VariantResults,
    all_results,
    best_and_worst,
    block_results,
    likely_people,
    segment_results,
)
from personalization.content.measuring.telling import sentence, variant_sentence
from personalization.content.models import Block, Variant
from personalization.profiles.models import Verdict as StoredVerdict
from tests.personalization.content.visitors import segment
from tests.tracking.samples import BOTH, NOW, event_id
from tracking.models import Goal, StoredEvent
from tracking.services import erase_events

pytestmark = pytest.mark.django_db

SINCE, UNTIL = NOW - timedelta(days=28), NOW


def stored(
    visitor: UUID, name: str, *, days: float = 1.0, purposes: int = BOTH, url: str = "", **properties: Any
) -> StoredEvent:
    """An event of so many days ago."""
    at = NOW - timedelta(days=days)
    return StoredEvent(
        id=event_id(at),
        visitor_id=visitor,
        name=name,
        occurred_at=at,
        received_at=at,
        url=url,
        properties=properties,
        purposes=purposes,
    )


def seen(visitor: UUID, variant: object, *, views: int = 1, clicks: int = 0, **more: Any) -> list[StoredEvent]:
    """Views and clicks of one visitor in the block "hero"."""
    said = {"block": "hero", "variant": str(variant)} | more
    return [stored(visitor, "block_view", **said) for _ in range(views)] + [
        stored(visitor, "block_click", **said) for _ in range(clicks)
    ]


def write(*events: Iterable[StoredEvent]) -> None:
    StoredEvent.objects.bulk_create([event for some in events for event in some])


def people(variant: object, count: int, *, clicked: int = 0, **more: Any) -> list[StoredEvent]:
    """So many visitors who saw it once each; so many of them clicked."""
    return [one for number in range(count) for one in seen(uuid4(), variant, clicks=int(number < clicked), **more)]


@pytest.fixture
def hero() -> Variant:
    block = Block.objects.create(key="hero", name="Hero")
    return Variant.objects.create(block=block, name="Winter")


def results(**more: Any) -> BlockResults:
    return block_results("hero", since=SINCE, until=UNTIL, **more)


def test_block_results__views_and_clicks__are_counted_by_people(hero: Variant) -> None:
    anna = uuid4()
    write(
        seen(anna, hero.uuid, views=3, clicks=5),
        seen(uuid4(), hero.uuid, views=2),
        seen(anna, "default", views=1),
        seen(uuid4(), hero.uuid, views=0, clicks=1),  # of a view before
    )
    (winter,) = results().variants
    assert (winter.name, winter.views, winter.clicks, winter.clicked) == ("Winter", 5, 3, Share(1, 2))
    assert results().default.clicked == Share(0, 1)
    assert 0 < winter.interval.low < winter.clicks_per_view < winter.interval.high < 1


def test_block_results__several_variants__count_each_person_once_together(hero: Variant) -> None:
    second = Variant.objects.create(block=hero.block, name="Summer", order=1)
    anna = uuid4()
    write(seen(anna, hero.uuid, clicks=1), seen(anna, second.uuid, clicks=1), seen(uuid4(), "default"))
    found = results()
    assert [one.people for one in found.variants] == [1, 1]
    assert found.tailored.clicked == Share(1, 1)
    assert found.tailored.views == 2


def test_block_results__what_is_not_to_be_counted__is_not(hero: Variant) -> None:
    only = seen(uuid4(), hero.uuid)
    write(
        only,
        seen(uuid4(), hero.uuid, purposes=PERSONALIZATION.bit),
        seen(uuid4(), hero.uuid, days=29),
        seen(uuid4(), hero.uuid, days=-0.5),
        seen(uuid4(), "made-up"),
        seen(uuid4(), hero.uuid, block="other"),
    )
    assert [results().tailored.people, results().default.people] == [1, 0]
    StoredEvent.objects.filter(pk=only[0].pk).update(purposes=ANALYTICS.bit)
    assert results().tailored.people == 1
    erase_events(only[0].visitor_id, remaining=0, now=NOW)
    assert results().tailored.people == 0


def test_block_results__of_a_segment__are_of_its_people_alone(hero: Variant) -> None:
    segment("fans")
    anna, ben = uuid4(), uuid4()
    StoredVerdict.objects.create(visitor_id=anna, key="fans", matches=True, since=NOW)
    StoredVerdict.objects.create(visitor_id=ben, key="fans", matches=False, since=NOW)
    write(seen(anna, hero.uuid, clicks=1), seen(ben, hero.uuid), seen(anna, "default"))
    assert results(segment="fans").tailored.clicked == Share(1, 1)
    (fans,) = segment_results("hero", since=SINCE, until=UNTIL)
    assert (fans.name, fans.tailored, fans.default) == ("Fans", Share(1, 1), Share(0, 1))


def test_block_results__goals__count_people_who_reached_them_soon_after(hero: Variant) -> None:
    Goal.objects.create(name="Purchase", event="purchase", value_property="value", currency="EUR", within_days=3)
    Goal.objects.create(
        name="Long read", event="page_view", where=[{"property": "path", "starts_with": "/magazine/"}], fixed_value=2
    )
    Goal.objects.create(name="Off", event="purchase", enabled=False)
    anna, ben, cleo = uuid4(), uuid4(), uuid4()
    read = "https://shop.example/magazine/a"
    write(
        *(seen(one, hero.uuid, days=10) for one in (anna, ben, cleo)),
        [
            stored(anna, "purchase", days=9, value=40, currency="EUR"),
            stored(anna, "purchase", days=8, value=10.5),
            stored(anna, "purchase", days=8, value=99, currency="USD"),
            stored(ben, "purchase", days=11, value=7),  # before
            stored(cleo, "purchase", days=6, value=7),  # too late
            stored(cleo, "page_view", days=4, url=read),
            stored(cleo, "page_view", days=4, url=read),
            stored(ben, "page_view", days=4, url="https://shop.example/shop/"),
            stored(ben, "page_view", days=4, url=read, purposes=PERSONALIZATION.bit),
        ],
    )
    (winter,) = results().variants
    assert [(one.goal.name, one.people, one.value) for one in winter.goals] == [
        ("Long read", Share(1, 3), 2.0),
        ("Purchase", Share(1, 3), 50.5),
    ]
    assert [one.people for one in results().tailored.goals] == [Share(1, 3), Share(1, 3)]


def test_block_results__however_many_variants_and_events__take_the_same_queries(
    hero: Variant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Goal.objects.create(name="Purchase", event="purchase")
    for number in range(5):
        write(people(Variant.objects.create(block=hero.block, name=str(number)).uuid, 3, clicked=1))
    with django_assert_num_queries(5):
        results()
    with django_assert_num_queries(3):
        all_results(since=SINCE, until=UNTIL)


def test_all_results__blocks_of_other_rooms__are_counted_by_their_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    variant = str(uuid4())
    block = PublishedBlock(
        "cms:1", True, "", (PublishedVariant(variant, "Spring", None),), name="Teaser", others="Hello"
    )
    monkeypatch.setattr(sources, "_sources", {"pages": lambda: [block]})
    write(people(variant, 2, block="cms:1"))
    (found,) = all_results(since=SINCE, until=UNTIL)
    assert found.tailored.first == NOW - timedelta(days=1)
    assert (found.name, found.pk, found.tailored.people) == ("Teaser", None, 2)
    assert sentence(found).startswith("“Spring” was seen by under 10. ")
    assert sentence(found).endswith("nobody saw “Hello”.")


def test_best_and_worst__told_apart_from_chance__are_named(hero: Variant) -> None:
    other = Variant.objects.create(block=Block.objects.create(key="footer", name="Footer"), name="Long")
    write(
        people(hero.uuid, 120, clicked=40),
        people("default", 120, clicked=5),
        people(other.uuid, 120, clicked=1, block="footer"),
        people("default", 120, clicked=20, block="footer"),
    )
    best, worst = best_and_worst(since=SINCE, until=UNTIL)
    assert [[one.key for one in some] for some in (best, worst)] == [["hero"], ["footer"]]


def test_likely_people__of_an_audience__are_those_who_saw_the_block_and_are_in_it(hero: Variant) -> None:
    assert likely_people("hero", None, now=NOW) is None
    anna = uuid4()
    StoredVerdict.objects.create(visitor_id=anna, key="fans", matches=True, since=NOW)
    StoredVerdict.objects.create(visitor_id=uuid4(), key="fans", matches=True, since=NOW)
    write(seen(anna, "default", views=3), seen(uuid4(), hero.uuid))
    assert [likely_people("hero", one, now=NOW) for one in (None, ["fans"], ["nobody"])] == [2, 1, 0]


def told(one: Share, other: Share, verdict: Verdict, *, exact: bool = False, first: datetime = SINCE) -> str:
    return variant_sentence(
        VariantResults("1f", "Winter", clicked=one, verdict=verdict, first=first),
        VariantResults("default", "", clicked=other, first=first, is_named=False),
        counted=(SINCE, UNTIL),
        exact=exact,
    )


@pytest.mark.parametrize(
    ("one", "other", "verdict", "said"),
    [
        (Share(40, 1000), Share(10, 1000), Verdict.MORE, "Of 100 who saw “Winter”, 4 clicked; of as many who saw what"),
        (Share(40, 1000), Share(10, 1000), Verdict.MORE, "else sees, 1. That is hardly chance, but no fair test"),
        (Share(4, 10_000), Share(40, 10_000), Verdict.LESS, "Of 1,000 who saw “Winter”, 0 clicked; of as many"),
        (Share(40, 1000), Share(35, 1000), Verdict.MAY_BE_CHANCE, "21,700 visitors more on each side are needed."),
        (Share(40, 1000), Share(40, 1000), Verdict.MAY_BE_CHANCE, "it is too small for so few visitors."),
        (Share(30, 500), Share(15, 500), Verdict.MAY_BE_CHANCE, "are needed: at this pace until Dec. 4, 2026, counted"),
        (Share(1, 50), Share(5, 200), Verdict.TOO_FEW, "“Winter” was seen by 50, what everyone else sees by 200."),
        (Share(1, 50), Share(5, 200), Verdict.TOO_FEW, "Needed are about 50 visitors more who see “Winter”: at this"),
        (Share(1, 50), Share(5, 200), Verdict.TOO_FEW, "until Dec. 18, 2026, counted over 90 days."),
        (Share(5, 200), Share(1, 95), Verdict.TOO_FEW, "Needed are about 10 visitors more who see what everyone"),
        (Share(1, 60), Share(1, 9), Verdict.TOO_FEW, "who see “Winter”, and 100 more who see what everyone else sees."),
        (Share(1, 9), Share(5, 200), Verdict.TOO_FEW, "Too early to say: “Winter” was seen by under 10, what"),
        (Share(1, 500), Share(5, 200), Verdict.TOO_FEW, "hardly anybody has clicked yet. Needed are 10 who click"),
        (Share(6, 200), Share(0, 0), Verdict.NOTHING, "3 clicked. Whether that is more than otherwise cannot be told"),
        (Share(1, 20), Share(0, 0), Verdict.NOTHING, "“Winter” was seen by 20. Whether that is more than otherwise"),
        (Share(0, 0), Share(1, 20), Verdict.NOTHING, "Nobody has seen “Winter” in this time; what everyone else sees"),
        (Share(0, 0), Share(0, 0), Verdict.NOTHING, "Nobody who agreed to measuring has seen it"),
    ],
)  # fmt: skip
def test_sentence__each_case__says_what_came_of_it(one: Share, other: Share, verdict: Verdict, said: str) -> None:
    assert said in told(one, other, verdict)


def test_sentence__few_people__neither_what_is_missing_nor_a_day_tells_how_few() -> None:
    hardly_any = Share(1, 500), Share(5, 200), Verdict.TOO_FEW
    assert "Needed are 4 visitors more who click." in told(*hardly_any, exact=True)
    assert told(*hardly_any) == told(Share(2, 500), Share(6, 200), Verdict.TOO_FEW)
    lately = UNTIL - timedelta(days=2)
    assert "at this pace" in told(Share(1, 10), Share(1, 300), Verdict.TOO_FEW, first=lately)
    assert "at this pace" not in told(Share(1, 9), Share(1, 300), Verdict.TOO_FEW, first=lately)


def test_sentence__of_a_block__is_about_all_its_variants(hero: Variant) -> None:
    write(people(hero.uuid, 100, clicked=20), people("default", 100, clicked=2))
    assert sentence(results()).startswith("Of 100 who saw “Winter”, 20 clicked; of as many who saw what everyone")
