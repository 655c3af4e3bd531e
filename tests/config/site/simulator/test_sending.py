"""The history of simulated visitors goes through the real doors, arrives whole, and may be cut off and sent again."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

import pytest
from django.db.models import Sum
from django.utils import timezone

from config.site.simulator.doors import Answer, Door, InProcess
from config.site.simulator.model import visitors
from config.site.simulator.models import SimulatedRun, SimulatedVisitor
from config.site.simulator.people import Visitor
from config.site.simulator.sending import NotTaken, Tally, begin_history, history_tally, send_history
from config.site.simulator.shop import read_shop
from consent.purposes import codes_of
from personalization.profiles.models import Profile
from tracking.models import RefusedEvents, StoredEvent
from tracking.models import Visitor as StoredVisitor

pytestmark = pytest.mark.django_db

SEED = 11
SHOP = read_shop()
KINDS: dict[str, Callable[[Visitor], bool]] = {
    "a bot": lambda one: one.is_bot,
    "never answers": lambda one: one.choices is None and not one.is_bot,
    "refuses": lambda one: one.choices is not None and not one.sends_in(0),
    "agrees to analytics only": lambda one: one.kept_purposes == {"analytics"} and one.change is None,
    "takes everything back": lambda one: one.change is not None and not one.kept_purposes,
    "takes personalization back": lambda one: one.change is not None and bool(one.kept_purposes),
    "sends more than a batch": lambda one: sent_by(one) > 100 and bool(one.kept_purposes),
}


class Unwilling:
    """A door that stops working after some requests, or asks to come again later before it opens."""

    def __init__(self, behind: Door, *, works_for: int = 10**9, later: int = 0, status: int = 503) -> None:
        self.origin = behind.origin
        self.behind = behind
        self.works_for = works_for
        self.later = later
        self.status = status

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes, address: str) -> Answer:
        if self.later:
            self.later -= 1
            return Answer(self.status, (("retry-after", "7"),), b"{}")
        if not self.works_for:
            raise KeyboardInterrupt
        self.works_for -= 1
        return self.behind.send(method, path, headers, body, address)


def door() -> Door:
    return InProcess("http://127.0.0.1:8000")


@cache
def cast(until: datetime) -> tuple[Visitor, ...]:
    """The first thirty visitors, and the first of each kind."""
    drawn = list(visitors(2000, seed=SEED, until=until, shop=SHOP))
    chosen = {one.number: one for one in drawn[:30]}
    for is_of_kind in KINDS.values():
        first = next(one for one in drawn if is_of_kind(one))
        chosen[first.number] = first
    return tuple(chosen.values())


def people(run: SimulatedRun) -> tuple[Visitor, ...]:
    return cast(run.until)


def send(run: SimulatedRun, through: Door | None = None) -> Tally:
    return send_history(run, [one.number for one in people(run)], shop=SHOP, door=through or door())


def new_history(visitors: int = 2000) -> SimulatedRun:
    return begin_history(seed=SEED, visitors=visitors, now=timezone.now())


def stored() -> dict[UUID, tuple[str, frozenset[str]]]:
    """What lies in the database: event id → name and purposes."""
    rows = StoredEvent.objects.values_list("id", "name", "purposes")
    return {event_id: (name, codes_of(purposes)) for event_id, name, purposes in rows}


def expected(run: SimulatedRun) -> dict[UUID, tuple[str, frozenset[str]]]:
    """What has to lie there by the model alone: what was sent, under the purposes that were not taken back."""
    return {
        event.id: (
            event.name,
            one.kept_purposes & {purpose for purpose, granted in one.choices_in(index).items() if granted},
        )
        for one in people(run)
        if one.kept_purposes
        for index, visit in enumerate(one.visits)
        for event in visit.events
    }


def sent_by(one: Visitor) -> int:
    return sum(len(visit.events) for index, visit in enumerate(one.visits) if one.sends_in(index))


def requests_of(one: Visitor) -> int:
    """How many requests a visitor makes in one go: choices, and batches before and after the second one."""
    turn = one.change[0] if one.change else len(one.visits)
    parts = [range(turn), range(turn, len(one.visits))]
    sent = [sum(len(one.visits[index].events) for index in part if one.sends_in(index)) for part in parts]
    return (one.choices is not None) + (one.change is not None) + sum(math.ceil(events / 100) for events in sent)


def refused() -> dict[str, int]:
    return {row["reason"]: row["n"] for row in RefusedEvents.objects.values("reason").annotate(n=Sum("count"))}


def test_history__sent__is_stored_exactly_as_the_model_says() -> None:
    run = new_history()
    tally = send(run)
    bots = sum(sent_by(one) for one in people(run) if one.is_bot)
    everything = sum(map(sent_by, people(run)))
    assert tally == Tally(len(people(run)), everything, everything - bots, Counter({"bot": bots}))
    assert stored() == expected(run)
    assert refused() == {"bot": bots}
    assert history_tally(run) == tally


def test_history__sent__keeps_times_pages_and_properties() -> None:
    run = new_history()
    send(run)
    one = next(one for one in people(run) if one.kept_purposes and not one.change and one.visits[0].campaign)
    rows = {row.id: row for row in StoredEvent.objects.all()}
    for visit in one.visits:
        for event in visit.events:
            row = rows[event.id]
            assert row.occurred_at == event.occurred_at
            assert row.url == f"http://127.0.0.1:8000{event.path}"
            assert row.properties == dict(event.properties)
            assert row.device == one.device
            assert row.received_at >= run.until


def test_history__visitors_that_remain__are_those_who_agreed() -> None:
    run = new_history()
    send(run)
    agreed = {one.number for one in people(run) if one.kept_purposes}
    rows = SimulatedVisitor.objects.filter(visitor_id__isnull=False)
    assert {row.number for row in rows} == agreed
    assert {row.visitor_id for row in rows} == set(StoredVisitor.objects.values_list("id", flat=True))
    tailored = {one.number for one in people(run) if "personalization" in one.kept_purposes}
    profiles = set(Profile.objects.values_list("visitor_id", flat=True))
    assert {row.number for row in rows if row.visitor_id in profiles} == tailored


def test_history__each_visitor__comes_from_an_address_of_their_own() -> None:
    asked: dict[str, int] = Counter()

    class Watched(Unwilling):
        def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes, address: str) -> Answer:
            asked[address] += 1
            return super().send(method, path, headers, body, address)

    run = new_history()
    send(run, Watched(door()))
    assert len(asked) == sum(one.is_bot or one.choices is not None for one in people(run))


@pytest.mark.once
def test_history__sent_again__adds_nothing() -> None:
    run = new_history()
    send(run)
    before, counted = stored(), refused()
    again = begin_history(seed=SEED, visitors=2000, now=timezone.now() + timedelta(days=1))
    assert again == run
    assert send(again) == Tally()
    assert stored() == before
    assert refused() == counted
    assert StoredVisitor.objects.count() == sum(bool(one.kept_purposes) for one in people(run))


@pytest.mark.once
@pytest.mark.parametrize("part", [0.05, 0.3, 0.5, 0.7, 0.9, 1.0])
def test_history__cut_off_and_continued__is_the_same_as_in_one_go(part: float) -> None:
    run = new_history()
    requests = sum(map(requests_of, people(run)))
    with pytest.raises(KeyboardInterrupt):
        send(run, Unwilling(door(), works_for=int(part * (requests - 1))))
    send(run)
    assert stored() == expected(run)
    assert history_tally(run).visitors == len(people(run))
    everything = sum(map(sent_by, people(run)))
    assert history_tally(run).sent == everything
    assert refused() == dict(history_tally(run).rejected)
    assert StoredVisitor.objects.count() == sum(bool(one.kept_purposes) for one in people(run))


@pytest.mark.once
def test_history__more_visitors_later__adds_the_new_ones() -> None:
    run = new_history(20)
    send_history(run, range(20), shop=SHOP, door=door())
    grown = new_history()
    assert (grown.pk, grown.until, grown.visitors) == (run.pk, run.until, 2000)
    assert send(grown).visitors == len(people(run)) - 20
    assert stored() == expected(run)


@pytest.mark.parametrize("status", [429, 503])
def test_history__asked_to_come_later__waits_so_long_and_loses_nothing(status: int) -> None:
    waits: list[float] = []
    run = new_history()
    numbers = [one.number for one in people(run)]
    unwilling = Unwilling(door(), later=3, status=status)
    tally = send_history(run, numbers, shop=SHOP, door=unwilling, pause=waits.append)
    assert waits == [7.0, 7.0, 7.0]
    assert tally.waited == 3
    assert stored() == expected(run)


def test_history__gently__leaves_as_much_time_as_it_takes() -> None:
    waits: list[float] = []
    run = new_history()
    send_history(run, range(5), shop=SHOP, door=door(), pause=waits.append, rest=1.0)
    assert waits
    assert all(seconds > 0 for seconds in waits)


def test_history__site_that_refuses__fails_with_its_words() -> None:
    run = new_history()
    with pytest.raises(NotTaken, match="answered with 500"):
        send(run, Unwilling(door(), later=1, status=500))
