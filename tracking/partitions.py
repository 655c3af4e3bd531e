"""The events table in monthly pieces on PostgreSQL: made by the migration, added to each month, dropped by retention.

The pieces follow the primary key. A UUIDv7 opens with 48 bits of milliseconds, so the month of an id is a range of ids,
and the key alone stays unique over all pieces. SQLite keeps one plain table under the same model state.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import migrations, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

DEFAULT_SUFFIX = "_default"


class Month(NamedTuple):
    """A calendar month in UTC."""

    year: int
    month: int

    @classmethod
    def of(cls, moment: datetime) -> Month:
        """Return the month of an aware moment.

        >>> Month.of(datetime(2026, 11, 20, tzinfo=UTC))
        Month(year=2026, month=11)
        """
        moment = moment.astimezone(UTC)
        return cls(moment.year, moment.month)

    def plus(self, months: int) -> Month:
        """Return the month so many later.

        >>> Month(2026, 11).plus(2), Month(2026, 1).plus(-1)
        (Month(year=2027, month=1), Month(year=2025, month=12))
        """
        years, month = divmod(self.month - 1 + months, 12)
        return Month(self.year + years, month + 1)

    @property
    def start(self) -> datetime:
        """Its first instant."""
        return datetime(self.year, self.month, 1, tzinfo=UTC)

    @property
    def suffix(self) -> str:
        """What the name of its piece ends with."""
        return f"_p{self.year:04}{self.month:02}"

    @property
    def bounds(self) -> tuple[UUID, UUID]:
        """The first id of the month and the first of the next."""
        return first_id(self.start), first_id(self.plus(1).start)


def first_id(moment: datetime) -> UUID:
    """Return the smallest id whose time is `moment` (milliseconds; below every UUIDv7 of that millisecond).

    >>> first_id(datetime(2026, 11, 1, tzinfo=UTC))
    UUID('01a19467-e800-0000-0000-000000000000')
    """
    return UUID(int=max(0, int(moment.timestamp() * 1000)) << 80)


class CreatePartitionedModel(migrations.CreateModel):
    """`CreateModel` whose table PostgreSQL splits by ranges of the UUID primary key, with a default partition."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        key = schema_editor.quote_name(_key_column(model))
        table = model._meta.db_table
        sql, params = schema_editor.table_sql(model)
        schema_editor.execute(f"{sql} PARTITION BY RANGE ({key})", params or None)
        schema_editor.deferred_sql.extend(schema_editor._model_indexes_sql(model))  # type: ignore[attr-defined]  # Django has it, the stubs do not
        schema_editor.execute(
            f"CREATE TABLE {schema_editor.quote_name(table + DEFAULT_SUFFIX)} "
            f"PARTITION OF {schema_editor.quote_name(table)} DEFAULT"
        )

    def describe(self) -> str:
        return f"{super().describe()} (in monthly partitions on PostgreSQL)"


def partitions(connection: BaseDatabaseWrapper, model: type[models.Model]) -> dict[Month, str]:
    """Return the monthly partitions that exist: month → table. Empty where tables are not partitioned."""
    if connection.vendor != "postgresql":
        return {}
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT child.relname FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid"
            " WHERE inhparent = to_regclass(%s)",
            [f'"{table}"'],
        )
        names = [name for (name,) in cursor.fetchall()]
    found = {}
    for name in names:
        match = re.fullmatch(re.escape(table) + r"_p(\d{4})(\d{2})", name)
        if match:
            found[Month(int(match[1]), int(match[2]))] = name
    return found


def add_partitions(connection: BaseDatabaseWrapper, model: type[models.Model], months: Sequence[Month]) -> list[Month]:
    """Make the partitions of these months that are missing, and return which those were.

    Rows of such a month that already lie in the default partition move with it.
    """
    if connection.vendor != "postgresql":
        return []
    made = []
    for month in months:
        if month in partitions(connection, model):
            continue
        with transaction.atomic(using=connection.alias):
            _add_partition(connection, model, month)
        made.append(month)
    return made


def _key_column(model: type[models.Model]) -> str:
    column = model._meta.pk.column if model._meta.pk is not None else None
    if column is None:
        raise TypeError(f"{model.__name__} has no primary key to be partitioned by.")
    return column


def _add_partition(connection: BaseDatabaseWrapper, model: type[models.Model], month: Month) -> None:
    quote = connection.ops.quote_name
    table = model._meta.db_table
    key = quote(_key_column(model))
    low, high = month.bounds
    parent, child, default = quote(table), quote(table + month.suffix), quote(table + DEFAULT_SUFFIX)
    with connection.cursor() as cursor:
        # One maker at a time; writers wait too, for they would fill the default partition behind the move.
        cursor.execute(f"LOCK TABLE {parent} IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("SELECT to_regclass(%s)", [child])
        if cursor.fetchone()[0] is not None:
            return
        cursor.execute(f"CREATE TABLE {child} (LIKE {parent} INCLUDING ALL)")
        cursor.execute(
            f"WITH moved AS (DELETE FROM {default} WHERE {key} >= %s AND {key} < %s RETURNING *)"  # noqa: S608  # names are quoted, values are parameters
            f" INSERT INTO {child} SELECT * FROM moved",
            [low, high],
        )
        cursor.execute(
            f"ALTER TABLE {parent} ATTACH PARTITION {child} FOR VALUES FROM ('{low}') TO ('{high}')",
        )


def drop_partition(connection: BaseDatabaseWrapper, model: type[models.Model], month: Month) -> None:
    """Drop the partition of a month with all that is in it."""
    name = connection.ops.quote_name(model._meta.db_table + month.suffix)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
