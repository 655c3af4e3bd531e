"""What beat does and how often: `CELERY_BEAT_SCHEDULE = {**SCHEDULE, …}` in the project's settings."""

from __future__ import annotations

from typing import Any, Final

from celery.schedules import crontab

SCHEDULE: Final[dict[str, dict[str, Any]]] = {
    "attune: judge who is due": {
        "task": "attune.recompute_due",
        "schedule": 1.0,
    },
    "attune: count the people in segments": {
        "task": "attune.count_members",
        "schedule": 300.0,
    },
    "attune: make room for the coming months": {
        "task": "tracking.tasks.ensure_partitions",
        "schedule": crontab(hour="2", minute="7"),
    },
    # Before everybody is judged anew: what is past its retention no longer counts.
    "attune: delete what is past its retention": {
        "task": "tracking.tasks.purge_expired",
        "schedule": crontab(hour="2", minute="37"),
    },
    "attune: update all segments": {"task": "attune.recompute_segments", "schedule": crontab(hour="3", minute="17")},
}
