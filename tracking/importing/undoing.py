"""Takes an import back: exactly its events, the visitors whom only it brought, and at last the import itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connections, router, transaction
from django.db.models import Min

from consent.purposes import EVERY_PURPOSE
from consent.stores import erase_everywhere
from tracking.importing.errors import ImportRefused
from tracking.importing.models import Import
from tracking.models import StoredEvent, Visitor
from tracking.recording import FollowedVisitor, follow, lock_visitors

CHUNK: Final = 500
"""How many events, or visitors, go in one transaction."""

FIRST: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back so far: events, visitors who went with them, visitors who stay; and whether that is all."""

    events: int = 0
    visitors: int = 0
    kept: int = 0
    finished: bool = False


def undo_import(import_id: int, *, now: datetime, at_most: int | None = None) -> Undone:
    """Take the import back, chunk by chunk, each in one transaction, until all or about `at_most` events are gone.

    A call that was interrupted, or that reached its limit, is gone on with by the next; numbers cover all calls. From
    the first on, nobody can import under this record. When all is gone, so is the record, with what it kept of bad
    rows, and the same file can be imported anew. Visitors who have other events keep them and are judged anew.

    `ImportRefused` when there is no such import (any more).
    """
    alias = router.db_for_write(Import)
    with transaction.atomic(using=alias):
        # Each chunk of an import takes this lock: what it stores is there before, or it is refused afterwards.
        record = _locked(import_id)
        record.undo_began_at = record.undo_began_at or now
        record.save(update_fields=("undo_began_at",))
        begun = done = _done(record)
    after = FIRST
    while True:
        if at_most is not None and done.events - begun.events >= at_most:
            return done
        with transaction.atomic(using=alias):
            record = _locked(import_id)
            # Onward by the primary key: no index leads from an import to its events.
            found = list(
                StoredEvent.objects.using(alias).filter(imported_from=record, id__gt=after).order_by("id")[:CHUNK]
            )
            if not found:
                break
            after = found[-1].pk
            done = _take_back(alias, record, found, _done(record), now=now)
    while True:
        with transaction.atomic(using=alias):
            record = _locked(import_id)
            # Whose events of this import are gone already, by retention.
            left = Visitor.objects.using(alias).filter(imported_from=record).order_by("id")
            owners = list(left.values_list("pk", flat=True)[:CHUNK])
            if not owners:
                Import.objects.using(alias).filter(pk=import_id).delete()
                return replace(_done(record), finished=True)
            _lock(alias, owners, now)
            _settle(alias, record, owners, _done(record), now=now)


def _locked(import_id: int) -> Import:
    record = Import.objects.select_for_update().filter(pk=import_id).first()
    if record is None:
        raise ImportRefused("There is no such import (any more).")
    return record


def _lock(alias: str, owners: Sequence[UUID], now: datetime) -> None:
    """The same first step as recording and withdrawing: from here on, each waits for the other."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        lock_visitors(connection, cursor, dict.fromkeys(owners, (0, now)))


def _done(record: Import) -> Undone:
    return Undone(**record.counts.get("undone", {}))


def _take_back(alias: str, record: Import, found: Sequence[StoredEvent], done: Undone, *, now: datetime) -> Undone:
    """Delete these events, and settle whose they were."""
    owners = sorted({event.visitor_id for event in found})
    _lock(alias, owners, now)
    StoredEvent.objects.using(alias).filter(pk__in=[event.pk for event in found])._raw_delete(alias)
    names: dict[UUID, set[str]] = {}
    for event in found:
        names.setdefault(event.visitor_id, set()).add(event.name)
    done = _settle(alias, record, owners, replace(done, events=done.events + len(found)), now=now)
    stay = Visitor.objects.using(alias).filter(pk__in=owners).order_by("pk")
    follow([FollowedVisitor(one.pk, one.purposes, frozenset(names[one.pk])) for one in stay])
    return done


def _settle(alias: str, record: Import, owners: Sequence[UUID], done: Undone, *, now: datetime) -> Undone:
    """Let visitors go whom only this import brought; of those who stay, take back what only it said of them.

    Their rows are locked: whoever was found without other events must not get some before being erased with them.
    """
    events = StoredEvent.objects.using(alias).filter(visitor_id__in=owners).order_by()
    rest: dict[UUID, int] = {}
    sources: dict[UUID, set[int | None]] = {}
    for owner, purposes, source in events.values_list("visitor_id", "purposes", "imported_from_id").distinct():
        rest[owner] = rest.get(owner, 0) | purposes
        sources.setdefault(owner, set()).add(source)
    since = dict(events.values_list("visitor_id").annotate(Min("occurred_at")))
    gone = kept = 0
    for visitor in Visitor.objects.using(alias).filter(pk__in=owners).order_by("pk"):
        from_here = sources.get(visitor.pk, set())
        if record.pk in from_here:
            continue  # more of this import is still to be taken back
        if not from_here and (visitor.imported_from_id == record.pk or not visitor.purposes):
            erase_everywhere(visitor.pk, withdrawn=EVERY_PURPOSE, remaining=0)
            gone += 1
            continue
        kept += 1
        if from_here:
            remaining = rest[visitor.pk]
            if visitor.purposes & ~remaining:
                erase_everywhere(visitor.pk, withdrawn=visitor.purposes & ~remaining, remaining=remaining)
            brought_by = visitor.imported_from_id
            if brought_by == record.pk:
                brought_by = None if None in from_here else min(one for one in from_here if one is not None)
            Visitor.objects.using(alias).filter(pk=visitor.pk).update(
                first_seen=since[visitor.pk], imported_from=brought_by
            )
    done = replace(done, visitors=done.visitors + gone, kept=done.kept + kept)
    record.counts["undone"] = {key: value for key, value in asdict(done).items() if key != "finished"}
    record.save(update_fields=("counts",))
    return done
