"""Rows of profiles and verdicts, many at once: read and written in the words of each database.

Everybody's verdicts are millions of rows. Through models, a row costs more than judging what it says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from personalization.profiles.models import Profile, Verdict

_PROFILES: Final = Profile._meta.db_table
_VERDICTS: Final = Verdict._meta.db_table
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)
NO_MOMENT: Final = r"\N"
"""How COPY writes what is null."""

Moment: TypeAlias = int | str | None
"""A moment as the database gives it to be compared: microseconds since 1970, or with SQLite the text that it is."""


class Standing(NamedTuple):
    """What a profile's row says."""

    visitor_id: UUID
    revision: int
    due_at: Moment
    judged_version: int
    is_claimed: bool


class StoredRow(NamedTuple):
    """A verdict's row: its primary key, the truth, and until when."""

    pk: int
    matches: bool
    until: Moment


class NewRow(NamedTuple):
    """A verdict that has no row yet; the visitor's id as `name` writes it."""

    visitor: str
    key: str
    matches: bool
    until: datetime | None


class ChangedRow(NamedTuple):
    """A verdict whose row says something else."""

    pk: int
    matches: bool
    until: datetime | None


class Judged(NamedTuple):
    """A profile that was judged, and when it is due next."""

    visitor_id: UUID
    due_at: datetime | None


class Rows:
    """The rows in one database. What is written is written in the caller's transaction."""

    among: str
    """The condition that a column is one of many ids, which are one parameter."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection

    def standings(self, visitor_ids: Iterable[UUID]) -> list[Standing]:
        """The profiles of these visitors, as far as there are some."""
        rows = self._fetch(
            f"SELECT {self._text('visitor_id')}, revision, {self._moment('due_at')}, judged_version,"  # noqa: S608  # our own names
            f" claimed_until IS NOT NULL FROM {_PROFILES} WHERE visitor_id {self.among}",
            [self._ids(visitor_ids)],
        )
        return [
            Standing(UUID(visitor), revision, due_at, version, bool(is_claimed))
            for visitor, revision, due_at, version, is_claimed in rows
        ]

    def lock(self, visitor_ids: Iterable[UUID]) -> dict[UUID, int]:
        """Hold the profiles of these visitors until the transaction ends, in the order of the ids: id → revision."""
        lock = " FOR UPDATE" if self.connection.features.has_select_for_update else ""
        rows = self._fetch(
            f"SELECT {self._text('visitor_id')}, revision FROM {_PROFILES} WHERE visitor_id {self.among}"  # noqa: S608  # our own names
            f" ORDER BY visitor_id{lock}",
            [self._ids(visitor_ids)],
        )
        return {UUID(visitor): revision for visitor, revision in rows}

    def verdicts(self, visitor_ids: Iterable[UUID]) -> dict[str, dict[str, StoredRow]]:
        """The verdicts stored of these visitors: id as `name` writes it → key → row."""
        found: dict[str, dict[str, StoredRow]] = {}
        rows = self._fetch(
            f"SELECT {self._text('visitor_id')}, key, id, matches, {self._moment('until')}"  # noqa: S608  # our own names
            f" FROM {_VERDICTS} WHERE visitor_id {self.among}",
            [self._ids(visitor_ids)],
        )
        make = StoredRow._make
        for row in rows:
            visitor = row[0]
            of_visitor = found.get(visitor)
            if of_visitor is None:
                of_visitor = found[visitor] = {}
            of_visitor[row[1]] = make(row[2:])
        return found

    def delete(self, pks: Sequence[int]) -> None:
        """Delete verdicts."""
        if pks:
            with self.connection.cursor() as cursor:
                sql = f"DELETE FROM {_VERDICTS} WHERE id {self.among_numbers}"  # noqa: S608  # our own name
                cursor.execute(sql, [self._numbers(pks)])

    among_numbers: str

    def name(self, visitor_id: UUID) -> str:
        """The id as the database writes it."""
        raise NotImplementedError

    def moment(self, moment: datetime | None) -> Moment:
        """The moment as it is read to be compared."""
        raise NotImplementedError

    def insert(self, rows: Sequence[NewRow], *, since: datetime) -> None:
        """Store verdicts that have no rows."""
        raise NotImplementedError

    def change(self, rows: Sequence[ChangedRow], *, since: datetime) -> None:
        """Store changed verdicts; `since` is kept where the truth is the same."""
        raise NotImplementedError

    def judged(self, profiles: Sequence[Judged], *, version: int) -> None:
        """Store that these were judged by rules of this version, and release them; nobody else's judging fits now."""
        raise NotImplementedError

    def _fetch(self, sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
            return rows

    def _ids(self, visitor_ids: Iterable[UUID]) -> str:
        raise NotImplementedError

    def _numbers(self, numbers: Iterable[int]) -> str:
        raise NotImplementedError

    def _text(self, column: str) -> str:
        raise NotImplementedError

    def _moment(self, column: str) -> str:
        raise NotImplementedError


class PostgreSQLRows(Rows):
    """Lists go in as arrays, new rows by COPY."""

    among = "= ANY(%s::uuid[])"
    among_numbers = "= ANY(%s::bigint[])"

    def name(self, visitor_id: UUID) -> str:
        return str(visitor_id)

    def moment(self, moment: datetime | None) -> Moment:
        return None if moment is None else (moment - _EPOCH) // _TICK

    def insert(self, rows: Sequence[NewRow], *, since: datetime) -> None:
        if not rows:
            return
        begun = since.isoformat()
        lines = [
            f"{row.visitor}\t{_escaped(row.key)}\t{'t' if row.matches else 'f'}\t{begun}\t"
            f"{NO_MOMENT if row.until is None else row.until.isoformat()}\n"
            for row in rows
        ]
        with (
            self.connection.cursor() as cursor,
            cursor.copy(f"COPY {_VERDICTS} (visitor_id, key, matches, since, until) FROM STDIN") as copy,
        ):
            copy.write("".join(lines))

    def change(self, rows: Sequence[ChangedRow], *, since: datetime) -> None:
        if not rows:
            return
        pks, truths, untils = zip(*rows, strict=True)
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {_VERDICTS} AS known SET matches = found.matches, until = found.until,"  # noqa: S608  # our own name
                " since = CASE WHEN known.matches = found.matches THEN known.since ELSE %s END"
                " FROM unnest(%s::bigint[], %s::boolean[], %s::timestamptz[]) AS found (id, matches, until)"
                " WHERE known.id = found.id",
                [since, self._numbers(pks), _array("t" if truth else "f" for truth in truths), _moments(untils)],
            )

    def judged(self, profiles: Sequence[Judged], *, version: int) -> None:
        if not profiles:
            return
        visitor_ids, due_ats = zip(*profiles, strict=True)
        with self.connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {_PROFILES} AS known SET due_at = found.due_at, judged_version = %s, claimed_until = NULL,"  # noqa: S608  # our own name
                " revision = known.revision + 1"
                " FROM unnest(%s::uuid[], %s::timestamptz[]) AS found (visitor_id, due_at)"
                " WHERE known.visitor_id = found.visitor_id",
                [version, self._ids(visitor_ids), _moments(due_ats)],
            )

    def _ids(self, visitor_ids: Iterable[UUID]) -> str:
        return _array(map(str, visitor_ids))

    def _numbers(self, numbers: Iterable[int]) -> str:
        return _array(map(str, numbers))

    def _text(self, column: str) -> str:
        return f"{column}::text"

    def _moment(self, column: str) -> str:
        return f"(EXTRACT(EPOCH FROM {column}) * 1000000)::bigint"


