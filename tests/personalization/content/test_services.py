"""Deciding for a request: published configuration, who asks, and nothing that could break the page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import Settings

from personalization.content import services
from personalization.content.deciding.reasons import Outcome, Passed
from personalization.content.models import (
    Block,
    BlockGroup,
    BlockGroupPlace,
    CallToAction,
    CallToActionOverride,
    Variant,
)
from personalization.content.published import Published, published
from personalization.content.services import decide, decide_all, decide_call_to_action, in_segment
from personalization.content.serving.asking import has_asked
from personalization.segments import presence
from personalization.segments.models import Segment
from tests.personalization.content.visitors import judged, request_of, segment

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def fans() -> Segment:
    return segment("fans")


@pytest.fixture
def hero(fans: Segment) -> Block:
    block = Block.objects.create(key="hero", name="Hero", default="<p>for all</p>")
    variant = Variant.objects.create(
        block=block, name="Fans", body="<p>for fans</p>", audience_kind=Variant.Audience.SEGMENTS
    )
    variant.segments.add(fans)
    return block


def _fan() -> HttpRequest:
    return request_of(judged(uuid4(), ["fans"]))


def _shown(request: HttpRequest, key: str = "hero") -> str | None:
    variant = decide(request, key).variant
    return variant.name if variant else None


def test_decide__member_of_the_segment__sees_the_variant(hero: Block) -> None:
    decision = decide(_fan(), "hero")
    assert decision.variant is not None
    assert (decision.block, decision.variant.name, decision.variant.html) == ("hero", "Fans", "<p>for fans</p>")
    assert decision.reason.outcome is Outcome.VARIANT


def test_decide__stranger_and_other_visitors__see_the_default(hero: Block) -> None:
    assert _shown(request_of()) is None
    assert _shown(request_of(judged(uuid4()))) is None


def test_decide__member_without_consent_to_personalization__sees_the_default(hero: Block) -> None:
    from tests.personalization.content.visitors import cookies_of

    visitor_id = judged(uuid4(), ["fans"])
    request = request_of()
    request.COOKIES.update(cookies_of(visitor_id, personalization=False))
    assert _shown(request) is None


CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def test_decide__crawler__sees_what_everyone_else_sees(hero: Block) -> None:
    fits_any = {"audience_kind": "rule", "rule": {"request": "utm_source", "is": "mail"}}
    mail = Variant.objects.create(block=hero, name="From the newsletter", **fits_any)
    assert _shown(request_of(path="/?utm_source=mail")) == mail.name
    crawler = request_of(path="/?utm_source=mail", user_agent=CRAWLER)
    decision = decide(crawler, "hero", explain=True)
    assert (decision.variant, decision.default) == (None, "<p>for all</p>")
    assert "crawler" in decision.reason.steps[-1].reasons[0].text
    Variant.objects.create(block=hero, name="Everybody's")
    assert _shown(request_of(path="/?utm_source=mail", user_agent=CRAWLER)) == "Everybody's"


def test_decide_call_to_action__crawler__reads_what_everyone_else_reads() -> None:
    segment("mail", {"request": "utm_source", "is": "mail"})
    cta = CallToAction.objects.create(key="join", name="Join", label="Join", url="/join/")
    CallToActionOverride.objects.create(cta=cta, segment=Segment.objects.get(slug="mail"), label="Welcome")

    def read(user_agent: str) -> str:
        look = decide_call_to_action(request_of(path="/?utm_source=mail", user_agent=user_agent), "join").look
        assert look is not None
        return look.label

    assert (read("Mozilla/5.0"), read(CRAWLER)) == ("Welcome", "Join")


def test_decide__unknown_key__default_with_the_reason() -> None:
    decision = decide(request_of(), "nowhere")
    assert (decision.variant, decision.reason.outcome) == (None, Outcome.UNKNOWN)


@pytest.mark.parametrize("key", ["", "x" * 5000, "<script>", "\x00", "ключ"])
def test_decide__strange_key__is_unknown(key: str) -> None:
    assert decide(request_of(), key).reason.outcome is Outcome.UNKNOWN


def test_decide__paused_block__default(hero: Block) -> None:
    hero.status = Block.Status.PAUSED
    hero.save()
    assert decide(_fan(), "hero").reason.outcome is Outcome.PAUSED


def test_decide__variant_switched_off__is_not_there(hero: Block) -> None:
    Variant.objects.get().delete()
    Variant.objects.create(block=hero, name="Off", enabled=False)
    assert _shown(request_of()) is None


def test_decide__everybody__also_strangers(hero: Block) -> None:
    Variant.objects.create(block=hero, name="All", order=5)
    assert _shown(request_of()) == "All"
    assert _shown(_fan()) == "Fans"


def test_decide__order_numbers__decide_between_two_that_fit(hero: Block) -> None:
    late = Variant.objects.create(block=hero, name="All", order=5)
    Variant.objects.filter(name="Fans").update(order=9)
    late.save()
    assert _shown(_fan()) == "All"


def test_decide__schedule__holds_at_the_given_time(hero: Block) -> None:
    Variant.objects.create(block=hero, name="Sale", order=1, starts_at=NOW, ends_at=NOW + timedelta(hours=1))
    times = [NOW - timedelta(microseconds=1), NOW, NOW + timedelta(hours=1)]
    names = []
    for now in times:
        variant = decide(request_of(), "hero", now=now).variant
        names.append(variant.name if variant else None)
    assert names == [None, "Sale", None]


def test_decide__hours__are_those_of_the_variants_zone(hero: Block) -> None:
    Variant.objects.create(
        block=hero, name="Lunch", hours_from=time(12), hours_until=time(14), weekdays=["fri"], time_zone="Asia/Tokyo"
    )
    shown = [
        decide(request_of(), "hero", now=datetime(2026, 11, day, hour, tzinfo=UTC)).variant is not None
        for day, hour in ((20, 2), (20, 3), (20, 5), (21, 3))
    ]
    assert shown == [False, True, False, False]


def test_decide__time_zone_that_is_gone__is_the_sites(hero: Block, settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    Variant.objects.create(block=hero, name="Lunch", hours_from=time(12), hours_until=time(14), time_zone="No/Where")
    assert decide(request_of(), "hero", now=datetime(2026, 11, 20, 3, tzinfo=UTC)).variant is not None


def test_decide__blocks_of_a_group__one_shows_whether_asked_together_or_one_by_one(hero: Block) -> None:
    note = Block.objects.create(key="note", name="Note")
    Variant.objects.create(block=note, name="All")
    group = BlockGroup.objects.create(name="Offers")
    place = BlockGroupPlace.objects.create(group=group, block=note, order=2)
    BlockGroupPlace.objects.create(group=group, block=hero, order=1)
    fan = judged(uuid4(), ["fans"])

    def shown(request: HttpRequest) -> list[str | None]:
        together = decide_all(request, ["note", "hero"])
        assert all(decide(request, key) == decision for key, decision in together.items())
        return [decision.variant.name if decision.variant else None for decision in together.values()]

    assert (shown(request_of(fan)), shown(request_of())) == ([None, "Fans"], ["All", None])
    place.order = 0
    place.save()
    assert shown(request_of(fan)) == ["All", None]
    group.delete()
    assert shown(request_of(fan)) == ["All", "Fans"]


def test_decide__languages__are_the_pages(hero: Block) -> None:
    Variant.objects.create(block=hero, name="Deutsch", languages=["de"])
    with translation.override("de"):
        assert _shown(request_of()) == "Deutsch"
    with translation.override("en"):
        assert _shown(request_of()) is None
        request = request_of()
        request.LANGUAGE_CODE = "de"
        assert _shown(request) == "Deutsch"
    with translation.override(None):
        assert _shown(request_of()) is None


def test_decide__deleted_segment__its_variant_is_for_nobody(hero: Block, fans: Segment) -> None:
    visitor = judged(uuid4(), ["fans"])
    Variant.segments.through.objects.all().delete()
    fans.delete()
    assert _shown(request_of(visitor)) is None


def test_decide__rule_of_the_variant__is_judged(hero: Block) -> None:
    Variant.objects.create(
        block=hero,
        name="Phones",
        audience_kind=Variant.Audience.RULE,
        rule={"request": "query.campaign", "is": "spring"},
    )
    assert _shown(request_of(path="/?campaign=spring")) == "Phones"
    assert _shown(request_of()) is None


def test_decide__rule_names_a_deleted_segment__does_not_match(hero: Block) -> None:
    Variant.objects.create(
        block=hero, name="Not", audience_kind=Variant.Audience.RULE, rule={"not": {"segment": "gone"}}
    )
    visitor = judged(uuid4())
    assert _shown(request_of(visitor)) is None


def test_decide__broken_rule_in_the_database__does_not_match(hero: Block) -> None:
    Variant.objects.create(block=hero, name="Broken", audience_kind=Variant.Audience.RULE, rule={"nonsense": 1})
    assert _shown(request_of(judged(uuid4()))) is None


def test_decide__explained__gives_each_variants_reason(hero: Block) -> None:
    decision = decide(request_of(judged(uuid4())), "hero", explain=True)
    (step,) = decision.reason.steps
    assert (step.variant, step.passed, len(step.reasons)) == ("Fans", Passed.AUDIENCE, 1)


def test_decide__database_gone__default_logged_and_no_error(
    hero: Block, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(*args: object, **kwargs: object) -> object:
        raise DatabaseError("gone")

    monkeypatch.setattr(published, "_current", None)  # a process that has read nothing yet
    monkeypatch.setattr(services, "presence_of", gone)
    with caplog.at_level(logging.ERROR, logger="personalization"):
        assert decide(request_of(), "hero").reason.outcome is Outcome.FAILED
        assert in_segment(request_of(), "fans") is False
        assert decide_call_to_action(request_of(), "join").look is None
    assert len([record for record in caplog.records if record.exc_info]) == 3


def test_decide__database_gone_later__default_is_what_was_read_last(
    hero: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    Block.objects.filter(pk=hero.pk).update(default="<p>Everyone else</p>")
    CallToAction.objects.create(key="join", name="Join", label="Join us", url="/join/")
    monkeypatch.setattr(published, "_current", None)
    assert _shown(_fan()) is not None

    def gone(*args: object, **kwargs: object) -> object:
        raise DatabaseError("gone")

    monkeypatch.setattr(presence, "configuration_version", gone)
    monkeypatch.setattr(presence, "load", gone)
    for request in (request_of(), _fan()):
        decision = decide(request, "hero")
        assert (decision.reason.outcome, decision.default) == (Outcome.FAILED, "<p>Everyone else</p>")
        assert has_asked(request)  # no cache keeps it
        look = decide_call_to_action(request, "join").look
        assert look is not None
        assert look.label == "Join us"
    assert decide(request_of(), "nowhere").default == ""


def test_decide__configuration_that_cannot_be_read__is_asked_for_once_a_request(
    hero: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts: list[int] = []

    def fail(version: int) -> Published:
        attempts.append(version)
        raise DatabaseError("gone")

    monkeypatch.setattr(published, "_current", None)
    monkeypatch.setattr(published, "_compile", fail)
    request = _fan()
    for _ in range(2):
        assert decide(request, "hero").reason.outcome is Outcome.FAILED
        assert decide_call_to_action(request, "join").look is None
    assert len(attempts) == 1
    monkeypatch.undo()
    assert _shown(_fan()) is not None  # the next request asks anew


def test_decide_all__several_keys__one_decision_each(hero: Block) -> None:
    decisions = decide_all(_fan(), ["hero", "nowhere"])
    assert {key: decision.reason.outcome for key, decision in decisions.items()} == {
        "hero": Outcome.VARIANT,
        "nowhere": Outcome.UNKNOWN,
    }


def test_in_segment__member_and_others__yes_and_no(fans: Segment) -> None:
    assert in_segment(_fan(), "fans") is True
    assert in_segment(request_of(), "fans") is False
    assert in_segment(_fan(), "no-such-segment") is False


def test_decide_call_to_action__override__keeps_what_it_leaves_empty(fans: Segment) -> None:
    cta = CallToAction.objects.create(key="join", name="Join", label="Join us", url="/join/")
    CallToActionOverride.objects.create(cta=cta, segment=fans, label="Welcome back")
    look = decide_call_to_action(_fan(), "join").look
    assert look is not None
    assert (look.label, look.url, look.style) == ("Welcome back", "/join/", "primary")
    other = decide_call_to_action(request_of(), "join").look
    assert other is not None
    assert other.label == "Join us"


def test_decide__no_variant_names_languages__django_is_not_asked_for_the_page_s(
    hero: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saying which language is active takes Django several times longer than a decision."""
    Variant.objects.create(block=hero, name="For all")
    CallToAction.objects.create(key="join", name="Join", label="Join", url="/")
    monkeypatch.setattr(services, "page_language", lambda request: pytest.fail("was asked"))
    assert decide(request_of(), "hero").variant is not None
    assert decide_call_to_action(request_of(), "join").look is not None


