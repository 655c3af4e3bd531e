"""Rows of the events table, read as the driver reads them fastest: texts and numbers, made into more only when asked.

Whoever streams everybody's events looks at few columns of few of them. Building ids, times and properties of all costs
several times what reading does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

import msgspec
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, QuerySet, TextField
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

from tracking.models import StoredEvent
from tracking.timeline import Event, Page, Value, own_fields_of

Row: TypeAlias = tuple[str, str, str, Any, str, str, str, str, str]
"""visitor, id, name, occurred_at, url, title, referrer, properties, device."""

AT_ONCE: Final = 2000
"""How many rows are fetched together."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class _AsText(Func):
    """A UUID as the database writes it."""

    output_field = TextField()
    template = "%(expressions)s::text"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """The column holds a text."""
        return self.as_sql(compiler, connection, template="%(expressions)s", **context)


class _AsNumber(Func):
    """A moment: its microseconds since 1970, or with SQLite the text that it is."""

    output_field = TextField()
    template = "(EXTRACT(EPOCH FROM %(expressions)s) * 1000000)::bigint"

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Any:
        """An expression, so that the driver leaves it a text."""
        return self.as_sql(compiler, connection, template="%(expressions)s || '+00:00'", **context)


_COLUMNS: Final[Sequence[Combinable]] = (
    _AsText(F("visitor_id")),
    _AsText(F("id")),
    F("name"),
    _AsNumber(F("occurred_at")),
    *map(F, ("url", "title", "referrer", "properties", "device")),
)


def _moment_of_number(number: int) -> datetime:
    return EPOCH + timedelta(microseconds=number)


class Dialect(NamedTuple):
    """How a database writes what is read here."""

    visitor: Callable[[UUID], str]
    moment: Callable[[Any], datetime]
    among: str
    """The condition that the visitor is one of several, which are one parameter."""
    several: Callable[[Iterable[str]], str]


DIALECTS: Final = {
    "postgresql": Dialect(
        str, _moment_of_number, "visitor_id = ANY(%s::uuid[])", lambda visitors: f"{{{','.join(visitors)}}}"
    ),
    "sqlite": Dialect(
        lambda visitor_id: visitor_id.hex,
        datetime.fromisoformat,
        "visitor_id IN (SELECT value FROM json_each(%s))",
        lambda visitors: json.dumps(list(visitors)),
    ),
}


def read_rows(events: QuerySet[StoredEvent], connection: BaseDatabaseWrapper) -> Iterator[Row]:
    """Yield rows in the order of visitors and timelines, by a cursor of the server where there may be one."""
    query = events.order_by("visitor_id", "occurred_at", "id").values_list(*_COLUMNS).query
    sql, parameters = query.get_compiler(connection=connection).as_sql()
    whole = connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")  # as behind a pool of transactions
    with connection.cursor() if whole else connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while rows := cursor.fetchmany(AT_ONCE):
            yield from rows


class StoredTimeline:
    """The rows of one visitor, in order (`tracking.timeline.Stored`)."""

    __slots__ = ("_pages", "_rows", "names", "times")

    def __init__(
        self, rows: Sequence[Row], moment: Callable[[Any], datetime], pages: dict[tuple[str, ...], dict[str, str]]
    ) -> None:
        """Take the rows; `pages` remembers the fields of pages that many visit, as long as the reader keeps it."""
        self._rows = rows
        self._pages = pages
        self.names = [row[2] for row in rows]
        self.times = [moment(row[3]) for row in rows]

    def event(self, position: int) -> Event:
        """Return the event at this position."""
        row = self._rows[position]
        page = Page(row[4], row[5], row[6])
        return Event(UUID(row[1]), row[2], self.times[position], page, self.properties_of(position), row[8])

    def properties_of(self, position: int) -> dict[str, Value]:
        """Return the properties of the event at this position."""
        text = self._rows[position][7]
        try:
            properties: dict[str, Value] = msgspec.json.decode(text)
        except msgspec.DecodeError:  # what Python's own reader takes besides: half a surrogate pair, endless numbers
            properties = json.loads(text)
        return properties

    def fields_of(self, position: int) -> dict[str, str]:
        """Return `own_fields` of the event at this position."""
        row = self._rows[position]
        key = row[4], row[5], row[6], row[8]
        fields = self._pages.get(key)
        if fields is None:
            fields = self._pages[key] = own_fields_of(Page(*key[:3]), row[8])
        return fields
