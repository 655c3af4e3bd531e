"""What every kind of file is read into: its records, and those that are broken. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol, TypeAlias

Cell: TypeAlias = str | list[str]
"""One value of a record as text, empty when it is missing; a list where one record holds several."""


class Record(NamedTuple):
    """One record. `number` counts records from 1; `line` is where in the file a person finds it.

    `whole` tells identical rows apart where `fields` are only a part of what the file says.
    """

    number: int
    line: int
    fields: Sequence[Cell]
    whole: Sequence[Cell] | None = None


class BrokenRecord(NamedTuple):
    """What could not be read as a record, and why."""

    number: int
    line: int
    reason: str
    detail: str


class Source(Protocol):
    """One pass over a file: its columns, then its records."""

    @property
    def columns(self) -> tuple[str, ...]: ...

    def bytes_read(self) -> int:
        """How much of the file, as it lies on the disk, has been read."""

    def records(self) -> Iterator[Record | BrokenRecord]:
        """Yield every record."""
