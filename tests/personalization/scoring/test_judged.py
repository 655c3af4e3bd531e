"""The score wherever rules ask for it: stored, for everybody, in memory, as of a time; and what other weights move."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from consent import stores
from consent.purposes import ANALYTICS, PERSONALIZATION
from personalization.profiles.errors import InvalidTrait
from personalization.profiles.head import configuration_version, read_known
from personalization.profiles.models import Profile, Trait, Verdict
from personalization.profiles.services import set_traits
from personalization.rules import Decaying
from personalization.scoring.models import EngagementScore
from personalization.segments.presence import presence_of
from personalization.segments.published import published
from personalization.segments.selectors import explain_visitor
from personalization.segments.services import judge_visitors, recompute_due, recompute_now, sizes_at
from tests.personalization.segments.people import GIVEN, NOW, record, request_of, segment, view, visitor_with

pytestmark = pytest.mark.django_db

ENGAGED = {"trait": "engagement", "at_least": 4}
MONTH = timedelta(days=30)


@pytest.fixture(autouse=True)
def _no_redis(settings: Settings) -> None:
    settings.PERSONALIZATION_REDIS_URL = ""


def buyer() -> UUID:
    """Bought now: a score of 5, which is 4 after 0.32 half-lives."""
    return visitor_with(view(name="purchase"))


def is_engaged(visitor_id: UUID, after: timedelta = timedelta(0)) -> bool:
    return presence_of(request_of(visitor_id), NOW + after).matches("engaged")


def test_judging__a_buyer__has_the_score_stored_and_is_due_when_it_crosses() -> None:
    segment("engaged", ENGAGED)
    visitor_id = buyer()
    judge_visitors([visitor_id], now=NOW)
    trait = Trait.objects.get(visitor_id=visitor_id)
    assert (trait.name, trait.value, trait.half_life, trait.at, trait.source) == (
        "engagement",
        5.0,
        MONTH,
        NOW,
        "scoring",
    )
    assert Verdict.objects.get(visitor_id=visitor_id).matches
    crossing = Profile.objects.get(pk=visitor_id).due_at
    assert crossing is not None
    assert timedelta(days=9) < crossing - NOW < timedelta(days=10)
    assert recompute_due(now=crossing + timedelta(milliseconds=2)) == 1
    assert not Verdict.objects.filter(matches=True).exists()
    assert Trait.objects.get(visitor_id=visitor_id).at == NOW


def test_judging__head__carries_the_score() -> None:
    visitor_id = buyer()
    judge_visitors([visitor_id], now=NOW)
    head = read_known(visitor_id, given_at=GIVEN).head
    assert head is not None
    assert head.traits == {"engagement": Decaying(5.0, MONTH, NOW)}


def test_judging__nothing_that_counts__stores_no_row_and_still_matches_rules_on_little() -> None:
    segment("casual", {"trait": "engagement", "at_most": 2})
    visitor_id = visitor_with(view())
    judge_visitors([visitor_id], now=NOW)
    assert not Trait.objects.exists()
    assert presence_of(request_of(visitor_id), NOW).matches("casual")
    assert presence_of(request_of(uuid4()), NOW).matches("casual")


def test_recompute__everybody__is_scored() -> None:
    segment("engaged", ENGAGED)
    visitors = [buyer(), buyer(), visitor_with(view(name="click"))]
    assert recompute_now(now=NOW) == {"engaged": 2}
    assert Trait.objects.filter(visitor_id__in=visitors, name="engagement").count() == 3


def test_presence__nobody_has_judged__scores_in_memory_for_the_timeline_alone(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    segment("engaged", ENGAGED)
    visitor_id = visitor_with(view(name="add_to_cart"))
    judge_visitors([visitor_id], now=NOW)
    assert not is_engaged(visitor_id)
    record(visitor_id, view(name="click"))
    presence = presence_of(request_of(visitor_id), NOW)
    with django_assert_num_queries(2):
        assert presence.matches("engaged")
    assert Trait.objects.get().value == 3.0


def test_presence__judged_visitor__costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    segment("engaged", ENGAGED)
    segment("engaged-here", {"all": [ENGAGED, {"request": "path", "is": "/"}]})
    visitor_id = buyer()
    judge_visitors([visitor_id], now=NOW)
    presence_of(request_of(None), NOW).matches("engaged")
    presence = presence_of(request_of(visitor_id), NOW)
    with django_assert_num_queries(1):
        assert presence.matches("engaged")
        assert presence.matches("engaged-here")


def test_presence__rule_about_the_request_and_the_score__is_right_before_anybody_judges() -> None:
    segment("engaged", {"all": [ENGAGED, {"request": "path", "is": "/"}]})
    visitor_id = buyer()
    assert is_engaged(visitor_id)
    judge_visitors([visitor_id], now=NOW)
    assert is_engaged(visitor_id)
    assert not is_engaged(visitor_id, MONTH)
    assert presence_of(request_of(visitor_id), NOW).facts().traits["engagement"] == Decaying(5.0, MONTH, NOW)


def test_presence__without_agreement__has_no_score() -> None:
    segment("casual", {"all": [{"trait": "engagement", "at_most": 2}, {"request": "path", "is": "/"}]})
    visitor_id = visitor_with(view(name="purchase"), purposes=ANALYTICS.bit)
    assert not presence_of(request_of(visitor_id, granted=ANALYTICS.bit), NOW).matches("casual")


def test_judging__event_of_a_clock_that_is_fast__counts_from_its_time_on() -> None:
    segment("engaged", ENGAGED)
    visitor_id = visitor_with(view(-2, name="purchase"))
    judge_visitors([visitor_id], now=NOW)
    assert not Trait.objects.exists()
    assert not is_engaged(visitor_id)
    assert Profile.objects.get(pk=visitor_id).due_at == NOW + timedelta(minutes=2)
    assert is_engaged(visitor_id, timedelta(minutes=2))


def test_sizes_at__an_earlier_time__scores_what_had_happened_by_then() -> None:
    segment("engaged", ENGAGED)
    visitor_id = visitor_with(view(60 * 24 * 40, name="purchase"), view(name="purchase"))
    judge_visitors([visitor_id], now=NOW)
    assert sizes_at(NOW - timedelta(days=39)) == {"engaged": 1}
    assert sizes_at(NOW - timedelta(days=20)) == {"engaged": 0}
    assert sizes_at(NOW) == {"engaged": 1}


def test_explain_visitor__the_score__says_what_it_is() -> None:
    segment("engaged", ENGAGED)
    visitor_id = buyer()
    (explained,) = explain_visitor(visitor_id, now=NOW, person=True)
    assert explained.matches
    assert explained.told.found == "5"


def test_weights__changed__are_published_and_everybody_is_judged_anew() -> None:
    segment("engaged", ENGAGED)
    visitor_id = visitor_with(view(name="click"))
    judge_visitors([visitor_id], now=NOW)
    before = published(configuration_version()).rules_version
    assert not is_engaged(visitor_id)
    row = EngagementScore.objects.create()
    assert published(configuration_version()).rules_version == before
    row.weights = {"click": 4}
    row.save()
    assert published(configuration_version()).rules_version != before
    assert is_engaged(visitor_id)
    recompute_now(now=NOW)
    assert Trait.objects.get().value == 4.0
    EngagementScore.objects.all().delete()
    recompute_now(now=NOW)
    assert Trait.objects.get().value == 1.0
    row.weights = {}
    row.save()
    recompute_now(now=NOW)
    assert not Trait.objects.exists()


def test_weights__changed__have_the_workers_apply_them(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    asked = []
    monkeypatch.setattr("personalization.segments.receivers.update_soon", lambda: asked.append(True))
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django's callable
        EngagementScore.objects.create(half_life_days=3)
    assert asked == [True]


def test_set_traits__the_name_of_the_score__is_refused() -> None:
    with pytest.raises(InvalidTrait, match="worked out"):
        set_traits(buyer(), {"engagement": 100}, source="crm", now=NOW)


def test_withdrawal__of_personalization__erases_the_score() -> None:
    visitor_id = buyer()
    judge_visitors([visitor_id], now=NOW)
    stores.erase_everywhere(visitor_id, withdrawn=PERSONALIZATION.bit, remaining=ANALYTICS.bit)
    assert not Trait.objects.exists()
