"""Presence: what a request may ask, what it costs, and that it is right while nobody has judged."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from consent.purposes import ANALYTICS
from personalization.profiles.models import Profile, Trait, Verdict
from personalization.profiles.services import set_traits
from personalization.segments.presence import forget_presence, presence_of
from personalization.segments.services import judge_visitors
from tests.personalization.segments.people import (
    LEFT_CART,
    NOW,
    VIEWED,
    VIEWED_THREE,
    record,
    request_of,
    segment,
    view,
    visitor_with,
)
from tracking.models import EventType


@pytest.fixture(autouse=True)
def _no_redis(settings: object) -> None:
    settings.PERSONALIZATION_REDIS_URL = ""  # type: ignore[attr-defined]  # pytest-django's wrapper takes any name


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 10, 60])
def test_presence__judged_visitor_without_redis__costs_one_query(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        segment(f"s{number}", VIEWED)
    visitor_id = visitor_with(view())
    judge_visitors([visitor_id], now=NOW)
    presence_of(request_of(visitor_id), NOW).matches("s0")  # compiles the configuration in this process
    presence = presence_of(request_of(visitor_id), NOW)
    with django_assert_num_queries(1):
        assert all(presence.matches(f"s{number}") for number in range(count))


@pytest.mark.django_db
def test_presence__due_visitor__is_judged_in_memory_for_one_more_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(20):
        segment(f"s{number}", VIEWED_THREE)
    visitor_id = visitor_with(view(1), view(2))
    judge_visitors([visitor_id], now=NOW)
    record(visitor_id, view())
    presence_of(request_of(None), NOW).matches("s0")
    before = list(Profile.objects.values())
    presence = presence_of(request_of(visitor_id), NOW)
    with django_assert_num_queries(2):
        assert all(presence.matches(f"s{number}") for number in range(20))
    assert list(Profile.objects.values()) == before
    assert not Verdict.objects.exists()


@pytest.mark.django_db
def test_presence__rules_edited_since__are_judged_in_memory() -> None:
    edited = segment("viewers", {"event": "purchase"})
    visitor_id = visitor_with(view())
    judge_visitors([visitor_id], now=NOW)
    edited.rule = VIEWED
    edited.save()
    assert presence_of(request_of(visitor_id), NOW).matches("viewers")
    assert not Verdict.objects.exists()


@pytest.mark.django_db
def test_presence__event_no_longer_counts_as_the_visitors_own__is_judged_in_memory() -> None:
    segment("viewers", VIEWED)
    visitor_id = visitor_with(view())
    judge_visitors([visitor_id], now=NOW)
    assert presence_of(request_of(visitor_id), NOW).matches("viewers")
    EventType.objects.create(name="view_item", label="Shown by the till", purposes=3, by_visitor=False)
    assert not presence_of(request_of(visitor_id), NOW).matches("viewers")


@pytest.mark.django_db
def test_presence__instant_of_change_reached__is_right_before_anybody_judges() -> None:
    segment("left", LEFT_CART)
    visitor_id = visitor_with(view(5, name="add_to_cart"))
    judge_visitors([visitor_id], now=NOW)
    then = NOW + timedelta(minutes=10)
    assert not presence_of(request_of(visitor_id), then - timedelta(microseconds=1)).matches("left")
    assert presence_of(request_of(visitor_id), then).matches("left")


@pytest.mark.django_db
def test_presence__agreed_but_without_profile__is_judged_on_nothing_without_reading_events(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    segment("quiet", {"not": VIEWED})
    presence_of(request_of(None), NOW).matches("quiet")
    presence = presence_of(request_of(uuid4()), NOW)
    with django_assert_num_queries(1):
        assert presence.matches("quiet")


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["stranger", "analytics only", "bot"])
def test_presence__without_agreement__asks_rules_about_the_request_alone(
    who: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    segment("quiet", {"not": VIEWED})
    segment("everybody", {"all": []})
    segment("from-letter", {"request": "utm_source", "is": "letter"})
    segment("mixed", {"any": [{"request": "utm_source", "is": "letter"}, VIEWED]})
    segment("through", {"segment": "from-letter"})
    visitor_id = visitor_with(view())
    path = "/?utm_source=letter"
    if who == "bot":
        request = request_of(visitor_id, path=path, agent="Mozilla/5.0 (compatible; Googlebot/2.1)")
    elif who == "stranger":
        request = request_of(None, path=path)
    else:
        request = request_of(visitor_id, granted=ANALYTICS.bit, path=path)
    presence_of(request_of(None), NOW).matches("quiet")
    presence = presence_of(request, NOW)
    keys = ["quiet", "everybody", "from-letter", "mixed", "through", "nowhere"]
    with django_assert_num_queries(1):
        assert [key for key in keys if presence.matches(key)] == ["from-letter"]
    assert presence.why("quiet").text == "Not asked: the visitor has not agreed to personalization."
    assert len(presence.facts().timeline) == 0


@pytest.mark.django_db
def test_presence__contextual_rule__is_answered_at_the_request_and_never_stored() -> None:
    segment("viewers", VIEWED)
    segment("letter-viewers", {"all": [{"request": "utm_source", "is": "letter"}, {"segment": "viewers"}]})
    visitor_id = visitor_with(view())
    judge_visitors([visitor_id], now=NOW)
    assert list(Verdict.objects.values_list("key", flat=True)) == ["viewers"]
    assert presence_of(request_of(visitor_id, path="/?utm_source=letter"), NOW).matches("letter-viewers")
    assert not presence_of(request_of(visitor_id), NOW).matches("letter-viewers")


@pytest.mark.django_db
def test_presence__events_for_analytics_only__are_not_seen() -> None:
    segment("viewers", VIEWED)
    visitor_id = visitor_with(view(), purposes=ANALYTICS.bit)
    assert not presence_of(request_of(visitor_id), NOW).matches("viewers")
    assert not Profile.objects.exists()


@pytest.mark.django_db
def test_why__matching_visitor__names_what_was_found() -> None:
    segment("viewers", VIEWED_THREE)
    visitor_id = visitor_with(view(1), view(2), view(3))
    reason = presence_of(request_of(visitor_id), NOW).why("viewers")
    assert reason.matches
    assert "3" in reason.text
    assert not presence_of(request_of(visitor_id), NOW).why("nowhere").matches


@pytest.mark.django_db
def test_presence__asked_twice__is_the_same() -> None:
    request = request_of(None)
    assert presence_of(request, NOW) is presence_of(request, NOW + timedelta(days=1))


@pytest.mark.django_db
def test_presence__trait_set__counts_at_once() -> None:
    segment("vips", {"trait": "vip", "is": True})
    visitor_id = visitor_with()
    judge_visitors([visitor_id], now=NOW)
    set_traits(visitor_id, {"vip": True}, source="test", now=NOW)
    assert Trait.objects.count() == 1
    assert presence_of(request_of(visitor_id), NOW).matches("vips")


@pytest.mark.django_db
def test_forget_presence__the_visitor_acts_within_the_request__is_asked_anew() -> None:
    segment("viewers", VIEWED)
    visitor_id = visitor_with()
    request = request_of(visitor_id)
    assert not presence_of(request, NOW).matches("viewers")
    record(visitor_id, view())
    assert not presence_of(request, NOW).matches("viewers")
    forget_presence(request)
    assert presence_of(request, NOW).matches("viewers")
    forget_presence(request_of(None))