class SQLiteRows(Rows):
    """Lists go in as JSON; rows one by one by a statement that is prepared once."""

    among = "IN (SELECT value FROM json_each(%s))"
    among_numbers = among

    def name(self, visitor_id: UUID) -> str:
        return visitor_id.hex

    def moment(self, moment: datetime | None) -> Moment:
        # As Django writes it: UTC without its offset.
        return None if moment is None else moment.astimezone(UTC).isoformat(" ")[:-6]

    def insert(self, rows: Sequence[NewRow], *, since: datetime) -> None:
        begun = self.moment(since)
        self._many(
            f"INSERT INTO {_VERDICTS} (visitor_id, key, matches, since, until) VALUES (%s, %s, %s, %s, %s)",  # noqa: S608  # our own name
            [(row.visitor, row.key, row.matches, begun, self.moment(row.until)) for row in rows],
        )

    def change(self, rows: Sequence[ChangedRow], *, since: datetime) -> None:
        begun = self.moment(since)
        self._many(
            f"UPDATE {_VERDICTS} SET since = CASE WHEN matches = %s THEN since ELSE %s END, matches = %s, until = %s"  # noqa: S608  # our own name
            " WHERE id = %s",
            [(row.matches, begun, row.matches, self.moment(row.until), row.pk) for row in rows],
        )

    def judged(self, profiles: Sequence[Judged], *, version: int) -> None:
        self._many(
            f"UPDATE {_PROFILES} SET due_at = %s, judged_version = %s, claimed_until = NULL, revision = revision + 1"  # noqa: S608  # our own name
            " WHERE visitor_id = %s",
            [(self.moment(profile.due_at), version, profile.visitor_id.hex) for profile in profiles],
        )

    def _many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        if rows:
            with self.connection.cursor() as cursor:
                cursor.executemany(sql, rows)

    def _ids(self, visitor_ids: Iterable[UUID]) -> str:
        return json.dumps([visitor_id.hex for visitor_id in visitor_ids])

    def _numbers(self, numbers: Iterable[int]) -> str:
        return json.dumps(list(numbers))

    def _text(self, column: str) -> str:
        return column

    def _moment(self, column: str) -> str:
        # An expression: a column of this type would be made into a time.
        return f"{column} || ''"


_KINDS: Final[dict[str, type[Rows]]] = {"postgresql": PostgreSQLRows, "sqlite": SQLiteRows}


def stored_rows() -> Rows:
    """The rows where profiles are written."""
    connection = connections[router.db_for_write(Profile)]
    return _KINDS[connection.vendor](connection)


@lru_cache(maxsize=1024)
def _escaped(key: str) -> str:
    """A text for COPY.

    >>> _escaped("a|b|c".replace("|", chr(9))).count(chr(9))
    0
    """
    for character, written in (("\\", r"\\"), ("\t", r"\t"), ("\n", r"\n"), ("\r", r"\r")):
        key = key.replace(character, written)
    return key


def _array(members: Iterable[str]) -> str:
    """An array of what needs no quotes."""
    return f"{{{','.join(members)}}}"


def _moments(moments: Iterable[datetime | None]) -> str:
    return _array("NULL" if moment is None else moment.isoformat() for moment in moments)
