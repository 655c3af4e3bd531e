"""Visitors, their events and segments for the tests of profiles and segments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest
from django.test import RequestFactory

from consent import gate
from consent.gate import Consent
from consent.purposes import ANALYTICS, PERSONALIZATION, policy_version
from personalization.segments.models import Segment, Status
from tests.tracking.samples import batch, event
from tracking.recording import Outcome, record_events
from tracking.timeline import Event, Timeline

# Past for every clock: some of what is tested asks the real one.
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
GIVEN = NOW - timedelta(hours=1)
BOTH = ANALYTICS.bit | PERSONALIZATION.bit
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"

VIEWED_THREE = {"event": "view_item", "at_least": 3}
VIEWED = {"event": "view_item"}
LEFT_CART = {
    "event": "add_to_cart",
    "not_followed_by": {"event": "purchase"},
    "after": "15m",
}


def view(minutes_ago: float = 0, *, name: str = "view_item", **properties: Any) -> Event:
    """An event some minutes before `NOW`."""
    return event(name, at=NOW - timedelta(minutes=minutes_ago), **properties)


def timeline(*events: Event) -> Timeline:
    """A timeline of these."""
    return Timeline(events)


def record(visitor_id: UUID, *events: Event, purposes: int = BOTH, given_at: datetime = GIVEN) -> Outcome:
    """Store events of a visitor as the collector does."""
    return record_events([batch(events, visitor_id=visitor_id, purposes=purposes, given_at=given_at)], now=NOW)


def visitor_with(*events: Event, purposes: int = BOTH) -> UUID:
    """A new visitor who did this."""
    visitor_id = uuid4()
    record(visitor_id, *(events or (view(name="page_view"),)), purposes=purposes)
    return visitor_id


def segment(slug: str, rule: Any, status: str = Status.ACTIVE) -> Segment:
    """A stored segment."""
    return Segment.objects.create(slug=slug, name=slug.title(), rule=rule, status=status)


def request_of(
    visitor_id: UUID | None, *, given_at: datetime = GIVEN, granted: int = BOTH, path: str = "/", agent: str = BROWSER
) -> HttpRequest:
    """A request whose cookies prove this consent; without a visitor, none."""
    request = RequestFactory().get(path, headers={"User-Agent": agent})
    if visitor_id is not None:
        choices = {
            purpose.code: "granted" if granted & purpose.bit else "refused" for purpose in (ANALYTICS, PERSONALIZATION)
        }
        gate.remember(
            request,
            Consent(
                choices=choices,  # type: ignore[arg-type]  # the words are right, mypy sees texts
                policy=policy_version(),
                given_at=given_at,
                visitor_id=visitor_id,
                held=granted,
            ),
        )
    return request
