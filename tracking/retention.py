"""How long events are kept: the months' partitions made ahead, what is past retention deleted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import connections, router, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from tracking.conf import settings
from tracking.models import StoredEvent, Visitor
from tracking.partitions import Month, add_partitions, drop_partition, first_id, partitions
from tracking.recording import FollowedVisitor, follow

MONTHS_AHEAD = 2
"""How many months after this one have their partition before they begin."""

CHUNK = 1000


def ensure_partitions(now: datetime) -> list[Month]:
    """Make the partitions of this month and the next ones that are missing, and return them. Nothing on SQLite."""
    month = Month.of(now)
    connection = connections[router.db_for_write(StoredEvent)]
    return add_partitions(connection, StoredEvent, [month.plus(ahead) for ahead in range(MONTHS_AHEAD + 1)])


def missing_partitions(now: datetime) -> list[Month]:
    """Return which of this and the next month have no partition: their events go to the default one meanwhile."""
    connection = connections[router.db_for_write(StoredEvent)]
    if connection.vendor != "postgresql":
        return []
    there = partitions(connection, StoredEvent)
    month = Month.of(now)
    return [wanted for wanted in (month, month.plus(1)) if wanted not in there]


def purge_events(now: datetime) -> int:
    """Delete events older than retention, and visitors without newer ones; return how many events those were.

    For what is concluded from events, deleting some is the same as recording some: the followers are told.
    """
    alias = router.db_for_write(StoredEvent)
    connection = connections[alias]
    cutoff = now - settings.RETENTION
    deleted = 0
    for month, _table in sorted(partitions(connection, StoredEvent).items()):
        low, high = month.bounds
        if high <= first_id(cutoff):
            whole = StoredEvent.objects.using(alias).filter(id__gte=low, id__lt=high)
            with transaction.atomic(using=alias):
                deleted += whole.count()
                _follow_all(whole)
                drop_partition(connection, StoredEvent, month)
    expired = StoredEvent.objects.using(alias).filter(Q(id__lt=first_id(cutoff)) | Q(occurred_at__lt=cutoff))
    while True:
        with transaction.atomic(using=alias):
            ids = list(expired.order_by("id").values_list("pk", flat=True)[:CHUNK])
            if not ids:
                break
            chunk = StoredEvent.objects.using(alias).filter(pk__in=ids)
            _follow_all(chunk)
            deleted += chunk._raw_delete(alias)
    _purge_visitors(alias, cutoff)
    return deleted


def _purge_visitors(alias: str, cutoff: datetime) -> None:
    """Delete visitors who came before retention and left no event within it."""
    events = StoredEvent.objects.filter(visitor_id=OuterRef("pk"))
    Visitor.objects.using(alias).filter(~Exists(events), first_seen__lt=cutoff)._raw_delete(alias)


def _follow_all(events: QuerySet[StoredEvent]) -> None:
    for visitors in _chunks(_followed(events)):
        follow(visitors)


def _followed(events: QuerySet[StoredEvent]) -> Iterator[FollowedVisitor]:
    """Yield the visitors of these events with what is about to go."""
    found: dict[UUID, tuple[int, set[str]]] = {}
    for visitor_id, purposes, name in events.values_list("visitor_id", "purposes", "name").distinct().order_by():
        mask, names = found.get(visitor_id, (0, set()))
        names.add(name)
        found[visitor_id] = mask | purposes, names
    for visitor_id in sorted(found):
        purposes, names = found[visitor_id]
        yield FollowedVisitor(visitor_id, purposes, frozenset(names))


def _chunks(visitors: Iterator[FollowedVisitor]) -> Iterator[list[FollowedVisitor]]:
    while chunk := list(islice(visitors, CHUNK)):
        yield chunk
