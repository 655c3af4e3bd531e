"""What is written about profiles: versions, who is due, traits, expiry."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from consent import stores
from consent.purposes import ANALYTICS
from personalization.profiles.errors import InvalidTrait
from personalization.profiles.head import configuration_version, read_known
from personalization.profiles.models import Configuration, Profile, Trait, Verdict
from personalization.profiles.services import DUE_AT_ONCE, Recorded, Refused, mark_due, publish, set_traits
from personalization.rules import Decaying
from personalization.segments.services import judge_visitors
from tests.personalization.segments.people import GIVEN, NOW, VIEWED, record, segment, view, visitor_with
from tracking.models import Visitor

pytestmark = pytest.mark.django_db


def test_publish__each_time__moves_the_version() -> None:
    assert configuration_version() == 0
    first, second = publish(), publish()
    assert 0 < first < second == configuration_version()
    assert Configuration.objects.count() == 1


def test_publish__a_clock_that_went_back__still_moves_forward() -> None:
    far = publish() + 10**12
    Configuration.objects.update(version=far)
    assert publish() > far


def test_publish__rolled_back_while_the_clock_is_behind__the_version_does_not_return() -> None:
    Configuration.objects.update(version=publish() + 10**12)
    with transaction.atomic():
        never = publish()
        transaction.set_rollback(True)
    assert publish() != never


def test_segment__saved_or_deleted__is_published() -> None:
    one = segment("viewers", VIEWED)
    saved = configuration_version()
    assert saved > 0
    one.delete()
    assert configuration_version() > saved


def test_mark_due__known_and_new_visitors__are_due_at_once_with_a_new_revision() -> None:
    visitor_id = visitor_with(view())
    judge_visitors([visitor_id], now=NOW)
    before = Profile.objects.get()
    assert before.due_at is None
    mark_due([visitor_id, uuid4()])
    after = Profile.objects.get(visitor_id=visitor_id)
    assert after.revision == before.revision + 1
    assert after.judged_version == before.judged_version
    assert set(Profile.objects.values_list("due_at", flat=True)) == {DUE_AT_ONCE}


def test_mark_due__more_than_one_statement_takes__marks_all() -> None:
    mark_due([uuid4() for _ in range(1_203)])
    assert Profile.objects.count() == 1_203


def test_recording__events_for_analytics_alone__make_nobody_due() -> None:
    visitor_id = visitor_with(view(), purposes=ANALYTICS.bit)
    assert not Profile.objects.exists()
    record(visitor_id, view())
    assert Profile.objects.get().due_at == DUE_AT_ONCE


def test_recording__the_same_event_again__makes_nobody_due() -> None:
    seen = view()
    visitor_id = visitor_with(seen)
    judge_visitors([visitor_id], now=NOW)
    record(visitor_id, seen)
    assert Profile.objects.get().due_at is None


def test_set_traits__visitor_who_agreed__stores_and_marks_due() -> None:
    visitor_id = visitor_with()
    judge_visitors([visitor_id], now=NOW)
    interest = Decaying(4.0, timedelta(days=7), NOW)
    assert set_traits(
        visitor_id, {"vip": True, "interest": interest, "plan": "gold"}, source="crm", now=NOW
    ) == Recorded(frozenset({"vip", "interest", "plan"}))
    assert Profile.objects.get().due_at == DUE_AT_ONCE
    set_traits(visitor_id, {"vip": None, "interest": 3}, source="crm", now=NOW)
    head = read_known(visitor_id, given_at=GIVEN).head
    assert head is not None
    assert head.traits == {"interest": 3, "plan": "gold"}
    set_traits(visitor_id, {"interest": interest}, source="crm", now=NOW)
    head = read_known(visitor_id, given_at=GIVEN).head
    assert head is not None
    assert head.traits["interest"] == interest


@pytest.mark.parametrize("known", [True, False])
def test_set_traits__visitor_who_did_not_agree__is_refused(known: bool) -> None:
    visitor_id = visitor_with(view(), purposes=ANALYTICS.bit) if known else uuid4()
    assert set_traits(visitor_id, {"vip": True}, source="crm", now=NOW) == Refused("consent")
    assert not Trait.objects.exists()
    assert not Profile.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("", 1),
        ("x" * 101, 1),
        ("nul\0", 1),
        ("a", float("nan")),
        ("a", float("inf")),
        ("a", "nul\0"),
        ("a", "x" * 1_001),
        ("a", ["list"]),
        ("a", {"dict": 1}),
    ],
)
def test_set_traits__what_cannot_be_kept__is_an_error_and_stores_nothing(name: str, value: Any) -> None:
    visitor_id = visitor_with()
    with pytest.raises(InvalidTrait):
        set_traits(visitor_id, {"fine": 1, name: value}, source="crm", now=NOW)
    assert not Trait.objects.exists()


def test_expire__visitor_is_gone__takes_what_was_derived() -> None:
    segment("viewers", VIEWED)
    gone, stays = visitor_with(view()), visitor_with(view())
    set_traits(gone, {"vip": True}, source="crm", now=NOW)
    judge_visitors([gone, stays], now=NOW)
    Visitor.objects.filter(pk=gone).delete()
    store = next(store for store in stores.registered() if store.name == "profiles")
    assert store.expire(NOW) == 3
    assert list(Verdict.objects.values_list("visitor_id", flat=True)) == [stays]


def test_export__visitor__tells_traits_and_matches() -> None:
    segment("viewers", VIEWED)
    visitor_id = visitor_with(view())
    set_traits(visitor_id, {"vip": True}, source="crm", now=NOW)
    judge_visitors([visitor_id], now=NOW)
    store = next(store for store in stores.registered() if store.name == "profiles")
    assert store.describe()
    assert [(row["kind"], row.get("name", row.get("key"))) for row in store.export(visitor_id)] == [
        ("trait", "vip"),
        ("match", "viewers"),
    ]
