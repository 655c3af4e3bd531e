"""Visitors of an imported history come to the page: it follows what their history says, and what they do now."""

from __future__ import annotations

import gzip
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from personalization.content.models import Block, Variant
from personalization.segments.models import Segment, Status
from personalization.segments.services import recompute_due
from tests.tracking.senders import Sender, wire
from tracking.models import StoredEvent
from tracking.models import Visitor as VisitorRow

UCI_HEADER = (
    "year,month,day,order,country,session_id,main_category,item_code,colour,location,model_photography,price,"
    "price_2,page"
)
REES46_HEADER = "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session"
THREE_OF_A_CATEGORY = {"event": "view_item", "per": "item_category", "at_least": 3}
ABANDONED = {"event": "add_to_cart", "not_followed_by": {"event": "purchase"}, "after": "15m"}

pytestmark = pytest.mark.django_db


def configure(rule: Mapping[str, Any], text: str) -> None:
    """An editor's work: a segment, and a block on the home page for it."""
    segment = Segment.objects.create(slug="imported", name="Imported", status=Status.ACTIVE, rule=rule)
    block = Block.objects.create(key="home-note", name="Note")
    variant = Variant.objects.create(block=block, name="Note", body=f"<p>{text}</p>", audience_kind="segments")
    variant.segments.add(segment)


def home_of(visitor_id: UUID) -> str:
    """The home page as this visitor gets it."""
    browser = Sender(visitor_id=visitor_id, client=Client())
    for name, value in browser.cookies().items():
        browser.client.cookies[name] = value
    response = browser.client.get("/", headers={"user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"})
    assert response.status_code == 200
    return str(response.content.decode())


def imported(path: Path, mapping: str, tmp_path: Path, *, ago: timedelta = timedelta(hours=2)) -> None:
    call_command(
        "import_events",
        str(path),
        mapping=mapping,
        shift_to=timezone.now() - ago,
        report=tmp_path / "bad.csv",
        verbosity=0,
    )


def by_items() -> dict[frozenset[str], UUID]:
    """The imported visitors by the items that each has seen."""
    items: dict[UUID, set[str]] = defaultdict(set)
    for visitor_id, properties in StoredEvent.objects.values_list("visitor_id", "properties"):
        items[visitor_id].add(properties["item_id"])
    return {frozenset(found): visitor_id for visitor_id, found in items.items()}


def clicks(session: int, *rows: tuple[int, str]) -> list[str]:
    """Rows of a session as UCI 553 has them: main category and item."""
    return [
        f"2008,4,1,{order},29,{session},{category},{item},1,5,1,28,2,1"
        for order, (category, item) in enumerate(rows, start=1)
    ]


def test_home__imported_clicks_match_a_segment__shows_its_block_to_that_visitor_alone(tmp_path: Path) -> None:
    path = tmp_path / "clicks.csv"
    rows = [
        *clicks(1, (2, "P1"), (2, "P2"), (1, "A1"), (2, "P9")),
        *clicks(2, (2, "P1"), (1, "A1"), (3, "B1"), (2, "P2")),
    ]
    path.write_text("\n".join([UCI_HEADER, *rows]) + "\n")
    configure(THREE_OF_A_CATEGORY, "Back to your skirts")
    imported(path, "eshop_clothing", tmp_path)
    visitors = by_items()
    matching = visitors[frozenset({"P1", "P2", "A1", "P9"})]
    other = visitors[frozenset({"P1", "A1", "B1", "P2"})]

    for _ in ("judged at the page", "judged and stored"):
        assert "Back to your skirts" in home_of(matching)
        assert "Back to your skirts" not in home_of(other)
        recompute_due()
    # Whoever was imported goes on acting: two skirts of the history and one of now make three.
    sender = Sender(visitor_id=other)
    assert sender.send(wire(properties={"item_id": "P3", "item_category": "skirts"})).json()["accepted"] == 1
    assert "Back to your skirts" in home_of(other)
    # And whoever withdraws is known no more, imported or not.
    answer = sender.client.post(
        "/consent/",
        {"choices": {"analytics": False, "personalization": False}},
        content_type="application/json",
        headers={"sec-fetch-site": "same-origin"},
    )
    assert answer.status_code == 200
    assert "Back to your skirts" not in home_of(other)
    assert list(VisitorRow.objects.values_list("id", flat=True)) == [matching]


def test_home__imported_cart_was_abandoned__shows_the_reminder_to_that_visitor_alone(tmp_path: Path) -> None:
    path = tmp_path / "2019-Oct.csv.gz"
    sessions = {
        541: [("view", "left"), ("cart", "left")],
        542: [("view", "bought"), ("cart", "bought"), ("purchase", "bought")],
        543: [("view", "seen")],
    }
    rows = [
        f"2019-10-01 00:{minute:02}:00 UTC,{kind},{item},1,apparel.shoes,brand,35.79,{user},{user}"
        for user, actions in sessions.items()
        for minute, (kind, item) in enumerate(actions)
    ]
    path.write_bytes(gzip.compress("\n".join([REES46_HEADER, *rows, ""]).encode()))
    configure(ABANDONED, "Your cart is waiting")
    imported(path, "rees46", tmp_path)
    visitors = by_items()
    shown = {
        item: "Your cart is waiting" in home_of(visitors[frozenset({item})]) for item in ("left", "bought", "seen")
    }
    assert shown == {"left": True, "bought": False, "seen": False}


def test_home__visitors_of_the_public_file__each_see_what_the_file_says_of_them(data_dir: Path, tmp_path: Path) -> None:
    """The beginning of UCI 553: every visitor's page against a count made straight from the file."""
    beginning = tmp_path / "beginning.csv"
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    items: dict[str, list[str]] = defaultdict(list)
    with gzip.open(data_dir / "eshop_clothing" / "eshop_clothing_2008.csv.gz", "rt") as file:
        lines = list(islice(file, 1500))
    beginning.write_text("".join(lines))
    for line in lines[1:]:
        fields = line.split(",")
        counts[fields[5]][fields[6]] += 1
        items[fields[5]].append(fields[7])
    configure(THREE_OF_A_CATEGORY, "Three of a kind")
    imported(beginning, "eshop_clothing", tmp_path)

    histories: dict[UUID, list[str]] = defaultdict(list)
    stored = StoredEvent.objects.order_by("occurred_at", "id").values_list("visitor_id", "properties")
    for visitor_id, properties in stored:
        histories[visitor_id].append(properties["item_id"])
    visitor_of = {tuple(history): visitor_id for visitor_id, history in histories.items()}
    alike = Counter(map(tuple, items.values()))
    shown = {True: 0, False: 0}
    for session, history in items.items():
        expected = max(counts[session].values()) >= 3
        # Of two sessions with the very same items, one stands for both; twenty of each kind are enough.
        if alike[tuple(history)] == 1 and shown[expected] < 20:
            assert ("Three of a kind" in home_of(visitor_of[tuple(history)])) is expected, history
            shown[expected] += 1
    assert min(shown.values()) >= 10
