"""What measuring does when something happens around it."""

from __future__ import annotations

from typing import Any

from django.db import connections, router
from django.utils import timezone

from tracking.models import StoredEvent
from tracking.retention import ensure_partitions


def make_partitions(*, using: str, **_: Any) -> None:
    """After migrating, see to it that this and the coming months have their partitions."""
    if using != router.db_for_write(StoredEvent):
        return
    if StoredEvent._meta.db_table in connections[using].introspection.table_names():
        ensure_partitions(timezone.now())
