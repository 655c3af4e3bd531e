"""What a simulated visitor is and does: somebody, their visits, the pages of those, and what is sent of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from config.site.simulator.figures import BOT, Campaign, Intent
from config.site.simulator.shop import Item


class Action(NamedTuple):
    """Something that is done on a page, so many seconds after it was opened."""

    name: str
    after: float
    properties: Mapping[str, Any]


class Step(NamedTuple):
    """A page of a visit: its kind, what it is about, how long somebody stays, and what they do there."""

    kind: str
    path: str
    title: str
    seconds: float
    item: Item | None
    actions: tuple[Action, ...]


class Event(NamedTuple):
    """An event as it is sent; `path` and `referrer` are addresses within the shop where they begin with a slash."""

    id: UUID
    name: str
    occurred_at: datetime
    path: str
    title: str
    referrer: str
    properties: Mapping[str, Any]

    def to_wire(self, origin: str) -> dict[str, Any]:
        """The event as the collector takes it, from a shop at `origin` (no slash at its end)."""
        referrer = f"{origin}{self.referrer}" if self.referrer.startswith("/") else self.referrer
        return {
            "id": str(self.id),
            "name": self.name,
            "occurred_at": self.occurred_at.isoformat(timespec="milliseconds"),
            "page": {"url": f"{origin}{self.path}", "title": self.title, "referrer": referrer},
            "properties": dict(self.properties),
        }


class Visit(NamedTuple):
    """One visit: when it begins, what brought the visitor, what they do, and how likely they were to buy."""

    start: datetime
    campaign: Campaign | None
    referrer: str
    features: Mapping[str, float]
    """What counts for the purchase, named as in `figures.COEFFICIENTS`."""
    purchase_probability: float
    """The truth: the chance with which this visit was to end in a purchase."""
    buys: bool
    steps: tuple[Step, ...]
    events: tuple[Event, ...]

    @property
    def end(self) -> datetime:
        """When the visitor leaves the last page."""
        return self.events[-1].occurred_at


class Visitor(NamedTuple):
    """Somebody: why they come, what they use and like, what they answer to the banner, and all of their visits."""

    number: int
    intent: Intent
    device: str
    user_agent: str
    language: str
    category: str
    topic: str
    choices: Mapping[str, bool] | None
    """The answer to the banner; None for who never answers it, and for bots, which are not asked."""
    change: tuple[int, Mapping[str, bool]] | None
    """From which visit on (its index) another choice holds, made before it."""
    visits: tuple[Visit, ...]

    @property
    def is_bot(self) -> bool:
        """Whether this is a crawler that says so."""
        return self.intent.name == BOT

    def choices_in(self, visit: int) -> Mapping[str, bool]:
        """What the visitor has agreed to in the visit of that index."""
        if self.change is not None and visit >= self.change[0]:
            return self.change[1]
        return self.choices or {}

    def sends_in(self, visit: int) -> bool:
        """Whether a browser sends events in the visit of that index. Bots send without having asked."""
        return self.is_bot or any(self.choices_in(visit).values())

    @property
    def kept_purposes(self) -> frozenset[str]:
        """The purposes that hold when all is done; with none, nothing is left of the visitor."""
        if self.is_bot:
            return frozenset()
        return frozenset(purpose for purpose, granted in self.choices_in(len(self.visits)).items() if granted)
