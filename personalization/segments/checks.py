"""System checks of whether visitors are judged by anybody but their pages.

personalization.W038  visitors wait to be judged for longer than workers need (only with ``check --database``)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError, InterfaceError, router
from django.utils import timezone

from personalization.profiles.models import Profile
from personalization.profiles.services import DUE_AT_ONCE

LATE: Final = timedelta(minutes=10)
"""Workers need seconds."""


def check_due(app_configs: Any, *, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Check that nobody has waited long for a worker. Asked with ``check --database``."""
    if router.db_for_read(Profile) not in (databases or ()):
        return []
    try:
        # Who is due because of an event or a trait is due at once: since when nothing says.
        waits = Profile.objects.filter(due_at__gt=DUE_AT_ONCE, due_at__lt=timezone.now() - LATE).exists()
    except (DatabaseError, InterfaceError):
        return []  # a database that does not answer, or has no tables yet, is not for this check to report
    if not waits:
        return []
    return [
        Warning(
            "Visitors have waited for more than ten minutes to be judged: no worker does it, or no beat asks for it.",
            hint=(
                "Pages are right, but each of theirs judges anew, and the admin's numbers grow old. Start a Celery "
                "worker and one beat with personalization.schedule.SCHEDULE. Without Celery, run “manage.py "
                "recompute_segments” each night, and silence this."
            ),
            id="personalization.W038",
        )
    ]


def connect() -> None:
    """Register the checks; called once the app is ready."""
    register(check_due, Tags.database)
