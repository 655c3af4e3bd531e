"""What is written here: a new version of the configuration, who is due, traits, erasure."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from personalization.profiles.models import Configuration


def publish() -> int:
    """Move the version of the published configuration, within the caller's transaction if there is one.

    Every save or deletion of what editors configure calls this; processes then compile it anew.
    """
    with transaction.atomic():
        if not Configuration.objects.filter(pk=1).update(version=F("version") + 1):
            Configuration.objects.bulk_create([Configuration(pk=1)], ignore_conflicts=True)
            Configuration.objects.filter(pk=1).update(version=F("version") + 1)
        return Configuration.objects.values_list("version", flat=True).get(pk=1)
