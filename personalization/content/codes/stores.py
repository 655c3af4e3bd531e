"""Which codes visitors were given, for the registry that hands out, erases and expires what is kept about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from consent.purposes import PERSONALIZATION
from consent.stores import Store
from personalization.content.codes.stocks import OfferCode
from tracking.models import Visitor


class OfferCodeStore(Store):
    """Who has which code. Erased, the code stays given away, and nobody knows to whom."""

    name = "codes"

    def describe(self) -> str:
        return _("The codes of offers that you were given, so that each person gets one.")

    def export(self, visitor_id: UUID) -> list[dict[str, Any]]:
        given = OfferCode.objects.filter(visitor_id=visitor_id).select_related("stock").order_by("handed_at", "id")
        return [
            {"kind": "code", "code": one.code, "at": one.handed_at.isoformat() if one.handed_at else None}
            for one in given
        ]

    def erase(self, visitor_id: UUID, *, withdrawn: int, remaining: int) -> int:
        if remaining and not withdrawn & PERSONALIZATION.bit:
            return 0
        return OfferCode.objects.filter(visitor_id=visitor_id).update(visitor_id=None)

    def expire(self, now: datetime) -> int:
        """Forget to whom codes were given who are gone themselves."""
        known = Visitor.objects.filter(pk=OuterRef("visitor_id"))
        return OfferCode.objects.filter(~Exists(known), visitor_id__isnull=False).update(visitor_id=None)
