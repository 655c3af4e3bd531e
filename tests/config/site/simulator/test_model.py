"""The model of the simulated visitors: the same for the same seed, true to its figures, and sensible."""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise

import pytest

from config.site.models import FREE_DELIVERY_FROM, delivery_of
from config.site.simulator import figures, model
from config.site.simulator.model import arrivals, busyness, purchase_probability, visitor, visitors
from config.site.simulator.people import Visit, Visitor
from config.site.simulator.shop import read_shop

pytestmark = pytest.mark.once

UNTIL = datetime(2026, 11, 20, 9, tzinfo=UTC)
SHOP = read_shop()


@cache
def people() -> tuple[Visitor, ...]:
    return tuple(visitors(2000, seed=1, until=UNTIL, shop=SHOP))


def visits() -> list[tuple[Visitor, Visit]]:
    return [(one, visit) for one in people() for visit in one.visits]


def test_visitor__drawn_alone__is_the_same_as_among_many() -> None:
    some = {one.number: one for one in visitors(60, seed=1, until=UNTIL, shop=SHOP, start=1, step=2)}
    assert sorted(some) == list(range(1, 60, 2))
    for number in (41, 7):
        assert visitor(number, seed=1, until=UNTIL, shop=SHOP) == some[number] == people()[number]


def test_visitor__other_seed__is_somebody_else() -> None:
    others = list(visitors(50, seed=2, until=UNTIL, shop=SHOP))
    assert all(one.visits != other.visits for one, other in zip(people(), others, strict=False))


def test_intents__shares__are_those_of_the_table() -> None:
    assert math.fsum(intent.share for intent in figures.INTENTS) == pytest.approx(1)
    counted = Counter(one.intent.name for one in people())
    for intent in figures.INTENTS:
        assert_share(counted[intent.name], len(people()), intent.share)


def assert_share(found: int, of: int, expected: float) -> None:
    """Within four standard errors of what is expected: for one seed it is so or not, always."""
    assert abs(found / of - expected) < 4 * math.sqrt(expected * (1 - expected) / of) + 1e-9


def test_purchases__of_each_intent__are_as_many_as_their_probabilities_say() -> None:
    for intent in figures.INTENTS:
        drawn = [visit for one, visit in visits() if one.intent is intent]
        expected = math.fsum(visit.purchase_probability for visit in drawn)
        variance = math.fsum(visit.purchase_probability * (1 - visit.purchase_probability) for visit in drawn)
        assert abs(sum(visit.buys for visit in drawn) - expected) <= 4 * math.sqrt(variance)


def test_purchases__among_the_likely_and_the_unlikely__are_as_frequent_as_said() -> None:
    """Calibration: in each tenth of the visits, ordered by probability, the rate is the mean probability."""
    ordered = sorted((visit for _, visit in visits()), key=lambda visit: visit.purchase_probability)
    tenth = len(ordered) // 10
    rates = []
    for start in range(0, 10 * tenth, tenth):
        chunk = ordered[start : start + tenth]
        assert_share(sum(v.buys for v in chunk), tenth, math.fsum(v.purchase_probability for v in chunk) / tenth)
        rates.append(sum(v.buys for v in chunk))
    assert rates[-1] > 5 * (rates[0] + 1)


def test_purchase_probability__of_each_visit__follows_from_intent_and_features() -> None:
    for one, visit in visits():
        assert visit.purchase_probability == purchase_probability(one.intent, visit.features)
        assert visit.features.keys() == figures.COEFFICIENTS.keys()
        assert visit.features["mobile"] == (one.device == "mobile")
        assert visit.features["weekend"] == (visit.start.strftime("%a") in {"Sat", "Sun"})


def test_features__of_the_past__are_what_happened() -> None:
    for one in people():
        bought = False
        for number, visit in enumerate(one.visits):
            assert visit.features["bought_before"] == bought
            assert visit.features["earlier_visits"] == math.log1p(number)
            bought = bought or visit.buys


def test_seasons__first_visits__are_spread_as_the_figures_say() -> None:
    firsts = [one.visits[0].start for one in people() if not one.intent.gone]
    begin = UNTIL - timedelta(days=figures.HISTORY_DAYS)
    days = [(begin + timedelta(days=index)).date() for index in range(1, figures.HISTORY_DAYS)]
    whole = [start for start in firsts if days[0] <= start.date() <= days[-1]]
    weights = {day: arrivals(day, begin=begin.date()) for day in days}
    weight = math.fsum(weights.values())
    sundays = math.fsum(weights[day] for day in days if day.weekday() == 6)
    assert_share(sum(start.weekday() == 6 for start in whole), len(whole), sundays / weight)
    october = math.fsum(weights[day] for day in days if day.month == 10)
    assert_share(sum(start.month == 10 for start in whole), len(whole), october / weight)
    evening = sum(figures.HOURS[18:22]) / sum(figures.HOURS)
    assert_share(sum(18 <= start.hour < 22 for start in whole), len(whole), evening)


def test_busyness__of_two_days__is_weekday_times_month() -> None:
    sunday, tuesday = date(2026, 11, 15), date(2026, 8, 18)
    assert busyness(sunday) == figures.WEEKDAYS[6] * figures.MONTHS[10]
    assert busyness(tuesday) == figures.WEEKDAYS[1] * figures.MONTHS[7]
    last = sunday + timedelta(days=figures.HISTORY_DAYS)
    assert arrivals(sunday, begin=sunday) == busyness(sunday)
    assert arrivals(last, begin=sunday) == pytest.approx(figures.GROWTH * busyness(last))


def test_seasons__all_visits__are_more_on_sundays_and_in_the_evening() -> None:
    by_weekday = Counter(visit.start.weekday() for _, visit in visits())
    by_hour = Counter(visit.start.hour for _, visit in visits())
    assert by_weekday[6] > 1.15 * by_weekday[1]
    assert by_hour[20] > 5 * by_hour[3]


