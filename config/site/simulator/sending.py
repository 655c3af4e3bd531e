"""Sends the history of simulated visitors through the shop's own doors, so that nothing of it is written by hand.

Consent is given at `POST /consent/` and events arrive at `POST /collect/`, with the times at which they are meant to
have happened. The server decides everything: who gets an id, what is stored, what is refused. Events carry ids that
follow from seed and visitor, so sending them again adds nothing, and a history that was cut off goes on.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils import timezone

from config.site.simulator.blocks import NOWHERE, Places, looked_at
from config.site.simulator.doors import Answer, Browser, Door
from config.site.simulator.model import visitor
from config.site.simulator.models import SimulatedRun, SimulatedVisitor
from config.site.simulator.people import Event, Visitor
from config.site.simulator.shop import Shop
from consent import cookies as consent_cookies
from tracking.conf import settings

AT_ONCE: Final = 25
"""So many visitors' rows are written together."""
RESULTS: Final = ["sent", "stored", "rejected", "finished_at"]
PATIENCE: Final = 600.0
"""Seconds for which a site that answers "later" is asked again."""

Pause = Callable[[float], None]
Looks = Callable[[Visitor, int], Iterable[Event]]
"""What somebody sees of blocks in the visit of that index."""


class NotTaken(Exception):
    """The site does not take what simulated visitors send; the message says what it answered."""


@dataclass
class Tally:
    """What was sent, and what became of it."""

    visitors: int = 0
    sent: int = 0
    stored: int = 0
    """Taken by the collector, now or in a part that was cut off."""
    rejected: Counter[str] = field(default_factory=Counter)
    waited: int = 0
    """How often the site asked to come again later."""


def begin_history(*, seed: int, visitors: int, now: datetime) -> SimulatedRun:
    """The history of that seed with at least so many visitors: a new one that ends now, or the one that is there."""
    until = now.replace(second=0, microsecond=0)
    run, _ = SimulatedRun.objects.get_or_create(seed=seed, live=False, defaults={"until": until, "visitors": visitors})
    if run.visitors < visitors:
        run.visitors = visitors
        run.save(update_fields=["visitors"])
    return run


def send_history(
    run: SimulatedRun,
    numbers: Sequence[int],
    *,
    shop: Shop,
    door: Door,
    places: Places | None = None,
    pause: Pause = time.sleep,
    rest: float = 0.0,
    progress: Callable[[int], object] | None = None,
) -> Tally:
    """Have the visitors with these numbers do all that they did, except those who are done already.

    `places` are the blocks and calls to action that they saw; without, they saw none.
    `rest` is for how long to leave the site alone after each request, as a multiple of the time that it took.
    `progress` is told the number of visitors that each step has finished. Raises NotTaken.
    """
    tally = Tally()
    sender = _Sender(door, tally, pause, rest)
    looks = partial(looked_at, seed=run.seed, places=places or NOWHERE, origin=door.origin)
    for start in range(0, len(numbers), AT_ONCE):
        chunk = numbers[start : start + AT_ONCE]
        rows = {row.number: row for row in run.people.filter(number__in=chunk)}
        waiting = [number for number in chunk if number not in rows or rows[number].finished_at is None]
        people = [visitor(number, seed=run.seed, until=run.until, shop=shop) for number in waiting]
        journeys = [_Journey(one, rows.get(one.number) or _new_row(run, one), sender, looks) for one in people]
        for journey in journeys:
            journey.agree()
        SimulatedVisitor.objects.bulk_create([one.row for one in journeys if one.row.pk is None])
        for journey in journeys:
            journey.act()
            journey.row.finished_at = timezone.now()
            if journey.one.is_bot:  # what is refused is counted each time that it is sent
                journey.note()
        SimulatedVisitor.objects.bulk_update([journey.row for journey in journeys], RESULTS)
        tally.visitors += len(journeys)
        if progress is not None:
            progress(len(chunk))
    return tally


def history_tally(run: SimulatedRun) -> Tally:
    """What became of all that this history has sent so far, parts that were cut off included."""
    done = run.people.filter(finished_at__isnull=False)
    sums = done.aggregate(visitors=Count("id"), sent=Sum("sent"), stored=Sum("stored"))
    rejected: Counter[str] = Counter()
    for reasons in done.exclude(rejected={}).values_list("rejected", flat=True):
        rejected.update(reasons)
    return Tally(sums["visitors"], sums["sent"] or 0, sums["stored"] or 0, rejected)


def address_of(number: int) -> str:
    """Each simulated visitor's own address, from the block that is set apart for tests (RFC 2544).

    >>> address_of(0), address_of(300)
    ('198.18.0.0', '198.18.1.44')
    """
    number %= 1 << 17
    return f"198.{18 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"


def visitor_in(cookies: Mapping[str, str]) -> UUID | None:
    """Whom the server's cookies name."""
    value = next((value for name, value in cookies.items() if name.endswith(consent_cookies.VISITOR)), "")
    return consent_cookies.decode_visitor(value) if value else None


