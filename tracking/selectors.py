"""What is read of what happened: timelines, each for one purpose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby, islice
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from consent.purposes import PURPOSES, mask_of
from tracking.event_types import BUILTIN
from tracking.importing.report import shift_in_words
from tracking.models import EventType, Import, StoredEvent, Visitor
from tracking.timeline import Event, Page, Timeline

CHUNK: Final = 500
"""How many visitors are asked for in one query."""

_FIELDS: Final = ("visitor_id", "id", "name", "occurred_at", "url", "title", "referrer", "properties", "device")


def moves_in_time() -> list[tuple[str, str]]:
    """Return the imports that moved the times of visitors who are still here: name and how far, in words.

    Wherever people are counted, imported ones count as well; whoever reads the number is to know of the move.
    """
    imported = Exists(Visitor.objects.filter(imported_from=OuterRef("pk")))
    moved = Import.objects.exclude(shift_microseconds=0).filter(imported).order_by("started_at", "pk")
    return [(record.name, shift_in_words(record.shift)) for record in moved]


def events_for(purpose: str) -> QuerySet[StoredEvent]:
    """Return the stored events that carry `purpose`."""
    bit = mask_of([purpose])
    every = mask_of(known.code for known in PURPOSES)
    return StoredEvent.objects.filter(purposes__in=[mask for mask in range(1, every + 1) if mask & bit])


def timeline_of(visitor_id: UUID, *, purpose: str) -> Timeline:
    """Return what the visitor did, as far as `purpose` may know it. Left out is what no visitor causes (refunds)."""
    rows = _visitors_own(events_for(purpose)).filter(visitor_id=visitor_id).order_by("occurred_at", "id")
    return Timeline(_event(row) for row in rows.values_list(*_FIELDS))


def timelines(
    visitor_ids: Iterable[UUID] | None, *, purpose: str, chunk: int = CHUNK
) -> Iterator[tuple[UUID, Timeline]]:
    """Yield visitors with their timelines; flat in memory, however many there are.

    With `visitor_ids`: one query for each `chunk` of them, in the order given, empty timelines included. With `None`:
    everybody who has events, in the order of the ids, by one query whose rows are streamed.
    """
    events = _visitors_own(events_for(purpose)).order_by("visitor_id", "occurred_at", "id").values_list(*_FIELDS)
    if visitor_ids is None:
        for visitor_id, rows in groupby(events.iterator(chunk_size=2000), key=_visitor):
            yield visitor_id, Timeline(map(_event, rows))
        return
    remaining = iter(visitor_ids)
    while wanted := list(islice(remaining, chunk)):
        found = {
            visitor_id: Timeline(map(_event, rows))
            for visitor_id, rows in groupby(
                events.filter(visitor_id__in=wanted).iterator(chunk_size=2000), key=_visitor
            )
        }
        for visitor_id in wanted:
            yield visitor_id, found.get(visitor_id) or Timeline()


def _visitors_own(events: QuerySet[StoredEvent]) -> QuerySet[StoredEvent]:
    """Leave out what no visitor causes. The admin's rows are asked within the query, so that it stays one."""
    rows = EventType.objects
    declared = [kind.name for kind in BUILTIN.values() if not kind.by_visitor]
    return events.exclude(name__in=rows.filter(by_visitor=False).values("name")).exclude(
        Q(name__in=declared) & ~Q(name__in=rows.filter(by_visitor=True).values("name"))
    )


def _visitor(row: tuple[Any, ...]) -> UUID:
    visitor_id: UUID = row[0]
    return visitor_id


def _event(row: tuple[UUID, UUID, str, datetime, str, str, str, dict[str, Any], str]) -> Event:
    _, event_id, name, occurred_at, url, title, referrer, properties, device = row
    return Event(event_id, name, occurred_at, Page(url, title, referrer), properties, device)
