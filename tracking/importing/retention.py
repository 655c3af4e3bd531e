"""What an import keeps of rows that could not be read may hold personal data: it goes when its time is over."""

from __future__ import annotations

from datetime import datetime

from tracking.conf import settings
from tracking.importing.models import Import


def expire_bad_rows(now: datetime) -> int:
    """Forget the values of bad rows of imports that began before retention; return how many values those were.

    Reasons and their counts stay; names of unknown events go, too, for a wrong column has anything in it.
    """
    forgotten = 0
    for record in Import.objects.filter(started_at__lt=now - settings.RETENTION):
        unknown = record.counts.get("unknown", {})
        if record.problems or unknown:
            forgotten += len(record.problems) + len(unknown)
            record.problems = []
            record.counts["unknown"] = {}
            record.save(update_fields=("problems", "counts"))
    return forgotten
