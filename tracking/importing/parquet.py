"""Reads a Parquet file, batch by batch in flat memory; what is nested is reached by a path with dots.

Needs pyarrow, so it is imported only when a file turns out to be Parquet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from tracking.importing.errors import DamagedFile, ImportRefused
from tracking.importing.mapping import Mapping
from tracking.importing.records import BrokenRecord, Cell, Record

BATCH: Final = 1000
"""How many rows are held at a time."""

LONGEST_LIST: Final = 50

Reach = Callable[[Any], Any]
"""Takes a value apart: from what a column holds to the one value, or the list, that a path leads to."""


class ParquetReading:
    """One pass over a Parquet file: the columns of the mapping, then its records."""

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self._file = pq.ParquetFile(path, memory_map=False, pre_buffer=False)
        self._size = path.stat().st_size
        self._rows = int(self._file.metadata.num_rows)
        self._done = 0
        self._schema = self._file.schema_arrow
        self._decimal = mapping.decimal
        self.columns = tuple(sorted(mapping.columns))
        self._reaches = self._find(self.columns)
        self._named = sorted({name for name, _ in self._reaches})
        # Rows may be identical in what the mapping names and differ elsewhere.
        self._wholly = mapping.identical_rows_are_one

    def bytes_read(self) -> int:
        """How much of the file has been read, going by its rows."""
        return self._size * self._done // max(self._rows, 1)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _find(self, columns: tuple[str, ...]) -> list[tuple[str, Reach]]:
        found = [_reach_of(self._schema, column) for column in columns]
        missing = [column for column, reached in zip(columns, found, strict=True) if reached is None]
        if missing:
            raise ImportRefused(
                f"The file has no column that {', '.join(missing)} leads to; it has {', '.join(self._schema.names)}."
                " Correct the mapping: a dot leads into what is nested, down to values or lists of values."
            )
        return [reached for reached in found if reached is not None]

    def records(self) -> Iterator[Record | BrokenRecord]:
        """Yield every row; rows are counted from 1."""
        columns = None if self._wholly else self._named
        for batch in self._file.iter_batches(batch_size=BATCH, columns=columns, use_threads=False):
            first = self._done + 1
            for offset, row in enumerate(_rows_of(_in_microseconds(batch))):
                number = first + offset
                yield row if isinstance(row, BrokenRecord) else self._record(number, row)
            self._done += batch.num_rows

    def _record(self, number: int, row: dict[str, Any] | Exception) -> Record | BrokenRecord:
        if isinstance(row, UnicodeDecodeError):
            return BrokenRecord(number, number, "encoding", "the row holds text that is not UTF-8")
        if isinstance(row, Exception):
            return BrokenRecord(number, number, "value", f"the row holds what cannot be read: {row}")
        fields = [self._cell(reach(row[name])) for name, reach in self._reaches]
        if any("\0" in text for cell in fields for text in (cell if isinstance(cell, list) else (cell,))):
            return BrokenRecord(number, number, "NUL", "the row holds a NUL character")
        if any(isinstance(cell, list) and len(cell) > LONGEST_LIST for cell in fields):
            return BrokenRecord(number, number, "too long", f"the row has a list of more than {LONGEST_LIST} values")
        whole = [repr(value) for value in row.values()] if self._wholly else None
        return Record(number, number, fields, whole)

    def _cell(self, value: Any) -> Cell:
        """A value as a CSV file would have it; a list of one is that one, as everywhere."""
        if isinstance(value, list):
            texts = [_text(member, self._decimal) for member in value]
            return "" if not any(texts) else texts[0] if len(texts) == 1 else texts
        return _text(value, self._decimal)


def _rows_of(batch: pa.RecordBatch) -> Iterator[dict[str, Any] | Exception]:
    """Yield the rows of a batch; one that cannot be read, as why it cannot, never takes others with it."""
    try:
        yield from batch.to_pylist()
        return
    except (ValueError, OverflowError):
        pass
    for index in range(batch.num_rows):
        try:
            yield from batch.slice(index, 1).to_pylist()
        except (ValueError, OverflowError) as error:
            yield error


def _in_microseconds(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Times in nanoseconds are cut to microseconds, as which everything here counts."""
    for index, field in enumerate(batch.schema):
        if pa.types.is_timestamp(field.type) and field.type.unit == "ns":
            cut = batch.column(index).cast(pa.timestamp("us", field.type.tz), safe=False)
            batch = batch.set_column(index, field.name, cut)
    return batch


