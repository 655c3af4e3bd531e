"""What workers do: judge visitors soon after they acted, those who are due, and everybody. All of it may run twice."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from consent import seldom
from personalization.segments import services

logger = logging.getLogger(__name__)


@shared_task(name="attune.judge_visitors", ignore_result=True)
def judge_visitors(visitor_ids: Sequence[str]) -> int:
    """Judge those of these visitors who are due."""
    return _unless_away(partial(services.judge_visitors, [UUID(visitor_id) for visitor_id in visitor_ids]))


# A beat that comes while no worker listens is worth nothing later: the next one does the same.
@shared_task(name="attune.recompute_due", ignore_result=True, expires=10)
def recompute_due() -> int:
    """Judge whoever is due."""
    return _unless_away(services.recompute_due)


def _unless_away(judge: Callable[[], int]) -> int:
    """What that judged. While the database is away that is nobody: they stay due, and are found when it is back."""
    try:
        return judge()
    except (OperationalError, InterfaceError) as error:
        # This comes each second: a traceback each time would bury what else the worker says.
        seldom.say(
            logger, logging.WARNING, "The database is away, and who is due waits: %s", " ".join(str(error).split())
        )
        return 0


@shared_task(name="attune.recompute_segments", ignore_result=True)
def recompute_segments() -> int:
    """Apply the rules to everybody, split into parts, each a task of its own, so that workers share them."""
    recomputation, parts = services.start_recomputation(now=timezone.now())
    count = 0
    for first, last in parts:
        recompute_part.delay(recomputation.pk, str(first), str(last))
        count += 1
    services.split_recomputation(recomputation.pk, parts=count, now=timezone.now())
    return count


@shared_task(name="attune.recompute_part", ignore_result=True, acks_late=True)
def recompute_part(recomputation_id: int, first: str, last: str) -> int:
    """Apply the rules to the visitors with ids from `first` to `last`."""
    stored = services.judge_everybody_between(UUID(first), UUID(last))
    services.finish_part(recomputation_id, now=timezone.now())
    return stored


@shared_task(name="attune.count_members", ignore_result=True, expires=300)
def count_members() -> dict[str, int]:
    """Count the people in each segment."""
    return services.count_members(now=timezone.now())
