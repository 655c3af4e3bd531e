"""The one way into the events table: events and what follows from them, written in one transaction, once each.

Recording and withdrawing meet at the visitor's row. Both begin by writing it, so that one waits for the other; the
marks of withdrawal are read behind that lock, never before it. So an event is either there when a withdrawal deletes,
or refused by its mark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID

import msgspec
from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from consent.selectors import is_withdrawn, withdrawn_among
from tracking.models import StoredEvent, Visitor
from tracking.signals import events_recorded
from tracking.timeline import Event

if TYPE_CHECKING:
    from tracking.models import Import

ROWS_PER_INSERT: Final = 500
"""Up to this many rows go in by INSERT; PostgreSQL takes more by COPY."""


class Accepted(NamedTuple):
    """An event and the purposes, as bits, under which it was accepted."""

    event: Event
    purposes: int


class Batch(NamedTuple):
    """Events of one visitor, and when the consent behind them was given."""

    visitor_id: UUID
    given_at: datetime
    events: Sequence[Accepted]


class Outcome(NamedTuple):
    """What became of some batches: how many events are new, which were known, which visitors have withdrawn."""

    accepted: int
    duplicates: frozenset[UUID]
    withdrawn: frozenset[UUID]


class FollowedVisitor(NamedTuple):
    """A visitor with new events: the purposes (bits) and the names of those."""

    visitor_id: UUID
    purposes: int
    names: frozenset[str]


Follower = Callable[[Sequence[FollowedVisitor]], None]

_followers: list[Follower] = []


def register_follower(follower: Follower) -> Follower:
    """Have `follower` called inside each recording transaction, with the visitors that got new events."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def follow(visitors: Sequence[FollowedVisitor]) -> None:
    """Tell the followers, in the transaction under way, that the events of these visitors changed."""
    if visitors:
        for follower in _followers:
            follower(visitors)


class _Withdrawn(Exception):  # not an error: it rolls back and is caught by the function that caused it
    def __init__(self, batches: Sequence[Batch]) -> None:
        self.batches = batches


def record_events(batches: Sequence[Batch], *, now: datetime, imported_from: Import | None = None) -> Outcome:
    """Store the events of `batches` and mark what follows, in one transaction; what is stored already is left alone.

    An event is known by its id alone. A batch whose consent is older than its visitor's withdrawal is refused whole.
    Imports have no consent that could be withdrawn, and are not asked.
    """
    allowed = [batch for batch in batches if batch.events]
    withdrawn: frozenset[UUID] = frozenset()
    while allowed:
        try:
            accepted, duplicates = _record(allowed, now=now, imported_from=imported_from)
        except _Withdrawn as found:
            withdrawn |= {batch.visitor_id for batch in found.batches}
            allowed = [batch for batch in allowed if not any(batch is refused for refused in found.batches)]
        else:
            return Outcome(accepted, duplicates, withdrawn)
    return Outcome(0, frozenset(), withdrawn)


def _record(batches: Sequence[Batch], *, now: datetime, imported_from: Import | None) -> tuple[int, frozenset[UUID]]:
    alias = router.db_for_write(StoredEvent)
    connection = connections[alias]
    # By the ids' numbers: a UUID hashes and compares in Python, a number does not.
    events: dict[int, tuple[UUID, Accepted]] = {}
    for batch in batches:
        for accepted in batch.events:
            events.setdefault(accepted.event.id.int, (batch.visitor_id, accepted))
    import_id = None if imported_from is None else imported_from.pk
    with transaction.atomic(using=alias):
        with connection.cursor() as cursor:
            lock_visitors(connection, cursor, _visitor_rows(batches), import_id=import_id)
            if imported_from is None and (refused := _withdrawn_batches(batches)):
                raise _Withdrawn(refused)
            new = _insert(connection, cursor, events, now=now, import_id=import_id)
        if new:
            followed = _followed(events, new)
            follow(followed)
            visitor_ids = frozenset(visitor.visitor_id for visitor in followed)
            transaction.on_commit(lambda: _announce(visitor_ids), using=alias, robust=True)
    if len(new) == len(events):
        return len(new), frozenset()
    return len(new), frozenset(events[number][1].event.id for number in events.keys() - new)


def _withdrawn_batches(batches: Sequence[Batch]) -> list[Batch]:
    if len(batches) == 1:
        return [batch for batch in batches if is_withdrawn(batch.visitor_id, batch.given_at)]
    oldest: dict[UUID, datetime] = {}
    for batch in batches:
        oldest[batch.visitor_id] = min(batch.given_at, oldest.get(batch.visitor_id, batch.given_at))
    suspects = withdrawn_among(oldest)
    return [
        batch for batch in batches if batch.visitor_id in suspects and is_withdrawn(batch.visitor_id, batch.given_at)
    ]


def _announce(visitor_ids: frozenset[UUID]) -> None:
    events_recorded.send_robust(sender=StoredEvent, visitor_ids=visitor_ids)


def _visitor_rows(batches: Iterable[Batch]) -> dict[UUID, tuple[int, datetime]]:
    rows: dict[UUID, tuple[int, datetime]] = {}
    for batch in batches:
        purposes, first_seen = rows.get(batch.visitor_id, (0, batch.events[0].event.occurred_at))
        for event, mask in batch.events:
            purposes |= mask
            if event.occurred_at < first_seen:
                first_seen = event.occurred_at
        rows[batch.visitor_id] = purposes, first_seen
    return rows


