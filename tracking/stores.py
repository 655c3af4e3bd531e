"""What measuring keeps about a visitor, for the registry of everything that is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from consent.purposes import codes_of
from consent.stores import Store
from tracking.access import expire_accesses
from tracking.importing.retention import expire_bad_rows
from tracking.models import StoredEvent, VisitorAccess
from tracking.retention import purge_events
from tracking.services import erase_events


class EventStore(Store):
    """The visitor's row and events."""

    name = "events"

    def describe(self) -> str:
        return _("What you viewed and did on this site: page, time, kind of device, and what it was about.")

    def export(self, visitor_id: UUID) -> list[dict[str, Any]]:
        return [
            {
                "name": event.name,
                "occurred_at": event.occurred_at.isoformat(),
                "page": {"url": event.url, "title": event.title, "referrer": event.referrer},
                "properties": event.properties,
                "device": event.device,
                "purposes": sorted(codes_of(event.purposes)),
            }
            for event in StoredEvent.objects.filter(visitor_id=visitor_id).order_by("occurred_at", "id")
        ]

    def erase(self, visitor_id: UUID, *, withdrawn: int, remaining: int) -> int:
        return erase_events(visitor_id, remaining=remaining, now=timezone.now())

    def expire(self, now: datetime) -> int:
        return purge_events(now) + expire_bad_rows(now)


class AccessStore(Store):
    """Which of the staff looked at the visitor, and why."""

    name = "accesses"

    def describe(self) -> str:
        return _("When somebody who runs this site looked at what you did here, and why.")

    def export(self, visitor_id: UUID) -> list[dict[str, Any]]:
        accesses = VisitorAccess.objects.filter(visitor_id=visitor_id).order_by("at", "id")
        return [{"at": access.at.isoformat(), "why": access.reason} for access in accesses]

    def erase(self, visitor_id: UUID, *, withdrawn: int, remaining: int) -> int:
        if remaining:
            return 0
        deleted, _counts = VisitorAccess.objects.filter(visitor_id=visitor_id).delete()
        return deleted

    def expire(self, now: datetime) -> int:
        return expire_accesses(now)