def _reach_of(schema: pa.Schema, path: str) -> tuple[str, Reach] | None:
    """Return the column that `path` begins with and how to go on from there, or None if it leads nowhere."""
    for name in schema.names:
        if path == name or path.startswith(f"{name}."):
            reach = _into(schema.field(name).type, path[len(name) + 1 :])
            if reach is not None:
                return name, reach
    return None


def _into(kind: pa.DataType, path: str) -> Reach | None:
    kind, unwrap = _unwrapped(kind)
    if _is_list(kind):
        inner = kind.value_type
        if pa.types.is_struct(inner) and {field.name for field in inner} == {"key", "value"}:
            return _parameter(unwrap, inner.field("value").type, path)
        reach = _into(inner, path)
        return None if reach is None else _each(unwrap, reach)
    if pa.types.is_struct(kind):
        for field in kind:
            if path == field.name or path.startswith(f"{field.name}."):
                reach = _into(field.type, path[len(field.name) + 1 :])
                if reach is not None:
                    return _member(field.name, reach)
        return None
    return None if path or pa.types.is_nested(kind) else _same


def _parameter(unwrap: Reach, kind: pa.DataType, key: str) -> Reach | None:
    """The value of one key in a list of keys and values, each value in the member of its type (string_value, …)."""
    if not key:
        return None
    members = [field.name for field in kind if field.name.endswith("_value")] if pa.types.is_struct(kind) else None

    def reach(value: Any) -> Any:
        for pair in unwrap(value) or ():
            if pair is None or pair["key"] != key:
                continue
            held = pair["value"]
            if members is None or held is None:
                return held
            return next((held[name] for name in members if held[name] is not None), None)
        return None

    return reach


def _each(unwrap: Reach, reach: Reach) -> Reach:
    return lambda value: [_one(reach(member)) for member in unwrap(value) or ()]


def _member(name: str, reach: Reach) -> Reach:
    return lambda value: None if value is None else reach(value[name])


def _same(value: Any) -> Any:
    return value


def _one(value: Any) -> Any:
    """What stands in a list within a list is one value, if it is one."""
    return value if not isinstance(value, list) else value[0] if len(value) == 1 else None


def _unwrapped(kind: pa.DataType) -> tuple[pa.DataType, Reach]:
    """See through how some writers hold a list: a struct "list" whose members are structs "element" or "item"."""
    if pa.types.is_struct(kind) and kind.num_fields == 1 and kind.field(0).name == "list":
        inner = kind.field(0).type
        if _is_list(inner) and pa.types.is_struct(inner.value_type) and inner.value_type.num_fields == 1:
            name = inner.value_type.field(0).name
            if name in ("element", "item"):
                unwrapped = pa.list_(inner.value_type.field(0).type)
                return unwrapped, lambda value: None if value is None else [one[name] for one in value["list"] or ()]
    return kind, _same


def _is_list(kind: pa.DataType) -> bool:
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def _text(value: Any, decimal: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | Decimal):
        return str(value).replace(".", decimal)
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


@contextmanager
def reading_parquet(path: Path, mapping: Mapping) -> Iterator[ParquetReading]:
    """Open the file for one pass; a path of the mapping that leads nowhere is refused at once."""
    try:
        source = ParquetReading(path, mapping)
        try:
            yield source
        finally:
            source.close()
    except (pa.ArrowException, OSError) as error:
        raise DamagedFile(f"{path.name} is damaged and cannot be read to its end: {error}") from error
