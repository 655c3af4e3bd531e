"""What was refused, counted by day and reason, so that nothing is dropped silently."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from django.db import DatabaseError, InterfaceError, connections, router, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracking.models import RefusedEvents

log = logging.getLogger(__name__)

REASONS: Final[Mapping[str, str | Promise]] = MappingProxyType(
    {
        "bot": _("Sent by a bot"),
        "consent": _("The visitor had not agreed"),
        "id": _("Its id is no UUIDv7, or of a time too far from now"),
        "malformed": _("Not an event"),
        "nul": _("Holds a NUL character"),
        "property": _("A property has a wrong type, or is too long"),
        "time": _("Its time cannot be read, or is older than what is kept"),
        "unknown_event": _("Nothing of this name is measured"),
        "undeclared_property": _("A property that is not measured (the rest of the event was kept)"),
        "batch_malformed": _("A whole delivery: not readable"),
        "batch_origin": _("A whole delivery: from another site"),
        "batch_throttled": _("A whole delivery: too many from one address"),
        "batch_too_large": _("A whole delivery: too large"),
    }
)


def count_refused(counts: Mapping[str, int], *, now: datetime) -> None:
    """Add to the day's counts. A database that cannot take them now is logged, and breaks nothing."""
    rows = [(now.date().isoformat(), reason, count) for reason, count in sorted(counts.items()) if count]
    if not rows:
        return
    alias = router.db_for_write(RefusedEvents)
    connection = connections[alias]
    table = connection.ops.quote_name(RefusedEvents._meta.db_table)
    try:
        with transaction.atomic(using=alias), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (day, reason, count) VALUES {', '.join(['(%s, %s, %s)'] * len(rows))}"  # noqa: S608  # the table's own name
                f" ON CONFLICT (day, reason) DO UPDATE SET count = {table}.count + EXCLUDED.count",
                [value for row in rows for value in row],
            )
    except (DatabaseError, InterfaceError):
        log.warning("Refused events could not be counted: %s", dict(counts), exc_info=True)
