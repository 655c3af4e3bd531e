"""Importing as a whole: every row once, whatever is broken, interrupted or run again."""

from __future__ import annotations

import csv
import gzip
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from consent import keyed
from consent.models import WithdrawalMark
from consent.stores import erase_everywhere
from tests.services import processes
from tests.tracking.importing.files import CLOCK, HEADER, ORDERED, mapped, written
from tracking.importing import services
from tracking.importing.errors import ImportRefused
from tracking.importing.mapping import Mapping, parse_mapping
from tracking.importing.models import Import
from tracking.importing.report import Report
from tracking.models import EventType, StoredEvent, Visitor
from tracking.recording import Batch, Outcome, record_events
from tracking.selectors import timelines

NOW = datetime(2026, 11, 20, 12, 0, 0, 123456, tzinfo=UTC)

Run = Callable[..., Report]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Import a file, with its report beside it."""

    def run(
        path: Path, mapping: Mapping | None = None, *, now: datetime = NOW, shift_to: datetime | None = None
    ) -> Report:
        return services.import_events(
            path,
            mapping=mapping or parse_mapping(CLOCK),
            now=now,
            problem_path=tmp_path / "problems.csv",
            shift_to=shift_to,
        )

    return run


def many(path: Path, rows: int) -> Path:
    """A file of so many views, one a second, of ten times fewer visitors."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    lines = (f"v{n // 10},{(start + timedelta(seconds=n)).isoformat()},view,i{n % 7},{n}\n" for n in range(rows))
    return written(path, HEADER + "".join(lines))


def stored() -> list[tuple[object, ...]]:
    return list(StoredEvent.objects.order_by("id").values_list("id", "visitor_id", "name", "occurred_at", "properties"))


@pytest.mark.django_db
def test_import__history__is_moved_to_the_microsecond_and_carries_its_purposes(tmp_path: Path, run: Run) -> None:
    path = written(
        tmp_path / "a.csv",
        HEADER
        + "ann,2020-02-28T23:00:00.000001Z,view,A13,48.5\n"
        + "bob,2020-02-29T01:00:00Z,cart,A13,48.5\n"
        + "ann,2020-03-01T00:00:00.000003Z,bought,A13,48.5\n",
    )

    report = run(path, mapped(CLOCK, ('"analytics", "personalization"', '"personalization"')))

    assert (report.added, report.shift) == (3, NOW - datetime(2020, 3, 1, 0, 0, 0, 3, tzinfo=UTC))
    events = list(StoredEvent.objects.order_by("occurred_at"))
    assert [event.name for event in events] == ["view_item", "add_to_cart", "purchase"]
    assert events[2].occurred_at == NOW
    assert events[2].occurred_at - events[0].occurred_at == timedelta(days=1, hours=1, microseconds=2)
    assert events[0].visitor_id == events[2].visitor_id != events[1].visitor_id
    assert events[0].properties == {"item_id": "A13", "price": 48.5}
    record = Import.objects.get()
    assert (record.shift, record.last_event_at, record.basis) == (report.shift, report.last_event_at, report.basis)
    assert {event.purposes for event in events} == {record.purposes} == {2}
    assert {event.imported_from_id for event in events} == {record.pk}
    assert set(Visitor.objects.values_list("imported_from", flat=True)) == {record.pk}
    assert all(event.id.version == 7 for event in events)


@pytest.mark.django_db
def test_import__run_again_later__adds_nothing_and_keeps_the_first_shift(tmp_path: Path, run: Run) -> None:
    path = many(tmp_path / "a.csv", 30)
    first = run(path, shift_to=NOW - timedelta(days=3))
    before = stored()

    second = run(path, now=NOW + timedelta(days=9), shift_to=NOW + timedelta(days=5))

    assert (first.added, first.already_there) == (30, 0)
    assert (second.added, second.already_there) == (0, 30)
    assert second.shift == first.shift
    assert second.shift_fixed_at == NOW
    assert stored() == before
    assert Import.objects.get().counts["added"] == 30


@pytest.mark.django_db
def test_import__same_file_by_another_name_and_packing__is_the_same_import(tmp_path: Path, run: Run) -> None:
    path = many(tmp_path / "a.csv", 3)
    run(path)
    packed = tmp_path / "b.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))

    assert run(packed, now=NOW + timedelta(hours=1)).added == 0


@pytest.mark.django_db
def test_import__rows_of_one_instant__keep_the_order_of_the_file(tmp_path: Path, run: Run) -> None:
    path = written(
        tmp_path / "a.csv",
        HEADER
        + "".join(f"ann,2026-01-01T00:00:00Z,{what},x,1\n" for what in ("cart", "bought", "view", "cart", "view")),
    )
    run(path)

    [(_, timeline)] = timelines(None, purpose="personalization")

    assert [event.name for event in timeline] == ["add_to_cart", "purchase", "view_item", "add_to_cart", "view_item"]


@pytest.mark.django_db
def test_import__every_kind_of_broken_row__is_reported_row_by_row(tmp_path: Path, run: Run) -> None:
    rows = [
        (b"ann,2026-01-01T00:00:00Z,view,A13,1", None),
        (b"ann,2026-01-01T00:00:00Z,view,A13", "too few columns"),
        (b"ann,2026-01-01T00:00:00Z,view,A13,1,2", "too many columns"),
        (b"ann,2026-01-01T00:00:00Z,view,A\xff13,1", "encoding"),
        (b"ann,2026-01-01T00:00:00Z,view,A\x0013,1", "NUL"),
        (b'ann,2026-01-01T00:00:00Z,view,"A13,1', "quotes"),
        (b'ann,2026-01-01T00:00:00Z,view,"A13"x,1', "quotes"),
        (b"x" * 300_000, "too long"),
        (b"ann,2026-01-01T00:00:00Z,view," + b"x" * 3000 + b",1", "too long"),
        (b",2026-01-01T00:00:00Z,view,A13,1", "no visitor"),
        (b"ann,yesterday,view,A13,1", "time"),
        (b"ann,2026-03-29T02:30:00,view,A13,1", "time"),
        (b"ann,2026-01-01T00:00:00Z,dance,A13,1", "unknown event"),
        (b"ann,2026-01-01T00:00:00Z,,A13,1", "unknown event"),
        (b"ann,2026-01-01T00:00:00Z,view,A13,cheap", "value"),
        (b"ann,2026-01-01T00:00:00Z,view,A13,inf", "value"),
        (b"ann,2026-01-01T00:00:00Z,ping,A13,1", None),
        (b"bob,2026-01-02T00:00:00Z,view,A13,1", None),
    ]
    path = tmp_path / "a.csv"
    path.write_bytes(HEADER.encode() + b"\n".join(row for row, _ in rows) + b"\n")

    report = run(path)

    expected = [(line, reason) for line, (_, reason) in enumerate(rows, start=2) if reason is not None]
    with (tmp_path / "problems.csv").open(newline="", encoding="utf-8") as file:
        written_down = [(int(row["line"]), row["reason"]) for row in csv.DictReader(file)]
    assert written_down == expected
    assert [(problem.line, problem.reason) for problem in report.problems] == expected
    assert (report.read, report.added, report.left_out, report.bad.total()) == (18, 2, 1, 15)
    assert Import.objects.get().counts["bad"]["quotes"] == 2
    text = "\n".join(report.lines(400))
    assert "line 12: time: 'yesterday' is not an ISO time" in text
    assert "problems.csv" in text


@pytest.mark.django_db
def test_import__many_broken_rows__are_all_in_the_file_and_the_first_in_the_report(tmp_path: Path, run: Run) -> None:
    path = written(tmp_path / "a.csv", HEADER + "ann,2026-01-01,view,x,1\n" + "ann,never,view,x,1\n" * 50)

    report = run(path)

    assert len(report.problems) == 20
    assert len((tmp_path / "problems.csv").read_text().splitlines()) == 51
    assert "and 30 more" in "\n".join(report.lines(400))


@pytest.mark.django_db
def test_import__beyond_retention_by_the_moved_time__is_reported_and_not_stored(tmp_path: Path, run: Run) -> None:
    path = written(
        tmp_path / "a.csv",
        HEADER + "ann,2010-01-01T00:00:00Z,view,x,1\nann,2010-01-02T00:00:00Z,view,x,1\nann,2011-02-05,view,x,1\n",
    )

    report = run(path, mapped(CLOCK, ("Europe/Berlin", "UTC")))

    # The last event is moved to now: 400 days before it is 2010-01-01.
    assert (report.added, report.beyond_retention) == (3, 0)
    later = run(path, mapped(CLOCK, ("Europe/Berlin", "Etc/UTC")), shift_to=NOW - timedelta(hours=1))
    assert (later.added, later.beyond_retention) == (2, 1)


@pytest.mark.django_db
def test_import__identical_rows__are_one_event_where_the_mapping_says_so(tmp_path: Path, run: Run) -> None:
    row = "ann,2026-01-01T00:00:00Z,bought,x,1\n"
    path = written(tmp_path / "a.csv", HEADER + row * 2 + row.replace("ann", "bob") + row)

    each = run(path)
    one = run(path, mapped(CLOCK, ("[time]", '[file]\nidentical_rows = "one"\n\n[time]')), now=NOW + timedelta(days=1))

    assert (each.added, each.repeated) == (4, 0)
    assert (one.added, one.repeated) == (2, 2)


@pytest.mark.django_db
def test_import__day_and_order_only__makes_the_sessions_of_the_file(tmp_path: Path, run: Run) -> None:
    rows = [
        ("ann", "s1", 1, 1),
        ("ann", "s1", 1, 2),
        ("bob", "s2", 1, 1),
        ("ann", "s3", 1, 1),
        ("ann", "s3", 1, 90),
        ("ann", "s4", 2, 1),
        ("ann", "s1", 2, 3),
    ]
    path = written(
        tmp_path / "a.csv",
        "who,visit,year,month,day,order,item\n"
        + "".join(f"{who},{visit},2008,4,{day},{order},{visit}\n" for who, visit, day, order in rows),
    )

    report = run(path, parse_mapping(ORDERED))

    sessions = {
        frozenset(str(event.properties["item_id"]) for event in timeline.events[start:stop])
        for _, timeline in timelines(None, purpose="personalization")
        for start, stop in timeline.sessions
    }
    assert sessions == {frozenset({name}) for name in ("s1", "s2", "s3", "s4")}
    assert report.bad == {"session": 1}
    assert run(path, parse_mapping(ORDERED), now=NOW + timedelta(days=1)).added == 0


def failing(after: int) -> Callable[..., Outcome]:
    """`record_events` that fails within its transaction, once it was called so often."""
    calls = 0

    def record(batches: Sequence[Batch], *, now: datetime, imported_from: Import) -> Outcome:
        nonlocal calls
        calls += 1
        outcome = original(batches, now=now, imported_from=imported_from)
        if calls > after:
            raise RuntimeError("the power went off")
        return outcome

    original = record_events
    return record


@pytest.mark.django_db(transaction=True)
def test_import__interrupted__goes_on_where_it_stopped(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = many(tmp_path / "a.csv", 100)
    path.write_text(path.read_text() + "ann,never,view,x,1\n")
    monkeypatch.setattr(services, "CHUNK", 10)
    with monkeypatch.context() as patch:
        patch.setattr(services, "record_events", failing(after=4))
        with pytest.raises(RuntimeError):
            run(path)
    assert (Import.objects.get().position, StoredEvent.objects.count()) == (40, 40)

    report = run(path, now=NOW + timedelta(days=2))

    assert (report.resumed_after, report.read, report.added, report.already_there) == (40, 101, 100, 0)
    assert report.bad == {"time": 1}
    assert StoredEvent.objects.order_by("-occurred_at").values_list("occurred_at", flat=True)[0] == NOW
    record = Import.objects.get()
    assert (record.position, record.finished_at) == (101, NOW + timedelta(days=2))


KILLED = """
import os, signal
import django
django.setup()
from tracking.importing import services
original, calls = services.record_events, []
def record(*args, **options):
    outcome = original(*args, **options)
    calls.append(1)
    if len(calls) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return outcome
services.record_events = record
services.CHUNK = 100
"""
IMPORTED = """
from datetime import datetime
from pathlib import Path
from tracking.importing.mapping import parse_mapping
services.import_events(
    Path({path!r}), mapping=parse_mapping({mapping!r}), now=datetime.fromisoformat({now!r}),
    problem_path=Path({path!r} + ".problems"),
)
"""


def child(code: str, path: Path) -> subprocess.CompletedProcess[str]:
    """Run an import in a process of its own, on the database of the test."""
    imported = IMPORTED.format(path=str(path), mapping=CLOCK, now=NOW.isoformat())
    environment = {**os.environ, "DATABASE_URL": processes.test_database_url()}
    return subprocess.run(
        [sys.executable, "-c", code + imported + "print(peak()) if 'peak' in globals() else None"],
        env=environment,
        cwd=processes.PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.django_db(transaction=True)
def test_import__process_killed__goes_on_where_it_stopped(tmp_path: Path, run: Run) -> None:
    path = many(tmp_path / "a.csv", 1000)

    killed = child(KILLED, path)

    assert killed.returncode == -9, killed.stderr
    assert (Import.objects.get().position, StoredEvent.objects.count()) == (200, 200)
    report = run(path, now=NOW + timedelta(days=1))
    assert (report.resumed_after, report.added, StoredEvent.objects.count()) == (200, 1000, 1000)


MEASURED = """
import django
django.setup()
from tracking.importing import services
def peak():
    # Not ru_maxrss: a child inherits its parent's.
    return next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux to tell the peak of a process")
@pytest.mark.django_db(transaction=True)
def test_import__five_times_the_rows__takes_no_more_memory(tmp_path: Path) -> None:
    peaks = []
    for rows in (10_000, 50_000):
        measured = child(MEASURED, many(tmp_path / f"{rows}.csv", rows))
        assert measured.returncode == 0, measured.stderr
        peaks.append(int(measured.stdout))

    # In KiB. 40,000 rows that were all kept would take over 27 MiB.
    assert peaks[1] - peaks[0] < 12 * 1024, peaks


@pytest.mark.django_db
def test_import__visitor_erased_since__does_not_come_back(tmp_path: Path, run: Run) -> None:
    path = many(tmp_path / "a.csv", 20)
    run(path)
    visitor_id = Visitor.objects.order_by("id")[0].pk
    later = NOW + timedelta(days=1)
    erase_everywhere(visitor_id, withdrawn=3, remaining=0)
    WithdrawalMark.objects.create(digest=keyed.mark_digest(visitor_id), withdrawn_at=later)

    report = run(path, now=later + timedelta(hours=1))

    assert (report.added, report.withdrawn, report.already_there) == (0, 10, 10)
    assert not Visitor.objects.filter(pk=visitor_id).exists()


@pytest.mark.django_db
def test_import__two_at_once__the_second_is_refused(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    path = many(tmp_path / "a.csv", 20)
    monkeypatch.setattr(services, "CHUNK", 10)

    class Overtaking:
        """Between two chunks of this import, another run of it finishes."""

        def update(self, n: int = 1) -> None:
            Import.objects.update(position=20)

    with pytest.raises(ImportRefused, match="somebody else"):
        services.import_events(
            path,
            mapping=parse_mapping(CLOCK),
            now=NOW,
            problem_path=tmp_path / "problems.csv",
            bars=lambda title, total, unit: nullcontext(Overtaking()),
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('view = "view_item"', 'view = "seen_item"'), "'seen_item' is no event"),
        (("[properties.price]", "[properties.prize]"), "'prize'"),
        (('kind = "number"', 'kind = "text"'), 'write kind = "number"'),
    ],
)
def test_import__mapping_names_what_is_not_measured__is_refused(
    tmp_path: Path, run: Run, change: tuple[str, str], message: str
) -> None:
    with pytest.raises(ImportRefused, match=message):
        run(many(tmp_path / "a.csv", 1), mapped(CLOCK, change))
    assert not Import.objects.exists()


@pytest.mark.django_db
def test_import__event_serves_none_of_the_purposes__is_refused(tmp_path: Path, run: Run) -> None:
    EventType.objects.create(name="view_item", label="Seen", purposes=1, properties={"item_id": "text"})

    with pytest.raises(ImportRefused, match="serves none of the purposes"):
        run(many(tmp_path / "a.csv", 1), mapped(CLOCK, ('"analytics", "personalization"', '"personalization"')))


@pytest.mark.django_db
def test_import__shift_to_the_future__is_refused(tmp_path: Path, run: Run) -> None:
    with pytest.raises(ImportRefused, match="still to come"):
        run(many(tmp_path / "a.csv", 1), shift_to=NOW + timedelta(seconds=1))


@pytest.mark.django_db
@pytest.mark.parametrize("text", [HEADER, HEADER + "ann,never,view,x,1\n"])
def test_import__no_row_can_be_read__is_refused_and_leaves_nothing(tmp_path: Path, run: Run, text: str) -> None:
    with pytest.raises(ImportRefused, match="No row"):
        run(written(tmp_path / "a.csv", text))
    assert not Import.objects.exists()
