"""Reading CSV: lines counted right, broken records told, nothing else lost."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.tracking.importing.files import CLOCK, HEADER, mapped, written
from tracking.importing.errors import DamagedFile, ImportRefused
from tracking.importing.mapping import Mapping, parse_mapping
from tracking.importing.reading import LONGEST_LINE, digest_of, reading
from tracking.importing.records import BrokenRecord, Record


class Count:
    """Counts what a bar would show."""

    def __init__(self) -> None:
        self.n = 0

    def update(self, n: int = 1) -> None:
        self.n += n


def read(path: Path, mapping: Mapping | None = None) -> list[Record | BrokenRecord]:
    with reading(path, mapping or parse_mapping(CLOCK)) as source:
        return list(source.records())


def lines_of(records: list[Record | BrokenRecord]) -> list[tuple[int, str]]:
    return [(record.line, record.reason if isinstance(record, BrokenRecord) else "") for record in records]


def test_records__quoted_newlines_and_empty_lines__keep_their_line_numbers(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.csv", HEADER + 'a,1,view,"two\nlines",1\n\nb,2,view,x,1\n"c\r\n\n",3,view,"""q""",1\r\nd,4,,,'
    )

    records = read(path)

    assert lines_of(records) == [(2, ""), (5, ""), (6, ""), (9, "")]
    assert [record.number for record in records] == [1, 2, 3, 4]
    third = records[2]
    assert isinstance(third, Record)
    assert third.fields == ["c\r\n\n", "3", "view", '"q"', "1"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_records__any_newline__is_read(tmp_path: Path, newline: str) -> None:
    path = written(tmp_path / "a.csv", (HEADER + "a,1,view,x,1\nb,2,view,x,1\n").replace("\n", newline))

    assert lines_of(read(path)) == [(2, ""), (3, "")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"a,1,view,x", "too few columns"),
        (b"a,1,view,x,1,9", "too many columns"),
        (b"a,1,view,\xff,1", "encoding"),
        (b"a,1,view,\0,1", "NUL"),
        (b'a,1,view,"x,1', "quotes"),
        (b'a,1,view,"x"y,1', "quotes"),
        (b'a,1,"view,x,1\nb,2,vi"ew,x,1', "quotes"),
        (b"x" * (LONGEST_LINE + 10), "too long"),
        (b"x" * (3 * LONGEST_LINE), "too long"),
    ],
)
def test_records__one_is_broken__others_are_read(tmp_path: Path, row: bytes, reason: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(HEADER.encode() + b"a,1,view,x,1\n" + row + b"\n" + b"z,9,view,x,1\n" * 3)

    records = read(path)

    good = [record for record in records if isinstance(record, Record)]
    assert records[1][1:3] == (3, reason)
    assert [record.fields[0] for record in good if record.fields[0] in ("a", "z")] == ["a", "z", "z", "z"]


def test_records__quote_never_closed__costs_its_line_only(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", HEADER + 'a,"1,view,x,1\n' + "b,2,view,x,1\n" * 3000 + 'c,"3",view,x,1\n')

    records = read(path)

    assert lines_of(records)[:3] == [(2, "quotes"), (3, ""), (4, "")]
    assert lines_of(records)[-1] == (3003, "")
    assert len(records) == 3002


def test_records__packed__are_the_same_with_the_same_digest(tmp_path: Path) -> None:
    text = HEADER + "a,1,view,x,1\n"
    plain = written(tmp_path / "a.csv", text)
    packed = tmp_path / "wrong-name.csv"
    packed.write_bytes(gzip.compress(text.encode()))
    bar = Count()

    assert read(packed) == read(plain)
    assert digest_of(packed, bar) == digest_of(plain, Count())
    assert bar.n == packed.stat().st_size


def test_records__archive_cut_off__is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(HEADER.encode() + b"a,1,view,x,1\n" * 100)[:-10])

    with pytest.raises(DamagedFile, match="damaged"):
        digest_of(path, Count())


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "empty"),
        ("who,at,what\n", "no column named item, price"),
        ("who,who,at,what,item,price\n", "more than one column named who"),
        ("who;at;what;item;price\n", "delimiter"),
        ('who,"at\n', "Line 1"),
    ],
)
def test_reading__header_wrong__is_refused(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(ImportRefused, match=message):
        read(written(tmp_path / "a.csv", content))


def test_reading__no_file__is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="cannot be opened"):
        read(tmp_path / "nothing.csv")


def test_reading__byte_order_mark__is_no_part_of_a_name(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", HEADER + "ä,1,view,x,1\n", encoding="utf-8-sig")

    assert read(path) == [Record(1, 2, ["ä", "1", "view", "x", "1"])]


def test_reading__other_encoding_and_delimiter__are_read(tmp_path: Path) -> None:
    mapping = mapped(CLOCK, ("[time]", '[file]\nencoding = "cp1252"\ndelimiter = ";"\n[time]'))
    path = written(tmp_path / "a.csv", HEADER.replace(",", ";") + "ä;1;view;€;1\n", encoding="cp1252")

    assert read(path, mapping) == [Record(1, 2, ["ä", "1", "view", "€", "1"])]
