"""Looking at a person: by which name staff see visitors, and the reason that is stated and kept before they look."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import router, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from tracking.conf import settings
from tracking.models import Visitor, VisitorAccess

IDENTIFY: Final = "attune_tracking.identify_visitor"
"""The permission to see visitors by their whole ids and without stating a reason."""

HOLDS: Final = timedelta(hours=1)
"""How long a stated reason is enough, for one person looking at one visitor."""

DIGITS: Final = 12
"""So much of an id tells visitors apart in practice (48 bits), and is not the id."""


def shortened(visitor_id: UUID) -> str:
    """The name by which analysts know a visitor.

    >>> shortened(UUID("4f1c2a9b-03de-4c11-8a8e-2f1f3f6b7a10"))
    '4f1c2a9b-03de'
    """
    return str(visitor_id)[: DIGITS + 1]


def named(visitors: QuerySet[Visitor], name: str) -> QuerySet[Visitor]:
    """Those of `visitors` who have this whole or shortened id."""
    digits = name.strip().replace("-", "").lower()
    rest = 32 - len(digits)
    if rest not in (0, 32 - DIGITS):
        return visitors.none()
    try:
        first, last = UUID(digits + "0" * rest), UUID(digits + "f" * rest)
    except ValueError:
        return visitors.none()
    return visitors.filter(pk__gte=first, pk__lte=last)


def state_reason(visitor_id: UUID, *, who: str, reason: str, now: datetime) -> bool:
    """Keep why this person looks at the visitor; False if there is no such visitor (any more)."""
    alias = router.db_for_write(VisitorAccess)
    with transaction.atomic(using=alias):
        # The row's lock: what is erased meanwhile is not named again.
        if Visitor.objects.using(alias).select_for_update().filter(pk=visitor_id).first() is None:
            return False
        VisitorAccess.objects.using(alias).create(visitor_id=visitor_id, who=who, reason=reason, at=now)
    return True


def has_stated_reason(visitor_id: UUID, *, who: str, now: datetime) -> bool:
    """Whether this person stated a reason for this visitor within the last hour."""
    return VisitorAccess.objects.filter(visitor_id=visitor_id, who=who, at__gt=now - HOLDS, at__lte=now).exists()


def last_reason(*, who: str, now: datetime) -> str:
    """What this person stated last within the hour, for any visitor; else empty."""
    recent = VisitorAccess.objects.filter(who=who, at__gt=now - HOLDS, at__lte=now)
    return recent.order_by("-at").values_list("reason", flat=True).first() or ""


def expire_accesses(now: datetime) -> int:
    """Delete what was kept before retention or of visitors who are gone; return how many."""
    visitors = Visitor.objects.filter(pk=OuterRef("visitor_id"))
    old = VisitorAccess.objects.filter(Q(at__lt=now - settings.RETENTION) | ~Exists(visitors))
    deleted, _ = old.delete()
    return deleted
