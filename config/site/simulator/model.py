"""Simulated visitors: pure, and the same for the same seed. Each has chance of their own, so visitor 7 is visitor 7
whatever the number of visitors and whoever is drawn first.

What makes a visit end in a purchase is known: `Visit.purchase_probability` is a logistic function of the visit's
features and of the visitor's intent, and whether it does is drawn from it before the first page is opened. So whatever
is estimated from the events later can be held against the truth. The figures are those of figures.py.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from random import Random
from typing import Any, Final, TypeVar
from uuid import UUID

from config.site.simulator import figures
from config.site.simulator.figures import BOT, INTENTS, Campaign, Intent
from config.site.simulator.people import Action, Event, Step, Visit, Visitor
from config.site.simulator.shop import Item, Shop

DELIVERY: Final = 6.0
FREE_DELIVERY_FROM: Final = 80.0
CURRENCY: Final = "EUR"
CART_KEPT: Final = timedelta(days=14)
"""So long the shop remembers a cart."""

_DAY: Final = timedelta(days=1)
_T = TypeVar("_T")


def visitors(count: int, *, seed: int, until: datetime, shop: Shop, start: int = 0, step: int = 1) -> Iterator[Visitor]:
    """The visitors number `start`, `start + step` … below `count`, with all that they do before `until`."""
    for number in range(start, count, step):
        yield visitor(number, seed=seed, until=until, shop=shop)


def visitor(number: int, *, seed: int, until: datetime, shop: Shop) -> Visitor:
    """The visitor of that number, with all that they do before `until`.

    >>> from config.site.simulator.shop import read_shop
    >>> end = datetime(2026, 11, 20, tzinfo=UTC)
    >>> visitor(7, seed=1, until=end, shop=read_shop()) == visitor(7, seed=1, until=end, shop=read_shop())
    True
    """
    rng = Random(f"{seed}:{number}")  # noqa: S311  # chance of a simulation, guards nothing
    intent = _drawn(rng, [(one.share, one) for one in INTENTS])
    is_bot = intent.name == BOT
    device = "mobile" if rng.random() < figures.MOBILE else "tablet" if rng.random() < 0.12 else "desktop"
    user_agent = rng.choice(figures.USER_AGENTS[BOT if is_bot else device])
    language = "de" if rng.random() < figures.GERMAN else "en"
    category, topic = rng.choice(sorted(shop.categories)), rng.choice(sorted(shop.topics))
    choices = _drawn(rng, figures.CONSENT)
    withdraws, withdraws_all = rng.random() < figures.WITHDRAWS, rng.random() < 0.5
    person = _Person(rng, f"{seed}:{number}", intent, device, language, category, topic, shop, until)
    visits = tuple(person.visits())
    change = None
    if withdraws and choices and any(choices.values()) and len(visits) > 1:
        after = {**choices, "personalization": False}
        if withdraws_all or after == choices:
            after = dict.fromkeys(choices, False)
        change = rng.randrange(1, len(visits)), after
    if is_bot:
        choices = change = None
    return Visitor(number, intent, device, user_agent, language, category, topic, choices, change, visits)


def next_visit(one: Visitor, *, seed: int, at: datetime, shop: Shop) -> Visit:
    """One more visit, at `at`, of somebody who was there before; the same for the same moment."""
    rng = Random(f"{seed}:{one.number}:{at.isoformat()}")  # noqa: S311  # chance of a simulation, guards nothing
    name = f"{seed}:{one.number}:{at.timestamp():.0f}"
    person = _Person(rng, name, one.intent, one.device, one.language, one.category, one.topic, shop, at)
    person.bought_before = any(visit.buys for visit in one.visits)
    return person._visit(at, len(one.visits))


def purchase_probability(intent: Intent, features: Mapping[str, float]) -> float:
    """The chance that a visit of somebody with this intent ends in a purchase.

    >>> purchase_probability(INTENTS[2]._replace(base=0.5), {"mobile": 1.0})
    0.5
    """
    log_odds = intent.base + math.fsum(figures.COEFFICIENTS[name] * value for name, value in features.items())
    return 1 / (1 + math.exp(-log_odds))


def busyness(day: date) -> float:
    """How busy a day is, by its weekday and month: 1 is middling."""
    return figures.WEEKDAYS[day.weekday()] * figures.MONTHS[day.month - 1]


def arrivals(day: date, *, begin: date) -> float:
    """How many come for the first time on a day of a history that begins on the day `begin`: 1 is middling for that."""
    return busyness(day) * (1 + (figures.GROWTH - 1) * (day - begin).days / figures.HISTORY_DAYS)


class _Person:
    """Draws the visits of one visitor, in their order."""

    def __init__(
        self,
        rng: Random,
        name: str,
        intent: Intent,
        device: str,
        language: str,
        category: str,
        topic: str,
        shop: Shop,
        until: datetime,
    ) -> None:
        self.rng = rng
        self.name = name
        self.intent = intent
        self.device = device
        self.language = language
        self.category = category
        self.topic = topic
        self.shop = shop
        self.until = until
        self.last = until - timedelta(hours=figures.LONGEST_VISIT_HOURS)
        self.cart: list[Item] = []
        self.cart_at: datetime | None = None
        self.bought_before = False
        self.sent = 0

    def visits(self) -> Iterator[Visit]:
        """All visits before the end."""
        start = self._first_start()
        count = 0
        while start < self.last:
            visit = self._visit(start, count)
            yield visit
            count += 1
            if self.rng.random() >= self.intent.returns:
                return
            start = self._next_start(visit.end)

    def _first_start(self) -> datetime:
        begin = self.until - timedelta(days=figures.HISTORY_DAYS)
        end = self.until - timedelta(days=figures.HISTORY_DAYS / 2) if self.intent.gone else self.last
        weights = _cumulated_arrivals(begin.date(), (end.date() - begin.date()).days + 1)
        while True:
            index = bisect(weights, self.rng.random() * weights[-1])
            start = self._moment_of(begin.date() + index * _DAY)
            if begin <= start < end:
                return start

    def _next_start(self, after: datetime) -> datetime:
        """Some days later, on a day that busy ones are more likely to be; never within three hours."""
        earliest = after + timedelta(hours=3)
        day = (after + timedelta(days=self.rng.expovariate(1 / self.intent.gap))).date()
        while self.rng.random() > busyness(day) / _BUSIEST:
            day += _DAY
        start = self._moment_of(day)
        return start if start >= earliest else self._moment_of(day + _DAY) + timedelta(hours=3)

    def _moment_of(self, day: date) -> datetime:
        hour = _drawn(self.rng, _HOURS)
        milliseconds = self.rng.randrange(3_600_000)
        return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) + timedelta(milliseconds=milliseconds)

    def _visit(self, start: datetime, count: int) -> Visit:
        rng = self.rng
        if self.cart_at is not None and start - self.cart_at > CART_KEPT:
            self.cart, self.cart_at = [], None
        campaign = None
        if rng.random() < (self.intent.campaign if count == 0 else 0.25 * self.intent.campaign):
            campaign = rng.choice(figures.CAMPAIGNS)
        referrer = "" if campaign else _drawn(rng, figures.REFERRERS)
        features = {
            "bought_before": float(self.bought_before),
            "earlier_visits": math.log1p(count),
            "cart_left": float(bool(self.cart)),
            "campaign": float(campaign is not None),
            "mobile": float(self.device == "mobile"),
            "weekend": float(start.weekday() >= 5),
            "evening": float(18 <= start.hour < 22),
            "winter_is_coming": float(start.month in (11, 12)),
        }
        probability = purchase_probability(self.intent, features)
        buys = rng.random() < probability
        steps = tuple(self._steps(buys, transaction=f"SIM-{self.name.replace(':', '-')}-{count}"))
        events = tuple(self._events(start, steps, campaign, referrer))
        self.bought_before = self.bought_before or buys
        return Visit(start, campaign, referrer, features, probability, buys, steps, events)

    def _steps(self, buys: bool, *, transaction: str) -> Iterator[Step]:
        """A walk through the pages, and what becomes of the cart after it."""
        rng = self.rng
        fills_cart = buys or rng.random() < self.intent.cart
        checks_out = buys or (fills_cart and rng.random() < self.intent.checkout)
        pages = min(figures.MOST_PAGES, 1 + int(rng.expovariate(1 / max(0.1, self.intent.pages - 1))))
        seen: Item | None = None
        kind = ""
        for number in range(pages):
            kind = self._next_kind(kind)
            item = self._item_of(kind)
            # What goes into the cart is what is looked at last.
            if fills_cart and number == pages - 1 and kind != "product":
                kind, item = "product", self._item_of("product")
            seen = item if kind == "product" else seen
            adds = item if fills_cart and number == pages - 1 else None
            yield self._page(kind, item, adds)
        if not fills_cart or seen is None:
            return
        self.cart.append(seen)
        yield self._step("cart", "/cart/", (Action("view_cart", 0, self._cart_properties()),))
        if not checks_out:
            return
        begun = Action("begin_checkout", 0, self._cart_properties())
        if not buys:
            yield self._step("checkout", "/checkout/", (begun,))
            return
        value = math.fsum(item.price or 0 for item in self.cart)
        order = {
            "transaction_id": transaction,
            "shipping": DELIVERY if value < FREE_DELIVERY_FROM else 0.0,
            **self._cart_properties(),
        }
        # The order is placed on the checkout's own address, when it is left.
        yield self._step("checkout", "/checkout/", (begun, Action("purchase", 1, order)))
        self.cart = []
        yield self._step("thanks", "/checkout/thanks/")

    def _next_kind(self, kind: str) -> str:
        shops = self.rng.random() < self.intent.shopping
        if not kind:
            chances = figures.LANDING if shops else figures.LANDING_TO_READ
        else:
            chances = (figures.SHOPPING if shops else figures.READING)[kind]
        return _drawn(self.rng, [(chance, name) for name, chance in chances.items()])

    def _item_of(self, kind: str) -> Item | None:
        """What the next page of this kind is about."""
        groups = {"product": self.shop.categories, "article": self.shop.topics}.get(kind)
        if groups is None:
            return None
        favorite = self.category if kind == "product" else self.topic
        group = favorite if self.rng.random() < self.intent.focus else self.rng.choice(sorted(groups))
        return self.rng.choice(groups[group])

    def _page(self, kind: str, item: Item | None, adds: Item | None) -> Step:
        rng = self.rng
        if item is not None:
            put = _properties_of(item) | {"quantity": 1, "value": item.price, "currency": CURRENCY} if adds else None
            return self._step(kind, item.path, (Action("add_to_cart", 0.8, put),) if put else (), item)
        if kind == "category":
            focused = rng.random() < self.intent.focus
            category = self.category if focused else rng.choice(sorted(self.shop.categories))
            return self._step(kind, f"/shop/{category}/")
        if kind == "search":
            term = rng.choice(figures.SEARCHES[self.language])
            searched = Action("search", 0, {"search_term": term})
            return self._step(kind, f"/search/?q={term.replace(' ', '+')}", (searched,))
        return self._step(kind, _PAGES[kind])

    def _step(self, kind: str, path: str, actions: tuple[Action, ...] = (), item: Item | None = None) -> Step:
        """A page with the time that somebody stays on it: the actions' times are told as parts of that."""
        rng = self.rng
        typical = figures.SECONDS.get(kind, figures.OTHER_SECONDS)
        seconds = round(min(figures.LONGEST_STAY, max(2.0, rng.lognormvariate(math.log(typical), 0.6))), 3)
        done = [action._replace(after=round(action.after * seconds, 3)) for action in actions]
        if kind == "article":
            reached = min(1.0, seconds / figures.SECONDS["article"])
            done += [
                Action("scroll", round(seconds * depth / 100 * 0.9, 3), {"percent_scrolled": depth})
                for depth in (25, 50, 75, 90)
                if depth / 100 <= reached
            ]
        done.append(Action("user_engagement", seconds, {"engagement_time_msec": int(seconds * 900)}))
        address = f"/de{path}" if self.language == "de" else path
        title = self.shop.titles[self.language][path.partition("?")[0]]
        return Step(kind, address, title, seconds, item, tuple(sorted(done, key=lambda action: action.after)))

    def _cart_properties(self) -> dict[str, Any]:
        return {
            "item_id": [item.item_id for item in self.cart],
            "item_name": [item.name for item in self.cart],
            "item_category": [item.category for item in self.cart],
            "price": [item.price for item in self.cart],
            "quantity": [1 for _ in self.cart],
            "value": math.fsum(item.price or 0 for item in self.cart),
            "currency": CURRENCY,
        }

    def _events(
        self, start: datetime, steps: Sequence[Step], campaign: Campaign | None, referrer: str
    ) -> Iterator[Event]:
        """What the visitor's browser and the shop send, page by page."""
        at = start
        for number, step in enumerate(steps):
            path = step.path
            if number == 0 and campaign is not None:
                joint = "&" if "?" in path else "?"
                path += f"{joint}utm_source={campaign.source}&utm_medium={campaign.medium}&utm_campaign={campaign.name}"
            doing = [Action("page_view", 0, {})]
            if step.item is not None:
                doing.append(Action("view_item", 0, _properties_of(step.item)))
            for order, action in enumerate([*doing, *step.actions]):
                # A millisecond for each keeps them in their order.
                moment = at + timedelta(milliseconds=order + int(action.after * 1000))
                yield Event(self._event_id(moment), action.name, moment, path, step.title, referrer, action.properties)
                if action.name in _CART_EVENTS:
                    self.cart_at = moment
            referrer = path.partition("?")[0]
            at += timedelta(milliseconds=int(step.seconds * 1000) + self.rng.randrange(200, 1500))

    def _event_id(self, at: datetime) -> UUID:
        self.sent += 1
        return event_id(self.name, self.sent - 1, at)