def lock_visitors(
    connection: BaseDatabaseWrapper,
    cursor: CursorWrapper,
    rows: Mapping[UUID, tuple[int, datetime]],
    *,
    import_id: int | None = None,
) -> None:
    """Write the visitors' rows (id → purposes, first seen), which locks them until the transaction ends.

    In the order of their ids, so that two writers never wait for each other.
    """
    write = _WRITERS[connection.vendor]
    least = "LEAST" if connection.vendor == "postgresql" else "MIN"
    table = connection.ops.quote_name(Visitor._meta.db_table)
    ordered = sorted(rows.items())
    for start in range(0, len(ordered), ROWS_PER_INSERT):
        chunk = ordered[start : start + ROWS_PER_INSERT]
        cursor.execute(
            _lock_sql(table, least, len(chunk)),
            [
                value
                for visitor_id, (purposes, first_seen) in chunk
                for value in (write.uuid(visitor_id), purposes, write.moment(first_seen), import_id)
            ],
        )


@lru_cache(maxsize=128)
def _lock_sql(table: str, least: str, rows: int) -> str:
    return (
        f"INSERT INTO {table} (id, purposes, first_seen, imported_from_id)"  # noqa: S608  # our own names
        f" VALUES {', '.join(['(%s, %s, %s, %s)'] * rows)}"
        f" ON CONFLICT (id) DO UPDATE SET purposes = {table}.purposes | EXCLUDED.purposes,"
        f" first_seen = {least}({table}.first_seen, EXCLUDED.first_seen)"
    )


class _SqliteWriter:
    """How values are written into SQLite, as Django's fields do."""

    @staticmethod
    def uuid(value: UUID) -> Any:
        return value.hex

    @staticmethod
    def moment(value: datetime) -> Any:
        if value.tzinfo is not UTC:
            value = value.astimezone(UTC)
        return value.isoformat(" ")[:-6]  # as Django writes it: UTC without its offset


class _PostgresWriter:
    """How values are written into PostgreSQL: the driver knows them."""

    @staticmethod
    def uuid(value: UUID) -> Any:
        return value

    @staticmethod
    def moment(value: datetime) -> Any:
        return value


_WRITERS: Final[Mapping[str, type[_SqliteWriter] | type[_PostgresWriter]]] = {
    "sqlite": _SqliteWriter,
    "postgresql": _PostgresWriter,
}

_COLUMNS: Final = (
    "id, visitor_id, name, occurred_at, received_at, url, title, referrer, properties, device, purposes,"
    " imported_from_id"
)
_ROW: Final = "(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_encode = msgspec.json.Encoder().encode


def _insert(
    connection: BaseDatabaseWrapper,
    cursor: CursorWrapper,
    events: Mapping[int, tuple[UUID, Accepted]],
    *,
    now: datetime,
    import_id: int | None,
) -> AbstractSet[int]:
    """Insert what is new and return its ids' numbers."""
    write = _WRITERS[connection.vendor]
    table = connection.ops.quote_name(StoredEvent._meta.db_table)
    received_at = write.moment(now)
    # In the order of the ids: two writers of the same ids then never wait for each other.
    ordered = [events[number] for number in sorted(events)]
    owners = {visitor_id.int: write.uuid(visitor_id) for visitor_id, _ in ordered}
    rows = [
        (
            write.uuid(event.id),
            owners[visitor_id.int],
            event.name,
            write.moment(event.occurred_at),
            received_at,
            event.page.url,
            event.page.title,
            event.page.referrer,
            _encode(event.properties).decode(),
            event.device,
            purposes,
            import_id,
        )
        for visitor_id, (event, purposes) in ordered
    ]
    if len(rows) > ROWS_PER_INSERT and connection.vendor == "postgresql":
        stored = _copy(cursor, table, rows)
    else:
        stored = []
        for start in range(0, len(rows), ROWS_PER_INSERT):
            chunk = rows[start : start + ROWS_PER_INSERT]
            cursor.execute(_insert_sql(table, len(chunk)), list(chain.from_iterable(chunk)))
            stored += cursor.fetchall()
    if len(stored) == len(events):
        return events.keys()
    return {event_id.int if isinstance(event_id, UUID) else int(event_id, 16) for (event_id,) in stored}


@lru_cache(maxsize=128)
def _insert_sql(table: str, rows: int) -> str:
    return (
        f"INSERT INTO {table} ({_COLUMNS}) VALUES {', '.join([_ROW] * rows)}"  # noqa: S608  # our own names
        " ON CONFLICT (id) DO NOTHING RETURNING id"
    )


def _copy(cursor: CursorWrapper, table: str, rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Bring rows in by COPY to a temporary table, which is several times faster, and return the ids that are new."""
    cursor.execute(f"CREATE TEMPORARY TABLE attune_incoming (LIKE {table}) ON COMMIT DROP")
    with cursor.copy(f"COPY attune_incoming ({_COLUMNS}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(
        f"INSERT INTO {table} ({_COLUMNS}) SELECT {_COLUMNS} FROM attune_incoming"  # noqa: S608  # our own names
        " ON CONFLICT (id) DO NOTHING RETURNING id"
    )
    stored: list[tuple[Any, ...]] = cursor.fetchall()
    cursor.execute("DROP TABLE attune_incoming")
    return stored


def _followed(events: Mapping[int, tuple[UUID, Accepted]], new: AbstractSet[int]) -> list[FollowedVisitor]:
    everything = len(new) == len(events)
    found: dict[int, tuple[UUID, int, set[str]]] = {}
    for number, (visitor_id, (event, purposes)) in events.items():
        if everything or number in new:
            _, mask, names = found.get(visitor_id.int) or (visitor_id, 0, set())
            names.add(event.name)
            found[visitor_id.int] = visitor_id, mask | purposes, names
    return [
        FollowedVisitor(visitor_id, mask, frozenset(names)) for _, (visitor_id, mask, names) in sorted(found.items())
    ]
