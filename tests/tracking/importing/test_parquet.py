"""Parquet: what is nested is reached, broken rows are told, and everything else is as with CSV."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.tracking.importing.files import CLOCK, mapped
from tests.tracking.importing.ga4_rows import exported, row
from tests.tracking.importing.test_services import MEASURED, NOW, Run, child, failing, run, stored
from tracking.importing import services
from tracking.importing.errors import DamagedFile, ImportRefused
from tracking.importing.mapping import Mapping, parse_mapping
from tracking.importing.models import Import
from tracking.importing.reading import reading
from tracking.importing.records import BrokenRecord, Record
from tracking.management.commands.import_events import BUNDLED
from tracking.models import StoredEvent

__all__ = ["run"]  # the fixture

AT = datetime(2026, 3, 1, 12, 0, 0, 250_001, tzinfo=UTC)


def ga4() -> Mapping:
    """The mapping that comes along, on a made-up basis."""
    text = (BUNDLED / "ga4_bigquery.toml").read_text()
    return parse_mapping(text, basis="Consent of 2024", purposes=["analytics", "personalization"])


def table(path: Path, rows: list[dict[str, Any]], *columns: tuple[str, pa.DataType]) -> Path:
    pq.write_table(pa.Table.from_pylist(rows, schema=pa.schema(list(columns))), path)
    return path


def flat(path: Path, rows: list[tuple[Any, ...]]) -> Path:
    """A file with the columns of `CLOCK` and one that no mapping names."""
    names = ("who", "at", "what", "item", "price", "more")
    kinds = (pa.string(), pa.timestamp("us", "UTC"), pa.string(), pa.string(), pa.float64(), pa.int64())
    return table(path, [dict(zip(names, one, strict=True)) for one in rows], *zip(names, kinds, strict=True))


def read(path: Path, *columns: str) -> list[Record | BrokenRecord]:
    """The records, of the columns alone."""
    properties = "".join(f'[properties.p{n}]\ncolumn = "{column}"\n' for n, column in enumerate(columns[1:]))
    text = CLOCK.split("[time]")[0].replace('"who"', f'"{columns[0]}"') + (
        f'[time]\ncolumns = ["{columns[0]}"]\nformat = "iso"\n[event]\nname = "view_item"\n{properties}'
    )
    with reading(path, parse_mapping(text)) as source:
        assert source.columns == tuple(sorted(columns))
        return list(source.records())


def test_parquet__values_of_every_kind__are_read_as_text(tmp_path: Path) -> None:
    moment = datetime(2026, 1, 1, 12, tzinfo=UTC)
    one: dict[str, Any] = {"a": 1, "b": 1.5, "c": True, "d": moment, "e": Decimal("2.50"), "f": b"x", "g": None}
    path = table(
        tmp_path / "a.parquet",
        [{**one, "h": ["u", None]}],
        ("a", pa.int64()),
        ("b", pa.float64()),
        ("c", pa.bool_()),
        ("d", pa.timestamp("ns", "UTC")),
        ("e", pa.decimal128(10, 2)),
        ("f", pa.binary()),
        ("g", pa.string()),
        ("h", pa.list_(pa.string())),
    )

    [record] = read(path, *"abcdefgh")

    assert isinstance(record, Record)
    assert list(record.fields) == ["1", "1.5", "true", moment.isoformat(), "2.50", "x", "", ["u", ""]]


def test_parquet__nested__is_reached_by_dots(tmp_path: Path) -> None:
    path = exported(
        tmp_path / "a.parquet",
        [
            row("view_item", AT, page_location="https://shop.example/", score=2, weight=1.5),
            row("view_item", AT, items=[{"item_id": "A", "price": 2.0}]),
            row("view_item", AT, items=[{"item_id": "A", "price": 2.0}, {"item_id": "B"}]),
        ],
    )
    columns = ("device.category", "event_params.page_location", "event_params.score", "event_params.weight")

    first, one, two = read(path, *columns, "items.item_id", "items.price")

    assert list(first[2]) == ["mobile", "https://shop.example/", "2", "1.5", "", ""]
    assert list(one[2]) == ["mobile", "", "", "", "A", "2.0"]
    assert list(two[2]) == ["mobile", "", "", "", ["A", "B"], ["2.0", ""]]


def test_parquet__lists_in_the_way_of_some_writers__are_the_same(tmp_path: Path) -> None:
    pair = pa.struct([("key", pa.string()), ("value", pa.struct([("string_value", pa.string())]))])
    wrapped = pa.struct([("list", pa.list_(pa.struct([("element", pair)])))])
    held = {"list": [{"element": {"key": "k", "value": {"string_value": "v"}}}]}
    rows: list[dict[str, Any]] = [{"a": "x", "p": held}, {"a": "y"}]
    path = table(tmp_path / "a.parquet", rows, ("a", pa.string()), ("p", wrapped))

    assert [list(record[2]) for record in read(path, "a", "p.k")] == [["x", "v"], ["y", ""]]


@pytest.mark.parametrize("column", ["nothing", "device", "device.nothing", "items", "items.nothing", "event_params"])
def test_parquet__path_that_leads_nowhere__is_refused(tmp_path: Path, column: str) -> None:
    with pytest.raises(ImportRefused, match=f"no column that {column} leads to"):
        read(exported(tmp_path / "a.parquet", [row("view_item", AT)]), "event_name", column)


def test_parquet__broken_rows__are_told_by_their_number(tmp_path: Path) -> None:
    # Bytes that are passed off as text: nobody checks when a file is written.
    _, offsets, content = pa.array([b"a", b"\xff", b"n\0l", b"b"]).buffers()
    texts = pa.StringArray.from_buffers(4, offsets, content)
    many = pa.array([[], [], [], list(range(51))], pa.list_(pa.int64()))
    pq.write_table(pa.table({"a": texts, "m": many}), tmp_path / "a.parquet")

    records = read(tmp_path / "a.parquet", "a", "m")

    reasons = [(record.line, record.reason if isinstance(record, BrokenRecord) else "") for record in records]
    assert reasons == [(1, ""), (2, "encoding"), (3, "NUL"), (4, "too long")]


def test_parquet__damaged__is_told(tmp_path: Path) -> None:
    path = exported(tmp_path / "a.parquet", [row("view_item", AT)] * 100)
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(DamagedFile, match="damaged"):
        read(path, "event_name")


def test_parquet__without_pyarrow__says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = exported(tmp_path / "a.parquet", [row("view_item", AT)])
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "tracking.importing.parquet", raising=False)

    with pytest.raises(ImportRefused, match=r"django-attune\[files\]"):
        read(path, "event_name")


@pytest.mark.django_db
def test_import__parquet_run_again_or_interrupted__is_as_with_csv(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [(f"v{n // 10}", AT + timedelta(seconds=n), "view", f"i{n}", 1.0, n) for n in range(100)]
    path = flat(tmp_path / "a.parquet", [*rows, ("ann", None, "view", "x", 1.0, 0)])
    monkeypatch.setattr(services, "CHUNK", 10)
    with monkeypatch.context() as patch:
        patch.setattr(services, "record_events", failing(after=4))
        with pytest.raises(RuntimeError):
            run(path)
    assert (Import.objects.get().position, StoredEvent.objects.count()) == (40, 40)

    report = run(path, now=NOW + timedelta(days=2))

    assert (report.resumed_after, report.read, report.added, report.already_there) == (40, 101, 100, 0)
    assert (report.bad, report.problems[0].line) == ({"time": 1}, 101)
    before = stored()
    assert run(path, now=NOW + timedelta(days=3)).added == 0
    assert stored() == before


@pytest.mark.django_db
def test_import__identical_rows_of_parquet__are_compared_in_every_column(tmp_path: Path, run: Run) -> None:
    again = ("ann", AT, "bought", "x", 1.0, 7)
    path = flat(tmp_path / "a.parquet", [again, again, ("ann", AT, "bought", "x", 1.0, 8)])

    each = run(path)
    one = run(path, mapped(CLOCK, ("[time]", '[file]\nidentical_rows = "one"\n\n[time]')), now=NOW + timedelta(days=1))

    assert (each.added, each.repeated) == (3, 0)
    assert (one.added, one.repeated) == (2, 1)


@pytest.mark.django_db
def test_import__ga4_export__passes_under_its_own_names(tmp_path: Path, run: Run) -> None:
    page: dict[str, Any] = {
        "page_location": "https://shop.example/p/A13?utm_source=mail&token=abc",
        "page_title": "Trousers",
    }
    path = exported(
        tmp_path / "events_20260301.parquet",
        [
            row("session_start", AT, **page),
            row("first_visit", AT, **page),
            row("page_view", AT, **page, page_referrer="https://search.example/find?q=secret"),
            row(
                "view_item",
                AT + timedelta(seconds=1),
                items=[{"item_id": "A13", "item_category": "Trousers", "price": 48.5, "quantity": 1}],
                currency="EUR",
                value=48.5,
                **page,
            ),
            row("scroll", AT + timedelta(seconds=2), percent_scrolled=90, device="smart tv"),
            row("level_up", AT + timedelta(seconds=3)),
            row("level_up", AT + timedelta(seconds=3)),
            row("page_view", AT + timedelta(seconds=4), visitor=None),
            row(
                "purchase",
                AT + timedelta(minutes=5),
                items=[{"item_id": "A13", "price": 48.5}, {"item_id": "B7", "quantity": 2}],
                ecommerce={"transaction_id": "T-1", "tax_value": 7.5, "shipping_value": 4.0},
                currency="EUR",
                value=60,
            ),
        ],
    )

    report = run(path, ga4())

    assert (report.read, report.left_out, report.added) == (9, 2, 4)
    assert report.bad == {"unknown event": 2, "no visitor": 1}
    assert report.unknown == {"level_up": 2}
    assert "2 level_up" in "\n".join(report.lines(400))
    viewed, item, scrolled, bought = StoredEvent.objects.order_by("occurred_at")
    assert (viewed.title, viewed.device) == ("Trousers", "mobile")
    assert "token" not in viewed.url
    assert "utm_source=mail" in viewed.url
    assert "secret" not in viewed.referrer
    assert item.properties == {
        "item_id": "A13",
        "item_category": "Trousers",
        "price": 48.5,
        "quantity": 1,
        "currency": "EUR",
        "value": 48.5,
    }
    assert (scrolled.properties, scrolled.device) == ({"percent_scrolled": 90}, "")
    assert bought.properties == {
        "item_id": ["A13", "B7"],
        "price": [48.5, None],
        "quantity": [None, 2],
        "transaction_id": "T-1",
        "tax": 7.5,
        "shipping": 4.0,
        "currency": "EUR",
        "value": 60,
    }
    assert bought.occurred_at - viewed.occurred_at == timedelta(minutes=5)
    assert bought.occurred_at == NOW


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux to tell the peak of a process")
@pytest.mark.django_db(transaction=True)
def test_import__ten_times_the_rows_of_parquet__takes_no_more_memory(tmp_path: Path) -> None:
    peaks = []
    for rows in (5_000, 50_000):
        path = tmp_path / f"{rows}.parquet"
        many = [(f"v{n // 10}", AT + timedelta(seconds=n), "view", f"i{n}", 1.0, n) for n in range(rows)]
        pq.write_table(pq.read_table(flat(path, many)), path, row_group_size=1000)
        measured = child(MEASURED, path)
        assert measured.returncode == 0, measured.stderr
        peaks.append(int(measured.stdout))

    # In KiB. 45,000 rows that were all kept would take over 30 MiB.
    assert peaks[1] - peaks[0] < 12 * 1024, peaks