def _new_row(run: SimulatedRun, one: Visitor) -> SimulatedVisitor:
    return SimulatedVisitor(run=run, number=one.number, intent=one.intent.name)


class _Sender:
    """Posts, waits where the site asks for it, and counts."""

    def __init__(self, door: Door, tally: Tally, pause: Pause, rest: float) -> None:
        self.door = door
        self.tally = tally
        self.pause = pause
        self.rest = rest
        self.consent_path = reverse("consent:choices")
        self.collect_path = reverse("tracking:collect")

    def post(self, browser: Browser, path: str, content: object) -> Answer:
        """What the site answers in the end."""
        waited = 0.0
        while True:
            began = time.monotonic()
            answer = browser.post_json(path, content)
            if self.rest:
                self.pause(self.rest * (time.monotonic() - began))
            if answer.status not in (429, 503) or waited > PATIENCE:
                return answer
            seconds = float(answer.header("retry-after") or 1)
            self.pause(seconds)
            waited += seconds
            self.tally.waited += 1


class _Journey:
    """One visitor's way through the doors, noted in the visitor's row."""

    def __init__(self, one: Visitor, row: SimulatedVisitor, sender: _Sender, looks: Looks) -> None:
        self.one = one
        self.looks = looks
        self.row = row
        self.sender = sender
        self.browser = Browser(
            sender.door,
            user_agent=one.user_agent,
            language=one.language,
            address=address_of(one.number),
            cookies=row.cookies,
        )
        row.sent, row.stored, row.rejected = 0, 0, {}

    def agree(self) -> None:
        """Answer the banner, unless that was done before the history was cut off. No event has been sent yet."""
        if self.one.choices is not None and not self.row.cookies:
            self._choose(self.one.choices)
            if self.row.pk is not None:
                self.row.save(update_fields=["visitor_id", "cookies"])

    def note(self) -> None:
        """Write down what came of it."""
        self.row.save(update_fields=RESULTS)

    def act(self) -> None:
        """Send everything, in the order in which it happened."""
        one = self.one
        turn = len(one.visits) if one.change is None else one.change[0]
        if one.sends_in(0):
            self._send(0, turn)
        if one.change is not None:
            self._choose(one.change[1])
            self.row.save(update_fields=["visitor_id", "cookies"])
            if one.sends_in(turn):
                self._send(turn, len(one.visits))

    def _send(self, first: int, last: int) -> None:
        """Send what was done from visit `first` to before visit `last`."""
        events = [
            event
            for number in range(first, last)
            for event in sorted(
                (*self.one.visits[number].events, *self.looks(self.one, number)), key=lambda event: event.occurred_at
            )
        ]
        for batch in in_batches(events, origin=self.sender.door.origin):
            answer = self._collected(batch)
            if self._lacks_consent(answer):
                # Cut off between a new choice and the note of its cookies, or erased by somebody meanwhile.
                self.browser.cookies.clear()
                self._choose(self.one.choices_in(first))
                self.row.save(update_fields=["visitor_id", "cookies"])
                answer = self._collected(batch)
            self._count(len(batch), answer)

    def _collected(self, batch: list[dict[str, Any]]) -> dict[str, Any]:
        answer = self.sender.post(self.browser, self.sender.collect_path, {"events": batch})
        if answer.status not in (202, 403):
            raise NotTaken(f"The collector answers {answer.status}: {answer.body[:300].decode(errors='replace')}")
        return answer.json()

    def _lacks_consent(self, answer: Mapping[str, Any]) -> bool:
        return any(rejected["reason"] == "consent" for rejected in answer.get("rejected", ()))

    def _count(self, sent: int, answer: Mapping[str, Any]) -> None:
        if "accepted" not in answer:
            raise NotTaken(f"The collector does not take a batch: {answer.get('error', answer)}")
        stored = answer["accepted"] + answer["duplicates"]
        reasons = Counter(rejected["reason"] for rejected in answer["rejected"])
        if stored + reasons.total() != sent:
            raise NotTaken(f"The collector says nothing about {sent - stored - reasons.total()} of {sent} events.")
        self.row.sent += sent
        self.row.stored += stored
        self.row.rejected = dict(Counter(self.row.rejected) + reasons)
        self.sender.tally.sent += sent
        self.sender.tally.stored += stored
        self.sender.tally.rejected += reasons

    def _choose(self, choices: Mapping[str, bool]) -> None:
        answer = self.sender.post(self.browser, self.sender.consent_path, {"choices": dict(choices)})
        if answer.status != 200:
            raise NotTaken(f"A choice is answered with {answer.status}: {answer.body[:300].decode(errors='replace')}")
        self.row.visitor_id = visitor_in(self.browser.cookies)
        self.row.cookies = dict(self.browser.cookies) if self.row.visitor_id else {}


def in_batches(events: Sequence[Event], *, origin: str) -> Iterator[list[dict[str, Any]]]:
    """The events as the collector takes them, as many at once as it allows."""
    size = settings.MAX_BATCH_EVENTS
    for start in range(0, len(events), size):
        yield [event.to_wire(origin) for event in events[start : start + size]]
