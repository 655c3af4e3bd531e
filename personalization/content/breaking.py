"""Switching off what fails: a variant that only ever fails is not tried again until an editor says so."""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from personalization.content.models import Block, FailingElsewhere, Variant

logger = logging.getLogger("personalization.content")

FAILURES: Final = 5
"""So many times in a row it may fail …"""
APART: Final = timedelta(seconds=10)
"""… what lies closer together counted once, so that nobody switches it off by a few odd requests …"""
FORGOTTEN_AFTER: Final = timedelta(days=1)
"""… unless so much time lies between two of them."""

_failing: dict[str, datetime] = {}
"""The variants that failed in this process since they last worked there, and when that was counted."""


def note_failure(uuid: str, what: str, *, now: datetime, elsewhere: str = "") -> None:
    """Count a failure of this variant, in all processes together, and switch it off at the last one that it may have.

    Never raises. While debugging nothing is counted: a template that is being written fails many times.

    Args:
        uuid: the variant's.
        what: what happened, for editors, and without what the page knew of its visitor.
        now: an aware datetime.
        elsewhere: the key of its block, if neither is the admin's.
    """
    if settings.DEBUG or (uuid in _failing and now - _failing[uuid] < APART):
        return
    _failing[uuid] = now
    try:
        with transaction.atomic():
            _count(uuid, what, now, elsewhere)
    except Exception:  # without its database, too, the page renders
        logger.exception("Could not count that the variant %s failed.", uuid)


def note_success(uuid: str) -> None:
    """Count anew from here, if it had failed: it fails for some visitors, or for some requests, not for all.

    Never raises, and costs nothing for a variant that did not fail.
    """
    if _failing.pop(uuid, None) is None:
        return
    try:
        for kind in (Variant, FailingElsewhere):
            kind._default_manager.filter(uuid=uuid, broken_at__isnull=True, failures__gt=0).update(failures=0)
    except Exception:
        logger.exception("Could not count that the variant %s works again.", uuid)


def try_again(block: Block) -> None:
    """Switch on what failed in this block: at the next failures it is counted anew."""
    for variant in block.variants.filter(broken_at__isnull=False):
        variant.failures, variant.broken_at = 0, None
        variant.save(update_fields=["failures", "broken_at"])


def try_again_elsewhere(key: str) -> None:
    """The same for a block of a source; one that did not fail stays as it is."""
    for variant in FailingElsewhere.objects.filter(block=key):
        variant.delete()


def _count(uuid: str, what: str, now: datetime, elsewhere: str) -> None:
    # Whoever holds the row is counting, too, or an editor saves it: no page waits for either.
    rows: QuerySet[Any] = (FailingElsewhere if elsewhere else Variant)._default_manager.filter(uuid=uuid)
    if elsewhere and not rows.exists():
        FailingElsewhere.objects.bulk_create([FailingElsewhere(uuid=uuid, block=elsewhere)], ignore_conflicts=True)
    variant = rows.select_for_update(skip_locked=True).filter(broken_at__isnull=True).first()
    if variant is None:
        return
    since = None if variant.failed_at is None else now - variant.failed_at
    if since is not None and since < APART:
        return
    variant.failures = variant.failures + 1 if since is not None and since < FORGOTTEN_AFTER else 1
    variant.failed_at, variant.failure = now, what[:200]
    if variant.failures >= FAILURES:
        variant.broken_at = now
        variant.save()  # publishes
        logger.error("The variant “%s” failed %s times and is switched off: %s", variant, FAILURES, what)
    else:
        rows.update(failures=variant.failures, failed_at=now, failure=variant.failure)
