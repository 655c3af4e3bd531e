"""Simulated visitors at a running shop: real pages, real forms, and events that say what was really shown."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from django.utils import timezone

from config.site.models import Order
from config.site.seeds import seed
from config.site.simulator.doors import OverHttp
from config.site.simulator.live import Pace, Traffic, begin_traffic
from config.site.simulator.model import visitor
from config.site.simulator.models import SimulatedRun, SimulatedVisitor
from config.site.simulator.shop import read_shop
from personalization.content.models import Block
from tests.services.processes import SiteProcess
from tracking.models import StoredEvent
from tracking.models import Visitor as StoredVisitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
SHOP = read_shop()


class Fixed(Random):
    """Chance that always says the same: 0 returns and clicks, 1 does neither."""

    def __init__(self, says: float) -> None:
        super().__init__(0)
        self.says = says

    def random(self) -> float:
        return self.says


def traffic(site: SiteProcess, *, says: float, number: int) -> Traffic:
    """Traffic that begins with the visitor of that number; nobody has to wait."""
    run = SimulatedRun.objects.create(seed=5, live=True, until=timezone.now(), visitors=number)
    pace = Pace(1e9)
    return Traffic(run, shop=SHOP, door=OverHttp(site.url), rng=Fixed(says), pace=pace, sleep=lambda _: None)


def first(**wanted: Any) -> int:
    """The number of the first visitor who agrees to everything and is like this in the first visit."""
    now = timezone.now()
    for number in range(3000):
        one = visitor(number, seed=5, until=now, shop=SHOP)
        visit = one.visits[0]
        found = {"buys": visit.buys, "bot": one.is_bot, "campaign": visit.campaign is not None}
        agrees = one.is_bot or all((one.choices or {"": False}).values())
        if agrees and found | wanted == found:
            return number
    raise AssertionError(f"nobody is like {wanted}")


def names() -> list[str]:
    return list(StoredEvent.objects.order_by("occurred_at", "id").values_list("name", flat=True))


@pytest.fixture
def site(live_site: SiteProcess) -> SiteProcess:
    """The seeded shop, served."""
    seed()
    return live_site


def test_visit__of_a_buyer__goes_through_the_real_checkout(site: SiteProcess) -> None:
    guests = traffic(site, says=1.0, number=first(buys=True))
    guests.one_visit()
    (order,) = Order.objects.all()
    assert order.name == "Simulated Visitor"
    found = names()
    for name in ("page_view", "view_item", "add_to_cart", "view_cart", "begin_checkout", "purchase"):
        assert name in found
    assert StoredEvent.objects.get(name="purchase").properties["transaction_id"] == order.number
    (row,) = SimulatedVisitor.objects.all()
    assert row.finished_at is not None
    assert row.rejected == {}
    assert row.stored == row.sent > 0
    assert list(StoredVisitor.objects.values_list("id", flat=True)) == [row.visitor_id]


def test_visit__with_a_block_on_the_page__tells_what_was_shown(site: SiteProcess) -> None:
    guests = traffic(site, says=0.0, number=first(buys=False))
    while not StoredEvent.objects.filter(name="block_click").exists():
        guests.one_visit()
    shown = StoredEvent.objects.filter(name="block_view").values_list("properties", flat=True)
    keys = set(Block.objects.values_list("key", flat=True)) | {"home-cta"}
    assert {said["block"] for said in shown} & keys
    click = StoredEvent.objects.filter(name="block_click").first()
    assert click is not None
    assert click.properties["link_url"].startswith(f"{site.url}/")


def test_visit__of_somebody_known__is_the_same_visitor_again(site: SiteProcess) -> None:
    guests = traffic(site, says=0.0, number=first(buys=False))
    guests.one_visit()
    before = len(names())
    guests.one_visit()
    assert StoredVisitor.objects.count() == SimulatedVisitor.objects.count() == 1
    assert len(names()) > before
    (row,) = SimulatedVisitor.objects.all()
    assert row.stored == before  # as it was noted after the first visit; what came later is not the history's


def test_visit__by_a_campaign__begins_with_it(site: SiteProcess) -> None:
    guests = traffic(site, says=1.0, number=first(campaign=True))
    guests.one_visit()
    event = StoredEvent.objects.order_by("occurred_at", "id").first()
    assert event is not None
    assert "utm_campaign=" in event.url


def test_visit__of_a_bot__leaves_no_visitor(site: SiteProcess) -> None:
    guests = traffic(site, says=1.0, number=first(bot=True))
    guests.one_visit()
    (row,) = SimulatedVisitor.objects.all()
    assert row.rejected == {"bot": row.sent}
    assert not StoredVisitor.objects.exists()


def test_pace__of_many_posts__is_never_quicker_than_allowed() -> None:
    now = 100.0
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        nonlocal now
        slept.append(round(seconds, 6))
        now += seconds

    pace = Pace(120, clock=lambda: now, sleep=sleep)
    for _ in range(3):
        pace.wait()
    now += 10
    pace.wait()
    assert slept == [0.0, 0.5, 0.5, 0.0]


def test_traffic__begun__is_a_run_of_its_own() -> None:
    now = timezone.now()
    assert begin_traffic(now=now) != begin_traffic(now=now)
