"""Judging what is stored: since and until, what is due, signals, and races with recording and erasing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.dispatch import Signal
from django.test.utils import CaptureQueriesContext

from consent.purposes import ANALYTICS, PERSONALIZATION
from consent.stores import erase_everywhere
from personalization.profiles.models import Profile, Trait, Verdict
from personalization.profiles.services import set_traits
from personalization.segments import services, storing
from personalization.segments.judging import judge_scored
from personalization.segments.models import Recomputation, Segment
from personalization.segments.signals import membership_changed, profile_changed
from tests.personalization.segments.people import (
    LEFT_CART,
    NOW,
    VIEWED,
    VIEWED_THREE,
    record,
    segment,
    view,
    visitor_with,
)
from tracking.models import Visitor


def verdict(visitor_id: UUID, key: str) -> Verdict | None:
    return Verdict.objects.filter(visitor_id=visitor_id, key=key).first()


@pytest.fixture
def heard() -> Iterator[Callable[[Signal], list[dict[str, Any]]]]:
    connected: list[tuple[Signal, Callable[..., None]]] = []

    def listen(signal: Signal) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = []

        def receive(**kwargs: Any) -> None:
            calls.append(kwargs)

        signal.connect(receive, weak=False)
        connected.append((signal, receive))
        return calls

    yield listen
    for signal, receive in connected:
        signal.disconnect(receive)


@pytest.mark.django_db
def test_judge_visitors__visitor_due__stores_verdicts_and_the_next_due_time() -> None:
    segment("left", LEFT_CART)
    segment("viewers", VIEWED)
    segment("never", {"event": "purchase"})
    visitor_id = visitor_with(view(), view(5, name="add_to_cart"))
    assert services.judge_visitors([visitor_id], now=NOW) == 1
    profile = Profile.objects.get(visitor_id=visitor_id)
    assert profile.due_at == NOW + timedelta(minutes=10)
    assert profile.claimed_until is None
    stored = {row.key: (row.matches, row.since, row.until) for row in Verdict.objects.all()}
    assert stored == {"viewers": (True, NOW, None), "left": (False, NOW, NOW + timedelta(minutes=10))}
    assert services.judge_visitors([visitor_id], now=NOW) == 0


@pytest.mark.django_db
def test_judge_visitors__truth_unchanged__keeps_since() -> None:
    segment("viewers", VIEWED)
    segment("three", VIEWED_THREE)
    visitor_id = visitor_with(view(1))
    services.judge_visitors([visitor_id], now=NOW)
    record(visitor_id, view(), view())
    later = NOW + timedelta(minutes=1)
    services.judge_visitors([visitor_id], now=later)
    assert {row.key: row.since for row in Verdict.objects.all()} == {"viewers": NOW, "three": later}


@pytest.mark.django_db
def test_judge_visitors__no_longer_and_never_again__removes_the_row() -> None:
    segment("not-buyers", {"not": {"event": "purchase"}})
    visitor_id = visitor_with(view())
    services.judge_visitors([visitor_id], now=NOW)
    assert verdict(visitor_id, "not-buyers")
    record(visitor_id, view(name="purchase"))
    services.judge_visitors([visitor_id], now=NOW)
    assert verdict(visitor_id, "not-buyers") is None


@pytest.mark.django_db
def test_recompute_due__instant_of_change__is_judged_then_and_not_before() -> None:
    segment("left", LEFT_CART)
    visitor_id = visitor_with(view(5, name="add_to_cart"))
    assert services.recompute_due(now=NOW) == 1
    then = NOW + timedelta(minutes=10)
    assert services.recompute_due(now=then - timedelta(microseconds=1)) == 0
    assert services.recompute_due(now=then) == 1
    row = verdict(visitor_id, "left")
    assert row is not None
    assert (row.matches, row.since) == (True, then)


@pytest.mark.django_db
def test_recompute_due__limit__takes_the_rest_the_next_time() -> None:
    for _ in range(5):
        visitor_with(view())
    assert services.recompute_due(now=NOW, limit=3) == 3
    assert services.recompute_due(now=NOW, limit=3) == 2


@pytest.mark.django_db
def test_claim__claimed_by_another_worker__is_passed_over_until_the_claim_ends() -> None:
    visitor_id = visitor_with(view())
    assert len(storing.claim(NOW, limit=10)) == 1
    assert storing.claim(NOW, limit=10) == []
    assert services.judge_visitors([visitor_id], now=NOW) == 0
    assert services.judge_visitors([visitor_id], now=NOW + storing.CLAIM_LASTS) == 1


@pytest.mark.django_db
def test_judge_claimed__taken_by_another_meanwhile__stores_nothing() -> None:
    segment("viewers", VIEWED)
    visitor_id = visitor_with(view())
    mine = storing.claim(NOW, limit=10)
    theirs = storing.claim(NOW, limit=10, visitor_ids=[visitor_id], everyone=True)
    assert storing.judge_claimed(mine, NOW) == frozenset()
    assert storing.judge_claimed(theirs, NOW) == {visitor_id}


@pytest.mark.django_db
def test_judge_visitors__event_recorded_while_judging__judges_again(monkeypatch: pytest.MonkeyPatch) -> None:
    segment("three", VIEWED_THREE)
    visitor_id = visitor_with(view(1), view(2))
    calls: list[int] = []

    def judge_slowly(*args: Any) -> Any:
        verdicts = judge_scored(*args)
        if not calls:
            record(visitor_id, view())
        calls.append(1)
        return verdicts

    monkeypatch.setattr(storing, "judge_scored", judge_slowly)
    assert services.judge_visitors([visitor_id], now=NOW) == 1
    assert len(calls) == 2
    row = verdict(visitor_id, "three")
    assert row is not None
    assert row.matches


@pytest.mark.django_db
def test_judge_visitors__erased_while_judging__writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    segment("viewers", VIEWED)
    visitor_id = visitor_with(view())

    def judge_slowly(*args: Any) -> Any:
        erase_everywhere(visitor_id, withdrawn=3, remaining=0)
        return judge_scored(*args)

    monkeypatch.setattr(storing, "judge_scored", judge_slowly)
    assert services.judge_visitors([visitor_id], now=NOW) == 0
    assert not Verdict.objects.exists()
    assert not Profile.objects.exists()
    assert not Visitor.objects.exists()


@pytest.mark.django_db
def test_judge_visitors__membership_moves__is_told_after_the_commit(
    heard: Callable[[Signal], list[dict[str, Any]]], django_capture_on_commit_callbacks: Any
) -> None:
    segment("viewers", VIEWED)
    segment("not-buyers", {"not": {"event": "purchase"}})
    moved, any_profile = heard(membership_changed), heard(profile_changed)
    visitor_id = visitor_with(view())
    with django_capture_on_commit_callbacks(execute=True):
        services.judge_visitors([visitor_id], now=NOW)
        assert moved == any_profile == []
    assert [(call["entered"], call["left"]) for call in moved] == [({"viewers", "not-buyers"}, frozenset())]
    assert len(any_profile) == 1
    record(visitor_id, view(name="purchase"))
    with django_capture_on_commit_callbacks(execute=True):
        services.judge_visitors([visitor_id], now=NOW)
    assert (moved[1]["entered"], moved[1]["left"]) == (frozenset(), {"not-buyers"})


@pytest.mark.django_db
def test_erase__personalization_withdrawn__takes_profile_verdicts_and_traits() -> None:
    segment("viewers", VIEWED)
    visitor_id, other_id = visitor_with(view()), visitor_with(view())
    for one in (visitor_id, other_id):
        set_traits(one, {"vip": True}, source="test", now=NOW)
    services.judge_visitors([visitor_id, other_id], now=NOW)
    erase_everywhere(visitor_id, withdrawn=PERSONALIZATION.bit, remaining=ANALYTICS.bit)
    for model in (Profile, Verdict, Trait):
        assert list(model._default_manager.values_list("visitor_id", flat=True)) == [other_id]
    services.recompute_now(now=NOW)
    assert not Profile.objects.filter(visitor_id=visitor_id).exists()


@pytest.mark.django_db
def test_recompute_now__everybody_who_agreed__is_judged_and_counted() -> None:
    viewer, quiet = visitor_with(view()), visitor_with(view(name="page_view"))
    visitor_with(view(), purposes=ANALYTICS.bit)
    Profile.objects.filter(visitor_id=quiet).delete()
    segment("viewers", VIEWED)
    segment("not-viewers", {"not": VIEWED})
    segment("now", {"request": "path", "is": "/"})
    segment("draft", VIEWED, status="draft")
    steps: list[int] = []
    assert services.recompute_now(now=NOW, progress=steps.append) == {"viewers": 1, "not-viewers": 1}
    assert sum(steps) == 2
    assert dict(Segment.objects.values_list("slug", "size")) == {
        "viewers": 1,
        "not-viewers": 1,
        "now": None,
        "draft": None,
    }
    assert set(Segment.objects.exclude(size=None).values_list("size_at", flat=True)) == {NOW}
    assert verdict(viewer, "viewers")
    assert verdict(quiet, "not-viewers")


@pytest.mark.django_db
def test_recompute_now__acts_while_being_judged__is_judged_again(monkeypatch: pytest.MonkeyPatch) -> None:
    segment("three", VIEWED_THREE)
    visitor_id, quiet = visitor_with(view(1), view(2)), visitor_with(view())
    calls: list[int] = []

    def judge_slowly(*args: Any) -> Any:
        verdicts = judge_scored(*args)
        if not calls:
            for one in (visitor_id, quiet):
                record(one, view())
        calls.append(1)
        return verdicts

    monkeypatch.setattr(storing, "judge_scored", judge_slowly)
    assert services.recompute_now(now=NOW) == {"three": 1}
    assert len(calls) >= 3
    row = verdict(visitor_id, "three")
    assert row is not None
    assert row.matches
    assert not Profile.objects.filter(due_at__lte=NOW).exists()


@pytest.mark.django_db
def test_recompute_now__erased_while_being_judged__writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    segment("viewers", VIEWED)
    visitor_id = visitor_with(view())

    def judge_slowly(*args: Any) -> Any:
        erase_everywhere(visitor_id, withdrawn=3, remaining=0)
        return judge_scored(*args)

    monkeypatch.setattr(storing, "judge_scored", judge_slowly)
    assert services.recompute_now(now=NOW) == {"viewers": 0}
    for model in (Profile, Verdict, Trait, Visitor):
        assert not model._default_manager.exists()


@pytest.mark.django_db
def test_recompute_now__a_worker_judges_by_older_rules__cannot_store_what_it_found() -> None:
    visitor_id = visitor_with(view())
    theirs = storing.claim(NOW, limit=10)
    also_theirs = storing.look_at([visitor_id])
    segment("viewers", VIEWED)
    services.recompute_now(now=NOW)
    assert storing.judge_claimed(theirs, NOW) == frozenset()
    current = Profile.objects.get()
    Segment.objects.all().delete()
    assert storing.judge_claimed(also_theirs, NOW) == frozenset()
    assert verdict(visitor_id, "viewers")
    assert Profile.objects.get() == current


@pytest.mark.django_db
def test_recompute_now__nothing_changed__writes_and_says_nothing(
    heard: Callable[[Signal], list[dict[str, Any]]], django_capture_on_commit_callbacks: Any
) -> None:
    segment("viewers", VIEWED)
    segment("left", LEFT_CART)
    for _ in range(3):
        visitor_with(view(), view(5, name="add_to_cart"))
    services.recompute_now(now=NOW)
    before = [list(model._default_manager.order_by("pk").values()) for model in (Profile, Verdict, Trait)]
    any_profile = heard(profile_changed)
    with CaptureQueriesContext(connection) as queries, django_capture_on_commit_callbacks(execute=True):
        services.recompute_now(now=NOW + timedelta(minutes=1))
    written = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert all("attune_segments_segment" in sql for sql in written), written
    assert any_profile == []
    assert before == [list(model._default_manager.order_by("pk").values()) for model in (Profile, Verdict, Trait)]


@pytest.mark.django_db
def test_recompute_now__one_rule_edited__changes_its_rows_alone() -> None:
    segment("viewers", VIEWED)
    edited = segment("a\\t", {"event": "view_item", "within": "1h"})
    segment("gone", {"not": {"event": "purchase"}})
    visitor_ids = [visitor_with(view(30), view(20)) for _ in range(3)]
    services.recompute_now(now=NOW)
    stay = list(Verdict.objects.filter(key="viewers").order_by("pk").values())
    Segment.objects.filter(slug="gone").delete()
    later = NOW + timedelta(minutes=1)
    edited.rule = {"event": "view_item", "within": "25m"}
    edited.save()
    assert services.recompute_now(now=later) == {"viewers": 3, "a\\t": 3}
    edited.rule = {"event": "view_item", "within": "25m", "at_least": 2}
    edited.save()
    assert list(Verdict.objects.filter(key="viewers").order_by("pk").values()) == stay
    rows = {(row.visitor_id, row.matches, row.since, row.until) for row in Verdict.objects.exclude(key="viewers")}
    until = NOW + timedelta(minutes=5)
    assert rows == {(visitor_id, True, NOW, until) for visitor_id in visitor_ids}
    assert services.recompute_now(now=later) == {"viewers": 3, "a\\t": 0}
    assert set(Verdict.objects.values_list("key", flat=True)) == {"viewers"}
    assert set(Profile.objects.values_list("due_at", flat=True)) == {None}


@pytest.mark.django_db
def test_start_recomputation__parts__cover_everybody_and_the_last_one_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "PART", 2)
    monkeypatch.setattr(services._chunks, "__defaults__", (2,))
    segment("viewers", VIEWED)
    for _ in range(5):
        visitor_with(view())
    recomputation, found = services.start_recomputation(now=NOW)
    parts = list(found)
    assert len(parts) == 3
    services.split_recomputation(recomputation.pk, parts=len(parts), now=NOW)
    for number, (first, last) in enumerate(parts, start=1):
        services.judge_everybody_between(first, last, now=NOW)
        services.finish_part(recomputation.pk, now=NOW)
        assert Segment.objects.get().size == (5 if number == 3 else None)
    assert Recomputation.objects.get().finished_at == NOW


@pytest.mark.django_db
def test_sizes_at__past_moment__knows_nothing_of_later_events_and_visitors() -> None:
    segment("viewers", VIEWED)
    segment("three", VIEWED_THREE)
    segment("not-buyers", {"not": {"event": "purchase"}})
    segment("now", {"request": "path", "is": "/"})
    visitor_with(view(10), view(9), view(1))
    visitor_with(view(10), view(1, name="purchase"))
    visitor_with(view(1))
    before = [list(model._default_manager.values()) for model in (Profile, Verdict, Segment)]
    then = NOW - timedelta(minutes=5)
    assert services.sizes_at(then) == {"viewers": 2, "three": 0, "not-buyers": 2}
    assert services.sizes_at(NOW) == {"viewers": 3, "three": 1, "not-buyers": 2}
    assert [list(model._default_manager.values()) for model in (Profile, Verdict, Segment)] == before
