"""What is read of what happened: timelines, each for one purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from consent.purposes import PURPOSES, mask_of
from tracking.event_types import BUILTIN
from tracking.importing.report import shift_in_words
from tracking.models import EventType, Import, StoredEvent, Visitor
from tracking.rows import DIALECTS, StoredTimeline, read_rows
from tracking.timeline import Event, Page, Timeline

CHUNK: Final = 500
"""How many visitors are asked for in one query."""
PAGES: Final = 2_000
"""Of how many pages what follows from their addresses is remembered while one query is read."""

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


def latest_events_of_several(
    names: Iterable[str],
    *,
    purpose: str,
    about: Callable[[Event], Iterable[str]],
    visitors: int,
    among: int = 5_000,
) -> list[Event]:
    """Return the latest events, oldest first, that tell nothing about one visitor: about what several did.

    The latest are taken by their ids, which begin with the time: however many events there are, it reads `among`.

    Args:
        names: of the events.
        purpose: that the events serve.
        about: what an event is about, such as its items.
        visitors: an event is left out if it is about something that fewer visitors than these had to do with.
        among: so many events are read, whatever they are.
    """
    wanted = set(names)
    rows = events_for(purpose).order_by("-id").values_list(*_FIELDS)[:among]
    found: list[tuple[Event, frozenset[str]]] = []
    whose: dict[str, set[UUID]] = {}
    for row in rows:
        if row[2] in wanted:
            event = _event(row)
            found.append((event, things := frozenset(about(event))))
            for thing in things:
                whose.setdefault(thing, set()).add(row[0])
    shared = [event for event, things in found if things and all(len(whose[one]) >= visitors for one in things)]
    return sorted(shared, key=lambda event: (event.occurred_at, event.id))


def timelines(
    visitor_ids: Iterable[UUID] | None, *, purpose: str, chunk: int = CHUNK
) -> Iterator[tuple[UUID, Timeline]]:
    """Yield visitors with their timelines; flat in memory, however many there are.

    With `visitor_ids`: one query for each `chunk` of them, in the order given, empty timelines included; if they are
    sorted, one timeline at a time is held. With `None`: everybody who has events, in the order of the ids, by one query
    whose rows are streamed.
    """
    connection = connections[router.db_for_read(StoredEvent)]
    events = _visitors_own(events_for(purpose))
    dialect = DIALECTS[connection.vendor]
    if visitor_ids is None:
        for visitor, timeline in _grouped(events, connection):
            yield UUID(visitor), timeline
        return
    remaining = iter(visitor_ids)
    while wanted := list(islice(remaining, chunk)):
        # One parameter, however many they are.
        among = RawSQL(dialect.among, [dialect.several(map(dialect.visitor, wanted))], output_field=BooleanField())  # noqa: S611  # a fixed text
        found = _grouped(events.filter(among), connection)
        passed: dict[str, Timeline] = {}
        coming = next(found, None)
        for visitor_id in wanted:
            visitor = dialect.visitor(visitor_id)
            # They come in the order of the ids, which the texts have as well.
            while coming is not None and coming[0] <= visitor:
                passed[coming[0]] = coming[1]
                coming = next(found, None)
            yield visitor_id, passed.pop(visitor) if visitor in passed else Timeline()


def _grouped(events: QuerySet[StoredEvent], connection: BaseDatabaseWrapper) -> Iterator[tuple[str, Timeline]]:
    moment = DIALECTS[connection.vendor].moment
    pages: dict[tuple[str, ...], dict[str, str]] = {}
    for visitor, rows in groupby(read_rows(events, connection), key=itemgetter(0)):
        if len(pages) > PAGES:
            pages.clear()
        yield visitor, Timeline.of_stored(StoredTimeline(list(rows), moment, pages))


def _visitors_own(events: QuerySet[StoredEvent]) -> QuerySet[StoredEvent]:
    """Leave out what no visitor causes. The admin's rows are asked within the query, so that it stays one."""
    rows = EventType.objects
    declared = [kind.name for kind in BUILTIN.values() if not kind.by_visitor]
    return events.exclude(name__in=rows.filter(by_visitor=False).values("name")).exclude(
        Q(name__in=declared) & ~Q(name__in=rows.filter(by_visitor=True).values("name"))
    )


def _event(row: tuple[UUID, UUID, str, datetime, str, str, str, dict[str, Any], str]) -> Event:
    _, event_id, name, occurred_at, url, title, referrer, properties, device = row
    return Event(event_id, name, occurred_at, Page(url, title, referrer), properties, device)
