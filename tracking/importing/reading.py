"""Reads a file record by record in flat memory; a broken record never takes others with it.

CSV, plain or gzipped, is read here; `parquet` reads Parquet.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Final, Protocol

from tracking.importing.errors import DamagedFile, ImportRefused
from tracking.importing.mapping import Mapping
from tracking.importing.records import BrokenRecord, Record, Source

LONGEST_LINE: Final = 1 << 18
LONGEST_RECORD: Final = 1000
"""A quoted value may span this many lines; after that, its opening quote is taken for a stray one."""

PARQUET: Final = b"PAR1"
"""What a Parquet file begins with."""

NOT_DECODED: Final = re.compile("[\udc80-\udcff]")


class Bar(Protocol):
    """What shows how far a pass over the file is."""

    def update(self, n: int = 1) -> object: ...


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Open the file; yield the bytes as they are meant and the raw file, whose position shows the progress."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise ImportRefused(f"{path} cannot be opened: {error.strerror}.") from None
    with raw:
        # The content says what a file is; names lie.
        zipped = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        try:
            if zipped:
                with gzip.GzipFile(fileobj=raw) as unzipped:
                    yield io.BufferedReader(unzipped, 1 << 16), raw
            else:
                yield raw, raw
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise DamagedFile(f"{path.name} is damaged and cannot be read to its end: {error}") from error


def digest_of(path: Path, bar: Bar) -> str:
    """Return the digest of the file's content; packed or not, it is the same."""
    digest = sha256()
    with _opened(path) as (content, raw):
        done = 0
        while block := content.read(1 << 18):
            digest.update(block)
            bar.update(raw.tell() - done)
            done = raw.tell()
    return digest.hexdigest()


class _Lines:
    """The file's lines, numbered from 1, some of which may be put back."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self._waiting: deque[tuple[int, str]] = deque()
        self._number = 0

    def next(self) -> tuple[int, str] | None:
        if self._waiting:
            return self._waiting.popleft()
        line = self._text.readline(LONGEST_LINE)
        if not line:
            return None
        self._number += 1
        if len(line) == LONGEST_LINE and not line.endswith(("\n", "\r")):
            # What is this long is no row. Its start stays, to be refused by its length; the rest is passed over.
            while (rest := self._text.readline(LONGEST_LINE)) and not rest.endswith(("\n", "\r")):
                pass
        return self._number, line

    def put_back(self, lines: list[tuple[int, str]]) -> None:
        self._waiting.extendleft(reversed(lines))


class Reading:
    """One pass over a CSV file: its columns, then its records."""

    def __init__(self, text: IO[str], raw: IO[bytes], mapping: Mapping) -> None:
        self._raw = raw
        self._lines = _Lines(text)
        self._mapping = mapping
        self.columns = self._read_header()

    def bytes_read(self) -> int:
        """How much of the file, as it lies on the disk, has been read."""
        return self._raw.tell()

    def _read_header(self) -> tuple[str, ...]:
        taken = self._take(None)
        if taken is None:
            raise ImportRefused("The file is empty; its first line must name the columns.")
        line, fields, problem = taken
        if problem:
            raise ImportRefused(f"Line {line}, which must name the columns, cannot be read: {problem[1]}.")
        columns = tuple(field.strip() for field in fields)
        doubled = sorted({column for column in columns if columns.count(column) > 1} & self._mapping.columns)
        if doubled:
            raise ImportRefused(f"The file has more than one column named {', '.join(doubled)}; rename one.")
        missing = sorted(self._mapping.columns - set(columns))
        if missing:
            raise ImportRefused(
                f"The file has no column named {', '.join(missing)}; it has {', '.join(columns)}."
                " Correct the mapping (its columns and its delimiter)."
            )
        return columns

    def records(self) -> Iterator[Record | BrokenRecord]:
        """Yield every record after the header; empty lines are none."""
        width = len(self.columns)
        number = 0
        while (taken := self._take(width)) is not None:
            line, fields, problem = taken
            if not fields and problem is None:
                continue
            number += 1
            if problem is not None:
                yield BrokenRecord(number, line, *problem)
            else:
                yield Record(number, line, fields)

    def _take(self, width: int | None) -> tuple[int, list[str], tuple[str, str] | None] | None:
        """Take the lines of one record: (its first line, its fields, what is wrong with it)."""
        first = self._lines.next()
        if first is None:
            return None
        line, text = first
        if len(text) >= LONGEST_LINE:
            return line, [], ("too long", f"the line is longer than {LONGEST_LINE} characters")
        if self._mapping.quote not in text:
            # The common case: no quote, so the line is the record.
            fields = text.rstrip("\r\n").split(self._mapping.delimiter) if text.strip("\r\n") else []
            return line, fields, _problem_of(fields, width)
        taken = [first]
        fields, closed, detail = self._parse(taken)
        while not closed and len(taken) < LONGEST_RECORD:
            following = self._lines.next()
            if following is None:
                break
            taken.append(following)
            # A value that is still open ends at the earliest on the next line with a quote.
            if self._mapping.quote in following[1]:
                fields, closed, detail = self._parse(taken)
        problem = ("quotes", detail) if not closed or detail else _problem_of(fields, width)
        if problem is not None and len(taken) > 1:
            # The opening quote was a stray one: only its line is lost, what follows is read anew.
            self._lines.put_back(taken[1:])
            problem = ("quotes", f"a quote is opened and not closed where it should be ({problem[1]})")
        return line, fields, problem

    def _parse(self, taken: list[tuple[int, str]]) -> tuple[list[str], bool, str]:
        """Parse lines as one record: (fields, whether its last quote is closed, what is wrong)."""
        mapping = self._mapping
        parser = csv.reader(
            (text for _, text in taken), delimiter=mapping.delimiter, quotechar=mapping.quote, strict=True
        )
        try:
            fields = next(parser, [])
        except csv.Error as error:
            if str(error) == "unexpected end of data":
                return [], False, "a quote is opened and never closed"
            return [], True, str(error)
        return fields, True, ""


def _problem_of(fields: list[str], width: int | None) -> tuple[str, str] | None:
    joined = "".join(fields)
    if "\0" in joined:
        return "NUL", "the row holds a NUL character"
    if not joined.isascii() and NOT_DECODED.search(joined):
        return "encoding", "the row holds bytes that are not in the file's encoding"
    if width is not None and fields and len(fields) != width:
        few = "too few" if len(fields) < width else "too many"
        return f"{few} columns", f"the row has {len(fields)} columns, the header {width}"
    return None


@contextmanager
def reading(path: Path, mapping: Mapping) -> Iterator[Source]:
    """Open the file for one pass; columns that the mapping names and the file lacks are refused at once."""
    with _opened(path) as (content, raw):
        if content is raw and _is_parquet(raw):
            with _reading_parquet()(path, mapping) as source:
                yield source
            return
        text = io.TextIOWrapper(content, encoding=mapping.encoding, errors="surrogateescape", newline="")
        try:
            yield Reading(text, raw, mapping)
        finally:
            # The file is closed by whoever opened it.
            text.detach()


def _is_parquet(raw: IO[bytes]) -> bool:
    magic = raw.read(len(PARQUET))
    raw.seek(0)
    return magic == PARQUET


def _reading_parquet() -> Callable[[Path, Mapping], AbstractContextManager[Source]]:
    try:
        from tracking.importing.parquet import reading_parquet  # needs pyarrow, which is an extra
    except ImportError:
        raise ImportRefused('Parquet files need pyarrow: pip install "django-attune[files]".') from None
    return reading_parquet