def event_id(name: str, number: int, at: datetime) -> UUID:
    """A UUIDv7 of that time; the rest is a hash, so that the same event has the same id each time it is made."""
    digest = hashlib.blake2b(f"{name}:{number}".encode(), digest_size=10).digest()
    bits = int.from_bytes(digest) >> 6
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    return UUID(int=milliseconds << 80 | 7 << 76 | bits >> 62 << 64 | 2 << 62 | bits & (1 << 62) - 1)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_HOURS: Final = [(weight, hour) for hour, weight in enumerate(figures.HOURS)]
_BUSIEST: Final = max(figures.WEEKDAYS) * max(figures.MONTHS)
_CART_EVENTS: Final = frozenset({"add_to_cart", "view_cart", "begin_checkout"})
_PAGES: Final = {"home": "/", "magazine": "/magazine/", "about": "/about/"}


def _properties_of(item: Item) -> dict[str, Any]:
    """What a page says of its item."""
    said = {"item_id": item.item_id, "item_category": item.category, "item_name": item.name}
    return said if item.price is None else {**said, "price": item.price}


def _drawn(rng: Random, chances: Sequence[tuple[float, _T]]) -> _T:
    """One of these, each as likely as its weight says."""
    return rng.choices([one for _, one in chances], [weight for weight, _ in chances])[0]


@lru_cache(maxsize=8)
def _cumulated_arrivals(first: date, days: int) -> list[float]:
    return list(accumulate(arrivals(first + index * _DAY, begin=first) for index in range(days)))