def test_decide__language_of_a_block_before_it_in_its_group__counts_for_both(hero: Block) -> None:
    Variant.objects.create(block=hero, name="Deutsch", languages=["de"])
    note = Block.objects.create(key="note", name="Note")
    Variant.objects.create(block=note, name="For all")
    group = BlockGroup.objects.create(name="One of two")
    for order, block in enumerate((hero, note)):
        BlockGroupPlace.objects.create(group=group, block=block, order=order)
    for language, shown in (("de", False), ("en", True)):
        with translation.override(language):
            assert (decide(request_of(), "note").variant is not None) is shown


def test_decide_call_to_action__override_without_segment__is_for_everybody_in_its_languages() -> None:
    cta = CallToAction.objects.create(key="join", name="Join", label="Join us", url="/")
    CallToActionOverride.objects.create(cta=cta, languages=["de"], label="Mach mit")
    labels = []
    for language in ("de", "en"):
        with translation.override(language):
            look = decide_call_to_action(request_of(), "join").look
            labels.append(look and look.label)
    assert labels == ["Mach mit", "Join us"]


@pytest.mark.parametrize("ask", [decide, in_segment, decide_call_to_action])
def test_asking__any_question__marks_the_request(ask: Callable[[HttpRequest, str], object]) -> None:
    request = request_of()
    assert not has_asked(request)
    ask(request, "x")
    assert has_asked(request)
    request._cache_update_cache = True  # type: ignore[attr-defined]  # as cache_page does afterwards
    assert request._cache_update_cache is False  # type: ignore[attr-defined]


def test_decide__one_or_fifty_blocks__the_same_few_queries(fans: Segment) -> None:
    for number in range(50):
        block = Block.objects.create(key=f"b{number}", name=f"B{number}")
        Variant.objects.create(
            block=block, name="Fans", body="<p>x</p>", audience_kind=Variant.Audience.SEGMENTS
        ).segments.add(fans)
    visitor: UUID = judged(uuid4(), ["fans"])
    decide(request_of(visitor), "b0")
    counts = []
    for number in (1, 50):
        with CaptureQueriesContext(connection) as queries:
            decisions = decide_all(request_of(visitor), [f"b{index}" for index in range(number)])
        assert all(decision.variant for decision in decisions.values())
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4
