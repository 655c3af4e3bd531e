"""Simulated visitors at a running shop: they open its real pages over HTTP and send what the tracker script would.

Each follows one visit of the model, thinking faster than people do. What is on the pages is theirs to see: which blocks
were shown, and which variant. The forms are the shop's own, so orders come about as they do for everybody.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any, Final
from urllib.parse import urlencode

import uuid_utils.compat
from django.db import close_old_connections
from django.urls import reverse
from django.utils import timezone

from config.site.simulator.doors import Answer, Browser, Door
from config.site.simulator.model import next_visit, visitor
from config.site.simulator.models import SimulatedRun, SimulatedVisitor
from config.site.simulator.pages import SeenPage
from config.site.simulator.people import Step, Visit, Visitor
from config.site.simulator.sending import RESULTS, visitor_in
from config.site.simulator.shop import Shop

log = logging.getLogger(__name__)

GUESTS: Final = 4
"""So many are in the shop at once."""
FASTER: Final = 8.0
"""So many times faster than people they think."""
SHORTEST: Final = 0.5
RETURNING: Final = 0.5
"""How many of them have been there before."""
CLICKS: Final = 0.15
"""Chance that a block with a link is clicked."""
POSTS_PER_MINUTE: Final = 200
"""All of them come from one address, which they share with whoever watches: a third of what the collector allows it."""
CUSTOMER: Final = {
    "name": "Simulated Visitor",
    "email": "simulated@larkmoor.example",
    "street": "1 Nowhere Lane",
    "postcode": "NW0 0AA",
    "city": "Nowhere",
    "country": "GB",
}

Sleep = Callable[[float], None]


class Pace:
    """Lets no more through than so many a minute, whoever asks."""

    def __init__(self, per_minute: float, *, clock: Callable[[], float] = time.monotonic, sleep: Sleep = time.sleep):
        self._gap = 60 / per_minute
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Return when it is one's turn."""
        with self._lock:
            turn = max(self._clock(), self._next)
            self._next = turn + self._gap
        self._sleep(max(0.0, turn - self._clock()))


class Traffic:
    """The visitors of one run, by and by; any number of threads may have one in at a time."""

    def __init__(
        self, run: SimulatedRun, *, shop: Shop, door: Door, rng: Random, pace: Pace, sleep: Sleep = time.sleep
    ) -> None:
        self.run = run
        self.shop = shop
        self.door = door
        self.rng = rng
        self.pace = pace
        self.sleep = sleep
        self._lock = threading.Lock()

    def go_on(self) -> None:
        """One after the other, for as long as the process lives."""
        while True:
            try:
                self.one_visit()
            except OSError as error:  # the shop is being restarted
                log.warning("The shop does not answer: %s", error)
                self.sleep(2.0)
            finally:
                close_old_connections()

    def one_visit(self) -> None:
        """Somebody comes, new or known from before, looks around and goes."""
        with self._lock:
            known = self._known() if self.rng.random() < RETURNING else None
            row = known or self._new_row()
        run = row.run
        one = visitor(row.number, seed=run.seed, until=run.until, shop=self.shop)
        visit = next_visit(one, seed=run.seed, at=timezone.now(), shop=self.shop) if known else one.visits[0]
        _Guest(self, one, visit, row).walk()

    def _known(self) -> SimulatedVisitor | None:
        """Somebody who was there before and has not taken everything back."""
        rows = SimulatedVisitor.objects.filter(visitor_id__isnull=False, finished_at__isnull=False)
        count = rows.count()
        if not count:
            return None
        return rows.select_related("run").order_by("pk")[self.rng.randrange(count) :].first()

    def _new_row(self) -> SimulatedVisitor:
        number = self.run.visitors
        self.run.visitors += 1
        self.run.save(update_fields=["visitors"])
        one = visitor(number, seed=self.run.seed, until=self.run.until, shop=self.shop)
        return SimulatedVisitor(run=self.run, number=number, intent=one.intent.name)


def begin_traffic(*, now: datetime) -> SimulatedRun:
    """A run of visitors who come from now on."""
    return SimulatedRun.objects.create(seed=int(now.timestamp()), live=True, until=now)


