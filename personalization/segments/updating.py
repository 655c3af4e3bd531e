"""Applying the rules to everybody on request: here and now while they are few, else by the workers."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Final, NamedTuple

from django.db import transaction

from personalization.profiles.head import configuration_version
from personalization.segments import services
from personalization.segments.published import published

logger = logging.getLogger(__name__)

FEW: Final = 1_000
"""So many visitors are judged within the request: a second or so, and the editor sees the numbers at once."""


class Update(StrEnum):
    """What became of the request."""

    DONE = "done"
    STARTED = "started"
    NO_WORKER = "no worker"


class Updated(NamedTuple):
    """What became of the request, and for how many visitors."""

    how: Update
    visitors: int


def update_everybody() -> Updated:
    """Apply the rules to everybody: at once while they are few, else by a task."""
    visitors = services.count_everybody()
    if visitors <= FEW:
        services.recompute_now()
        return Updated(Update.DONE, visitors)
    return Updated(Update.STARTED if update_soon() else Update.NO_WORKER, visitors)


@contextmanager
def applying_rules() -> Iterator[None]:
    """Have the workers apply the rules to everybody if what is done inside changed which rules are judged.

    Until they have, every decision judges its visitor in memory, which costs the timeline: so a rule that went counts
    as much as one that came.
    """
    before = _rules_version()
    yield
    if _rules_version() != before:
        transaction.on_commit(update_soon, robust=True)


def _rules_version() -> int:
    return published(configuration_version()).rules_version


def update_soon() -> bool:
    """Leave it to the workers; whether the broker took it. Until they are done, decisions judge in memory."""
    from personalization.segments.tasks import recompute_segments

    try:
        recompute_segments.apply_async(retry=False)
    except Exception as error:  # whatever the broker's client raises: each broker has its own
        logger.warning("The update of all segments could not be published; the nightly one will do it: %s", error)
        return False
    return True