def test_visits__of_one_visitor__are_sessions_of_their_own() -> None:
    for one in people():
        assert one.visits
        for visit in one.visits:
            times = [event.occurred_at for event in visit.events]
            assert times == sorted(times)
            assert all(later - earlier <= timedelta(minutes=30) for earlier, later in pairwise(times))
            assert UNTIL - timedelta(days=figures.HISTORY_DAYS) <= visit.start
            assert visit.end < UNTIL
        for earlier, later in pairwise(one.visits):
            assert later.start - earlier.end > timedelta(minutes=30)


def test_visits__of_who_went_away__lie_long_ago() -> None:
    gone = [one for one in people() if one.intent.gone]
    assert gone
    assert all(one.visits[-1].end < UNTIL - timedelta(days=90) for one in gone)


def test_purchase__in_a_visit__comes_after_the_cart_and_the_checkout() -> None:
    bought = 0
    for _, visit in visits():
        names = [event.name for event in visit.events]
        assert visit.buys == ("purchase" in names)
        if "begin_checkout" in names:
            assert names.index("add_to_cart") < names.index("view_cart") < names.index("begin_checkout")
        if visit.buys:
            bought += 1
            assert names.index("begin_checkout") < names.index("purchase")
            assert visit.steps[-1].kind == "thanks"
    assert bought


def test_purchase__several_things__is_told_as_the_shop_tells_it() -> None:
    orders = [e.properties for _, visit in visits() for e in visit.events if e.name == "purchase"]
    assert len({order["transaction_id"] for order in orders}) == len(orders)
    assert any(len(order["item_id"]) > 1 for order in orders)
    for order in orders:
        assert order["value"] == math.fsum(order["price"])
        assert order["shipping"] == float(delivery_of(order["value"]))
    assert float(FREE_DELIVERY_FROM) == model.FREE_DELIVERY_FROM


def test_cart__left_in_the_visit_before__makes_a_purchase_likelier() -> None:
    left = [visit for _, visit in visits() if visit.features["cart_left"]]
    assert left
    for visit in left:
        without = purchase_probability(figures.INTENTS[0], {**visit.features, "cart_left": 0.0})
        assert purchase_probability(figures.INTENTS[0], visit.features) > without


def test_campaigns__first_pages__carry_them_in_their_address() -> None:
    for _, visit in visits():
        first = visit.events[0].path
        assert (visit.campaign is None) == ("utm_campaign=" not in first)
        if visit.campaign is not None:
            assert f"utm_campaign={visit.campaign.name}" in first
    assert {visit.campaign for _, visit in visits()} == {None, *figures.CAMPAIGNS}


def test_event_ids__of_everybody__are_uuid7_of_their_time_and_differ() -> None:
    events = [event for one, visit in visits() for event in visit.events]
    assert len({event.id for event in events}) == len(events)
    for event in events[::50]:
        assert event.id.version == 7
        assert event.id.variant == "specified in RFC 4122"
        assert event.id.int >> 80 == int(event.occurred_at.timestamp() * 1000 + 0.5)


def test_consent__changed_later__holds_from_that_visit_on() -> None:
    changed = [one for one in people() if one.change is not None]
    assert {one.kept_purposes for one in changed} >= {frozenset(), frozenset({"analytics"})}
    for one in changed:
        assert one.change is not None
        index, choices = one.change
        assert 0 < index < len(one.visits)
        assert one.choices_in(index - 1) == one.choices
        assert one.choices_in(index) == choices
        assert one.sends_in(index - 1)


def test_consent__refused_or_never_given__means_that_nothing_is_sent() -> None:
    silent = [one for one in people() if not one.is_bot and not any((one.choices or {}).values())]
    assert any(one.choices is None for one in silent)
    assert any(one.choices is not None for one in silent)
    assert not any(one.sends_in(0) or one.kept_purposes for one in silent)


def test_bots__all_of_them__say_so_and_are_not_asked() -> None:
    bots = [one for one in people() if one.is_bot]
    assert bots
    for one in bots:
        assert one.user_agent in figures.USER_AGENTS[figures.BOT]
        assert one.choices is None
        assert not any(visit.buys for visit in one.visits)


def test_favorites__of_researchers__are_what_they_look_at_most() -> None:
    looked: Counter[bool] = Counter()
    for one, visit in visits():
        if one.intent.name == "researcher":
            looked.update(
                step.item.category == one.category for step in visit.steps if step.kind == "product" and step.item
            )
    focus = next(intent.focus for intent in figures.INTENTS if intent.name == "researcher")
    expected = focus + (1 - focus) / len(SHOP.categories)
    assert_share(looked[True], looked.total(), expected)


def test_pages__of_everybody__are_called_and_searched_in_their_language() -> None:
    for one, visit in visits():
        for step in visit.steps:
            path, _, query = step.path.removeprefix("/de").partition("?")
            assert step.path.startswith("/de/") == (one.language == "de")
            assert step.title == SHOP.titles[one.language][path]
            assert not query or query.removeprefix("q=").replace("+", " ") in figures.SEARCHES[one.language]
    assert SHOP.titles["de"]["/cart/"] == "Dein Warenkorb · Larkmoor"


def test_wire__of_an_event__is_what_the_collector_takes() -> None:
    event = next(e for _, visit in visits() for e in visit.events if e.referrer.startswith("/"))
    wire = event.to_wire("https://shop.example")
    assert wire["page"]["url"] == f"https://shop.example{event.path}"
    assert wire["page"]["referrer"] == f"https://shop.example{event.referrer}"
    assert datetime.fromisoformat(wire["occurred_at"]) == event.occurred_at
