"""Switching off what fails: a variant that only ever fails is not tried again until an editor says so."""

import logging
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from personalization.content.models import Block, Variant

logger = logging.getLogger("personalization.content")

FAILURES: Final = 5
"""So many times in a row it may fail …"""
APART: Final = timedelta(seconds=10)
"""… what lies closer together counted once, so that nobody switches it off by a few odd requests …"""
FORGOTTEN_AFTER: Final = timedelta(days=1)
"""… unless so much time lies between two of them."""

_failing: dict[str, datetime] = {}
"""The variants that failed in this process since they last worked there, and when that was counted."""


def note_failure(uuid: str, what: str, *, now: datetime) -> None:
    """Count a failure of this variant, in all processes together, and switch it off at the last one that it may have.

    Never raises. While debugging nothing is counted: a template that is being written fails many times.

    Args:
        uuid: the variant's.
        what: what happened, for editors, and without what the page knew of its visitor.
        now: an aware datetime.
    """
    if settings.DEBUG or (uuid in _failing and now - _failing[uuid] < APART):
        return
    _failing[uuid] = now
    try:
        with transaction.atomic():
            _count(uuid, what, now)
    except Exception:  # without its database, too, the page renders
        logger.exception("Could not count that the variant %s failed.", uuid)


def note_success(uuid: str) -> None:
    """Count anew from here, if it had failed: it fails for some visitors, or for some requests, not for all.

    Never raises, and costs nothing for a variant that did not fail.
    """
    if _failing.pop(uuid, None) is None:
        return
    try:
        Variant.objects.filter(uuid=uuid, broken_at__isnull=True, failures__gt=0).update(failures=0)
    except Exception:
        logger.exception("Could not count that the variant %s works again.", uuid)


def try_again(block: Block) -> None:
    """Switch on what failed in this block: at the next failures it is counted anew."""
    for variant in block.variants.filter(broken_at__isnull=False):
        variant.failures, variant.broken_at = 0, None
        variant.save(update_fields=["failures", "broken_at"])


def _count(uuid: str, what: str, now: datetime) -> None:
    # Whoever holds the row is counting, too, or an editor saves it: no page waits for either.
    variant = Variant.objects.select_for_update(skip_locked=True).filter(uuid=uuid, broken_at__isnull=True).first()
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
        logger.error("The variant %r failed %s times and is switched off: %s", variant.name, FAILURES, what)
    else:
        Variant.objects.filter(pk=variant.pk).update(failures=variant.failures, failed_at=now, failure=variant.failure)
