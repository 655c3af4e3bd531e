"""What the simulator keeps about a visitor, for the registry of everything that is kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from config.site.simulator.models import SimulatedVisitor
from consent.stores import Store
from tracking.models import Visitor


class SimulatedVisitorStore(Store):
    """That a visitor is simulated. Erasing takes the visitor's id and cookies away and leaves that there was one."""

    name = "simulated_visitors"

    def describe(self) -> str:
        return _("Whether you were made up by the shop’s own simulator, which real visitors never are.")

    def export(self, visitor_id: UUID) -> list[dict[str, Any]]:
        rows = SimulatedVisitor.objects.filter(visitor_id=visitor_id).order_by("pk")
        return [{"number": row.number, "intent": row.intent} for row in rows]

    def erase(self, visitor_id: UUID, *, withdrawn: int, remaining: int) -> int:
        if remaining:
            return 0
        return SimulatedVisitor.objects.filter(visitor_id=visitor_id).update(visitor_id=None, cookies={})

    def expire(self, now: datetime) -> int:
        known = Visitor.objects.values("id")
        finished = SimulatedVisitor.objects.filter(finished_at__isnull=False, visitor_id__isnull=False)
        return finished.exclude(visitor_id__in=known).update(visitor_id=None, cookies={})
