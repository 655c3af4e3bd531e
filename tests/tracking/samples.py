"""Events and visitors for the tests of measuring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import uuid_utils.compat

from consent.purposes import ANALYTICS, PERSONALIZATION
from tracking.recording import Accepted, Batch
from tracking.timeline import Event, Page

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BOTH = ANALYTICS.bit | PERSONALIZATION.bit


def event_id(at: datetime = NOW) -> UUID:
    """A new UUIDv7 of that time."""
    return uuid_utils.compat.uuid7(nanoseconds=int(at.timestamp() * 1000) * 1_000_000)


def event(name: str = "view_item", *, at: datetime = NOW, page: Page | None = None, **properties: Any) -> Event:
    """An event; its properties by keyword."""
    return Event(event_id(at), name, at, page or Page("https://shop.example/a", "A"), properties, "desktop")


def batch(
    events: Sequence[Event], *, visitor_id: UUID | None = None, purposes: int = BOTH, given_at: datetime | None = None
) -> Batch:
    """The events of one visitor, accepted under `purposes`."""
    return Batch(
        visitor_id or uuid4(), given_at or NOW - timedelta(hours=1), [Accepted(event, purposes) for event in events]
    )
