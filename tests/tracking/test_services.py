"""What the site's code does with events: track() and erasing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from consent import keyed, stores
from consent.models import WithdrawalMark
from consent.purposes import ANALYTICS, PERSONALIZATION
from tests.tracking.samples import BOTH, NOW, batch, event
from tests.tracking.senders import Sender, refused_counts
from tracking.errors import InvalidEvent
from tracking.models import StoredEvent, Visitor
from tracking.recording import record_events
from tracking.selectors import timeline_of
from tracking.services import Recorded, Refused, track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alone")]


def test_track__with_consent__records_on_the_page_of_the_request(sender: Sender) -> None:
    now = timezone.now()
    properties = {
        "transaction_id": mark_safe("T1"),  # a constant
        "value": Decimal("48.50"),
        "item_name": (gettext_lazy("Monday"), "b"),
    }
    recorded = track(sender.request(), "purchase", properties, now=now)
    assert isinstance(recorded, Recorded)
    stored = StoredEvent.objects.get(pk=recorded.event_id)
    assert stored.properties == {"transaction_id": "T1", "value": 48.5, "item_name": ["Monday", "b"]}
    assert (stored.url, stored.occurred_at, stored.device) == ("http://testserver/checkout/", now, "desktop")


def test_track__no_consent__refuses_without_raising(stranger: Sender) -> None:
    request = stranger.request()
    request.user = AnonymousUser()
    assert track(request, "purchase") == Refused("consent")
    assert not Visitor.objects.exists()
    assert refused_counts() == {"consent": 1}


def test_track__consent_to_one_purpose__serves_that_alone() -> None:
    assert isinstance(track(Sender(purposes=PERSONALIZATION.bit).request(), "purchase"), Recorded)
    assert StoredEvent.objects.get().purposes == PERSONALIZATION.bit


def test_track__undeclared_property__is_dropped_and_counted(sender: Sender) -> None:
    assert isinstance(track(sender.request(), "purchase", {"value": 3, "iban": "DE1"}), Recorded)
    assert StoredEvent.objects.get().properties == {"value": 3}
    assert refused_counts() == {"undeclared_property": 1}


def test_track__withdrawn__refuses(sender: Sender) -> None:
    digest = keyed.mark_digests(sender.visitor_id)[0]
    WithdrawalMark.objects.create(digest=digest, withdrawn_at=timezone.now())
    assert track(sender.request(), "purchase") == Refused("consent")
    assert not Visitor.objects.exists()


def test_track__bot__is_refused(sender: Sender) -> None:
    assert track(sender.request(**{"user-agent": "Googlebot/2.1"}), "purchase") == Refused("bot")


@pytest.mark.parametrize(
    ("name", "properties", "reason"),
    [
        ("no_such_event", {}, "unknown_event"),
        ("purchase", {"value": "48"}, "property"),
        ("purchase", {"value": float("nan")}, "property"),
        ("purchase", {"value": Decimal("Infinity")}, "property"),
        ("purchase", {"item_id": object()}, "property"),
        ("purchase", {"item_id": "a\x00"}, "nul"),
        ("purchase", {"item_id": "\ud800"}, "property"),
    ],
)
def test_track__mistake_in_code__raises_with_debug_else_refuses(
    sender: Sender, settings: Any, name: str, properties: dict[str, Any], reason: str
) -> None:
    assert track(sender.request(), name, properties) == Refused(reason)
    settings.DEBUG = True
    with pytest.raises(InvalidEvent):
        track(sender.request(), name, properties)


def test_track__callers_transaction_rolls_back__did_not_happen(sender: Sender) -> None:
    with transaction.atomic():
        assert isinstance(track(sender.request(), "purchase"), Recorded)
        transaction.set_rollback(True)
    assert not StoredEvent.objects.exists()


def test_erase__last_purpose__leaves_nothing(sender: Sender) -> None:
    other = batch([event()])
    record_events([batch([event(), event()], visitor_id=sender.visitor_id), other], now=NOW)
    erased = {s.name: s for s in stores.registered()}["events"].erase(sender.visitor_id, withdrawn=BOTH, remaining=0)
    assert erased == 2
    assert StoredEvent.objects.get().visitor_id == other.visitor_id
    assert Visitor.objects.get().pk == other.visitor_id


def test_erase__one_purpose__takes_it_off_and_deletes_what_carried_no_other(sender: Sender) -> None:
    visitor_id = sender.visitor_id
    both, only = event(), event()
    record_events([batch([both], visitor_id=visitor_id)], now=NOW)
    record_events([batch([only], visitor_id=visitor_id, purposes=PERSONALIZATION.bit)], now=NOW)
    store = {s.name: s for s in stores.registered()}["events"]
    assert store.erase(visitor_id, withdrawn=PERSONALIZATION.bit, remaining=ANALYTICS.bit) == 1
    assert StoredEvent.objects.get().purposes == ANALYTICS.bit
    assert Visitor.objects.get().purposes == ANALYTICS.bit
    assert len(timeline_of(visitor_id, purpose="personalization")) == 0
    assert [one.id for one in timeline_of(visitor_id, purpose="analytics")] == [both.id]
    assert store.erase(visitor_id, withdrawn=PERSONALIZATION.bit, remaining=ANALYTICS.bit) == 0


def test_erase__one_purpose_that_all_was_kept_for__leaves_no_row(sender: Sender) -> None:
    only = batch([event()], visitor_id=sender.visitor_id, purposes=PERSONALIZATION.bit)
    record_events([only], now=NOW)
    store = {s.name: s for s in stores.registered()}["events"]
    assert store.erase(sender.visitor_id, withdrawn=PERSONALIZATION.bit, remaining=ANALYTICS.bit) == 1
    assert not StoredEvent.objects.exists()
    assert not Visitor.objects.exists()


def test_erase__visitor_without_a_row__leaves_none(sender: Sender) -> None:
    store = {s.name: s for s in stores.registered()}["events"]
    assert store.erase(sender.visitor_id, withdrawn=PERSONALIZATION.bit, remaining=ANALYTICS.bit) == 0
    assert store.erase(sender.visitor_id, withdrawn=BOTH, remaining=0) == 0
    assert not Visitor.objects.exists()


def test_export__a_visitor__is_all_that_is_kept(sender: Sender) -> None:
    record_events([batch([event(item_id="A")], visitor_id=sender.visitor_id)], now=NOW)
    store = {s.name: s for s in stores.registered()}["events"]
    assert store.describe()
    assert store.export(sender.visitor_id) == [
        {
            "name": "view_item",
            "occurred_at": NOW.isoformat(),
            "page": {"url": "https://shop.example/a", "title": "A", "referrer": ""},
            "properties": {"item_id": "A"},
            "device": "desktop",
            "purposes": ["analytics", "personalization"],
        }
    ]
    assert store.export(batch([]).visitor_id) == []
