"""Switching off what fails: a variant that only ever fails is not tried again until an editor says so.

What visitors did, and what their addresses say, goes into what they see, so a visitor may have found something that
makes a variant fail for them. Nobody switches it off by that for others: each address counts once in a row of failures.
"""

import ipaddress
import logging
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from consent import keyed
from personalization.content.failures import in_words
from personalization.content.models import Block, FailingElsewhere, Variant
from personalization.content.serving import mishaps

logger = logging.getLogger("personalization.content")

FAILURES: Final = 5
"""So many times in a row it may fail, each time for another address …"""
APART: Final = timedelta(seconds=10)
"""… what lies closer together counted once, since of some visitors no address is known …"""
FORGOTTEN_AFTER: Final = timedelta(days=1)
"""… unless so much time lies between two of them."""

DRAWERS: Final = 60
"""Addresses are told apart by these alone: too few for one of them to say who it was."""

_failing: dict[str, dict[int, datetime]] = {}
"""The variants that failed in this process since they last worked there, and when that was counted, by drawer."""


def note_failure(uuid: str, what: str, *, now: datetime, elsewhere: str = "", address: str = "") -> None:
    """Count a failure of this variant, in all processes together, and switch it off at the last one that it may have.

    Never raises. While debugging nothing is counted: a template that is being written fails many times.

    Args:
        uuid: the variant's.
        what: what happened, for editors (see `failures`), and without what the page knew of its visitor.
        now: an aware datetime.
        elsewhere: the key of its block, if neither is the admin's.
        address: of whom it failed for, as limits know it (`consent.throttle.address_of`).
    """
    drawer, counted = drawer_of(uuid, address), _failing.setdefault(uuid, {})
    if settings.DEBUG or (drawer in counted and now - counted[drawer] < APART):
        return
    counted[drawer] = now
    try:
        with transaction.atomic():
            _count(uuid, what, now, elsewhere, drawer)
    except Exception:  # without its database, too, the page renders
        mishaps.say_unread(logger, "Could not count that the variant %s failed.", uuid)


def note_success(uuid: str) -> None:
    """Count anew from here, if it had failed: it fails for some visitors, or for some requests, not for all.

    Never raises, and costs nothing for a variant that did not fail.
    """
    if _failing.pop(uuid, None) is None:
        return
    try:
        for kind in (Variant, FailingElsewhere):
            kind._default_manager.filter(uuid=uuid, broken_at__isnull=True, failures__gt=0).update(
                failures=0, failed_for=0
            )
    except Exception:
        mishaps.say_unread(logger, "Could not count that the variant %s works again.", uuid)


def try_again(block: Block) -> None:
    """Switch on what failed in this block: at the next failures it is counted anew."""
    for variant in block.variants.filter(broken_at__isnull=False):
        variant.failures, variant.failed_for, variant.broken_at = 0, 0, None
        variant.save(update_fields=["failures", "failed_for", "broken_at"])


def try_again_elsewhere(key: str) -> None:
    """The same for a block of a source; one that did not fail stays as it is."""
    for variant in FailingElsewhere.objects.filter(block=key):
        variant.delete()


def drawer_of(uuid: str, address: str) -> int:
    """The drawer that an address is in for this variant; 0 where addresses do not tell visitors apart.

    A private address is that of a proxy, or of somebody of the house. Of an IPv6 address a household has many.

    >>> drawer_of("1f", "10.0.0.1"), drawer_of("1f", "")
    (0, 0)
    >>> drawer_of("1f", "2600:1f18:aa:1::/64") == drawer_of("1f", "2600:1f18:aa:2::/64")
    True
    """
    if not address:
        return 0
    network = ipaddress.ip_network(address)
    if not network.is_global:
        return 0
    if isinstance(network, ipaddress.IPv6Network):
        network = network.supernet(new_prefix=48)
    return 1 + int(keyed.digest("personalization.content.breaking", f"{uuid} {network}"), 16) % DRAWERS


def _count(uuid: str, what: str, now: datetime, elsewhere: str, drawer: int) -> None:
    # Whoever holds the row is counting, too, or an editor saves it: no page waits for either.
    rows: QuerySet[Any] = (FailingElsewhere if elsewhere else Variant)._default_manager.filter(uuid=uuid)
    if elsewhere and not rows.exists():
        FailingElsewhere.objects.bulk_create([FailingElsewhere(uuid=uuid, block=elsewhere)], ignore_conflicts=True)
    variant = rows.select_for_update(skip_locked=True).filter(broken_at__isnull=True).first()
    if variant is None:
        return
    since = None if variant.failed_at is None else now - variant.failed_at
    goes_on = since is not None and since < FORGOTTEN_AFTER and variant.failures > 0
    known_for = variant.failed_for if goes_on else 0
    mark = 1 << (drawer - 1) if drawer else 0
    if (since is not None and since < APART) or known_for & mark:
        return
    variant.failures, variant.failed_for = variant.failures + 1 if goes_on else 1, known_for | mark
    variant.failed_at, variant.failure = now, what[:200]
    if variant.failures >= FAILURES:
        variant.broken_at, variant.failed_for = now, 0
        variant.save()  # publishes
        logger.error("The variant “%s” failed %s times and is switched off: %s", variant, FAILURES, in_words(what))
    else:
        kept = ("failures", "failed_for", "failed_at", "failure")
        rows.update(**{name: getattr(variant, name) for name in kept})