class _Guest:
    """One visitor in the shop."""

    def __init__(self, traffic: Traffic, one: Visitor, visit: Visit, row: SimulatedVisitor) -> None:
        self.traffic = traffic
        self.one = one
        self.visit = visit
        self.row = row
        self.browser = Browser(
            traffic.door, user_agent=one.user_agent, language=one.language, cookies=dict(row.cookies)
        )
        self.address = ""
        self.came_from = visit.referrer
        self.page = SeenPage("")

    def walk(self) -> None:
        """The whole visit."""
        if not self.row.cookies and self.one.choices is not None:
            self._choose()
        for number, step in enumerate(self.visit.steps):
            if step.kind == "thanks":
                continue  # the purchase has led there
            path = step.path
            if number == 0 and (campaign := self.visit.campaign):
                said = {"utm_source": campaign.source, "utm_medium": campaign.medium, "utm_campaign": campaign.name}
                path += ("&" if "?" in path else "?") + urlencode(said)
            if not self._stay(path, step):
                break
        if self.row.finished_at is None:  # what somebody of the history did is counted; this comes after it
            self.row.finished_at = timezone.now()
            self.row.save(update_fields=RESULTS if self.row.pk else None)

    def _choose(self) -> None:
        self.traffic.pace.wait()
        answer = self.browser.post_json(reverse("consent:choices"), {"choices": dict(self.one.choices or {})})
        if answer.status == 200 and (visitor_id := visitor_in(self.browser.cookies)):
            self.row.visitor_id = visitor_id
            self.row.cookies = {name: value for name, value in self.browser.cookies.items() if "attune" in name}
        self.row.save()  # before the first event: nobody simulated is taken for a real visitor

    def _stay(self, path: str, step: Step) -> bool:
        """Open a page, look at it, do there what is to be done; False when the visit has to end here."""
        if not self._open(path):
            return False
        self.traffic.sleep(max(SHORTEST, step.seconds / FASTER))
        events = [("block_view", {"block": b.key, "variant": b.variant}) for b in self.page.blocks if not b.is_empty]
        for action in step.actions:
            if action.name in ("scroll", "user_engagement"):  # all else is the shop's to tell
                events.append((action.name, dict(action.properties)))
        clicked = next((b for b in self.page.blocks if b.link.startswith("/") and self._chance() < CLICKS), None)
        if clicked is not None:
            link = f"{self.traffic.door.origin}{clicked.link.partition('?')[0]}"
            events.append(("block_click", {"block": clicked.key, "variant": clicked.variant, "link_url": link}))
        self._send(events)
        done = {action.name for action in step.actions}
        if "add_to_cart" in done and self.page.buy:
            sizes = self.page.sizes
            self._post(self.page.buy, {"size": sizes[len(sizes) // 2]} if sizes else {})
        if "purchase" in done:
            prefix = "/de" if self.one.language == "de" else ""
            self._post(path, CUSTOMER)
            self._open(f"{prefix}/checkout/thanks/")
        if clicked is not None:
            return self._open(clicked.link)
        return True

    def _open(self, path: str) -> bool:
        """Open a page and send that it was looked at; False when it is not there."""
        if self.address:
            self.came_from = self.address
        answer = self.browser.get(path)
        if answer.status != 200:
            log.warning("%s answers %d.", path, answer.status)
            return False
        self.address = f"{self.traffic.door.origin}{path}"
        self.page = SeenPage(answer.body.decode(errors="replace"))
        viewed: list[tuple[str, dict[str, Any]]] = [("page_view", {})]
        if len(self.page.items) == 1:
            item = self.page.items[0]
            said: dict[str, Any] = {f"item_{name}": value for name, value in item.items() if name != "price"}
            if "price" in item:
                said["price"] = float(item["price"])
            viewed.append(("view_item", said))
        self._send(viewed)
        return True

    def _send(self, events: list[tuple[str, dict[str, Any]]]) -> None:
        """Send what the tracker script would send, if the visitor agreed. Bots do not ask."""
        if not (self.one.is_bot or self.row.visitor_id) or not events:
            return
        page = {"url": self.address, "title": self.page.title, "referrer": self.came_from}
        now = timezone.now().isoformat()
        batch = [
            {
                "id": str(uuid_utils.compat.uuid7()),
                "name": name,
                "occurred_at": now,
                "page": page,
                "properties": properties,
            }
            for name, properties in events
        ]
        self.traffic.pace.wait()
        answer = self.browser.post_json(reverse("tracking:collect"), {"sent_at": now, "events": batch})
        self._count(len(batch), answer)

    def _count(self, sent: int, answer: Answer) -> None:
        self.row.sent += sent
        if answer.status in (202, 403):
            said = answer.json()
            self.row.stored += said.get("accepted", 0) + said.get("duplicates", 0)
            for rejected in said.get("rejected", ()):
                reason = rejected["reason"]
                self.row.rejected[reason] = self.row.rejected.get(reason, 0) + 1
        else:
            log.warning("The collector answers %d.", answer.status)

    def _post(self, path: str, fields: dict[str, str]) -> None:
        fields = fields | {"csrfmiddlewaretoken": self.page.token} if self.page.token else fields
        answer = self.browser.post_form(path, urlencode(fields).encode())
        if answer.status != 303:
            log.warning("The form of %s is answered with %d.", path, answer.status)

    def _chance(self) -> float:
        with self.traffic._lock:
            return self.traffic.rng.random()
