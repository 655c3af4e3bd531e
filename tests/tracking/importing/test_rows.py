"""What one row says, or why it cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.tracking.importing.files import CLOCK, ORDERED, mapped
from tracking.importing.mapping import Mapping, parse_mapping
from tracking.importing.rows import BadRow, Row, RowReader

DECLARED = {name: frozenset({"item_id", "price"}) for name in ("view_item", "add_to_cart", "purchase")} | {
    "search": frozenset[str]()
}


def read(line: str, mapping: Mapping | None = None) -> Row | None:
    return RowReader(mapping or parse_mapping(CLOCK), ("who", "at", "what", "item", "price"), DECLARED).read(
        line.split(",")
    )


def test_row__good__is_an_event_in_utc() -> None:
    row = read("ann,2026-07-01 12:00:00.000001,cart, A13 ,48.50")

    assert row is not None
    assert (row.name, row.visitor, row.properties) == ("add_to_cart", "ann", {"item_id": "A13", "price": 48.5})
    assert row.moment == datetime(2026, 7, 1, 10, 0, 0, 1, tzinfo=UTC)


def test_row__empty_values__are_missing() -> None:
    row = read("ann,2026-07-01 12:00,view,,")

    assert row is not None
    assert row.properties == {}


def test_row__event_that_is_left_out__is_none() -> None:
    assert read("ann,never,ping,,") is None


def test_row__property_that_the_event_does_not_take__is_named() -> None:
    row = read("ann,2026-07-01 12:00,search,A13,")

    assert row is not None
    assert (row.properties, row.undeclared) == ({}, ("item_id",))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (" ,2026-07-01 12:00,view,,", "no visitor"),
        ("ann,yesterday,view,,", "time"),
        ("ann,,view,,", "time"),
        ("ann,2026-02-30 12:00,view,,", "time"),
        ("ann,2026-03-29 02:30,view,,", "time"),
        ("ann,0001-01-01 00:00,view,,", "time"),
        ("ann,2026-07-01 12:00,dance,,", "unknown event"),
        ("ann,2026-07-01 12:00,view,,cheap", "value"),
        ("ann,2026-07-01 12:00,view,,nan", "value"),
        ("ann,2026-07-01 12:00,view,,1e999", "value"),
        ("ann,2026-07-01 12:00,view,,1_000", "value"),
        ("ann,2026-07-01 12:00,view," + "x" * 3000 + ",1", "too long"),
    ],
)
def test_row__bad__says_why(line: str, reason: str) -> None:
    with pytest.raises(BadRow) as caught:
        read(line)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("time_format", "text", "expected"),
    [
        ("unix", "1782000000", datetime(2026, 6, 21, 0, 0, tzinfo=UTC)),
        ("unix_ms", "1782000000001", datetime(2026, 6, 21, 0, 0, 0, 1000, tzinfo=UTC)),
        ("%d.%m.%Y %H:%M", "21.06.2026 02:00", datetime(2026, 6, 21, 0, 0, tzinfo=UTC)),
        ("%Y-%m-%dT%H:%M:%S%z", "2026-06-21T05:00:00+0500", datetime(2026, 6, 21, 0, 0, tzinfo=UTC)),
        ("iso", "2026-06-21T00:00:00Z", datetime(2026, 6, 21, 0, 0, tzinfo=UTC)),
    ],
)
def test_row__time_in_any_format__is_read(time_format: str, text: str, expected: datetime) -> None:
    row = read(f"ann,{text},view,,", mapped(CLOCK, ('"iso"', f'"{time_format}"')))

    assert row is not None
    assert row.moment == expected


@pytest.mark.parametrize("text", ["x", "1.5", "99999999999999999", ""])
def test_row__time_no_epoch__says_so(text: str) -> None:
    with pytest.raises(BadRow, match="since 1970"):
        read(f"ann,{text},view,,", mapped(CLOCK, ('"iso"', '"unix"')))


def test_row__decimal_comma_and_renames__are_read() -> None:
    mapping = mapped(
        CLOCK,
        ("[time]", '[file]\ndecimal = ","\ndelimiter = ";"\n[time]'),
        ('column = "item"', 'column = "item"\nvalues = {"1" = "trousers"}\nlisted_only = true\nmissing = ["-"]'),
    )
    reader = RowReader(mapping, ("who", "at", "what", "item", "price"), DECLARED)

    row = reader.read(["ann", "2026-07-01", "view", "1", "2,5"])
    unknown = reader.read(["ann", "2026-07-01", "view", "-", "1"])

    assert row is not None
    assert unknown is not None
    assert row.properties == {"item_id": "trousers", "price": 2.5}
    assert unknown.properties == {"price": 1}
    with pytest.raises(BadRow, match="not among the values"):
        reader.read(["ann", "2026-07-01", "view", "2", "1"])
    with pytest.raises(BadRow, match="not a number"):
        reader.read(["ann", "2026-07-01", "view", "1", "2.5"])


@pytest.mark.parametrize(("text", "expected"), [("Yes", True), ("0", False), ("maybe", None)])
def test_row__boolean__is_read(text: str, expected: bool | None) -> None:
    mapping = mapped(CLOCK, ('kind = "number"', 'kind = "boolean"'))
    if expected is None:
        with pytest.raises(BadRow, match="neither true nor false"):
            read(f"ann,2026-07-01,view,,{text}", mapping)
    else:
        row = read(f"ann,2026-07-01,view,,{text}", mapping)
        assert row is not None
        assert row.properties["price"] is expected


@pytest.mark.parametrize(
    ("visit", "order", "reason"), [("", "1", "no session"), ("a", "0", "order"), ("a", "x", "order")]
)
def test_row__order_in_session_bad__says_why(visit: str, order: str, reason: str) -> None:
    reader = RowReader(parse_mapping(ORDERED), ("who", "visit", "year", "month", "day", "order", "item"), DECLARED)

    with pytest.raises(BadRow) as caught:
        reader.read(["ann", visit, "2008", "4", "1", order, "x"])
    assert caught.value.reason == reason
