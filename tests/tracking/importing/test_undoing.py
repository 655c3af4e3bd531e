"""Undoing an import: exactly what it brought goes, whatever is interrupted, and the file can come back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import uuid_utils.compat
from django.core.management import CommandError, call_command

from consent import keyed, stores
from consent.models import WithdrawalMark
from consent.purposes import ANALYTICS, PERSONALIZATION
from personalization.profiles.models import Profile, Trait
from tests.tracking.importing.files import CLOCK, HEADER, mapped, written
from tests.tracking.importing.test_services import NOW, Run, many, run, stored
from tracking.importing import services, undoing
from tracking.importing.errors import ImportRefused
from tracking.importing.models import Import
from tracking.importing.sharing import Shared, sharing_with, undone_since
from tracking.importing.undoing import Undone, undo_import
from tracking.models import StoredEvent, Visitor
from tracking.recording import Accepted, Batch, Outcome, lock_visitors, record_events
from tracking.timeline import Event, Page

__all__ = ["run"]  # the fixture

pytestmark = pytest.mark.django_db

ALL = ANALYTICS.bit | PERSONALIZATION.bit


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So small that a visitor's events lie in several."""
    monkeypatch.setattr(undoing, "CHUNK", 7)


def visit(visitor_id: UUID, *, purposes: int = ALL, at: datetime = NOW) -> UUID:
    """The visitor looks at something here, now."""
    event_id = uuid_utils.compat.uuid7(nanoseconds=int(at.timestamp() * 1000) * 1_000_000)
    event = Event(event_id, "view_item", at, Page(), {"item_id": "own"}, "")
    record_events([Batch(visitor_id, at, [Accepted(event, purposes)])], now=at)
    return event_id


def undo(**options: int) -> Undone:
    return undo_import(Import.objects.get(name="a.csv").pk, now=NOW, **options)


def test_undo__visitors_whom_only_it_brought__leaves_nothing(tmp_path: Path, run: Run) -> None:
    run(many(tmp_path / "a.csv", 50))
    Trait.objects.create(
        visitor_id=Visitor.objects.all()[0].pk, name="city", value="Ulm", source="test", updated_at=NOW
    )
    assert Profile.objects.count() == 5

    assert undo() == Undone(events=50, visitors=5, kept=0, finished=True)

    for model in (StoredEvent, Visitor, Import, Profile, Trait):
        assert not model._default_manager.exists(), model
    with pytest.raises(ImportRefused, match="no such import"):
        undo_import(1, now=NOW)


def test_undo__visitor_with_own_events__keeps_them_and_is_judged_anew(tmp_path: Path, run: Run) -> None:
    run(many(tmp_path / "a.csv", 20))
    first, second = Visitor.objects.order_by("pk").values_list("pk", flat=True)
    own = visit(first)
    Profile.objects.update(due_at=None)

    assert undo() == Undone(events=20, visitors=1, kept=1, finished=True)

    assert list(StoredEvent.objects.values_list("pk", "visitor_id")) == [(own, first)]
    visitor = Visitor.objects.get()
    assert (visitor.pk, visitor.imported_from, visitor.first_seen, visitor.purposes) == (first, None, NOW, ALL)
    assert Profile.objects.get().due_at is not None
    assert second not in Profile.objects.values_list("visitor_id", flat=True)


def test_undo__own_visitor_for_analytics_only__keeps_nothing_that_the_import_allowed(tmp_path: Path, run: Run) -> None:
    run(many(tmp_path / "a.csv", 10))
    visitor_id = Visitor.objects.get().pk
    visit(visitor_id, purposes=ANALYTICS.bit)

    assert undo() == Undone(events=10, visitors=0, kept=1, finished=True)

    assert Visitor.objects.get().purposes == ANALYTICS.bit
    assert StoredEvent.objects.get().purposes == ANALYTICS.bit
    assert not Profile.objects.exists()


def test_undo__visitor_of_two_imports__belongs_to_the_other(tmp_path: Path, run: Run) -> None:
    run(many(tmp_path / "a.csv", 10))
    run(many(tmp_path / "b.csv", 11), shift_to=NOW - timedelta(days=1))
    other = Import.objects.get(name="b.csv")
    before = {one.pk for one in StoredEvent.objects.filter(imported_from=other)}

    assert undo() == Undone(events=10, visitors=0, kept=1, finished=True)

    assert {one.pk for one in StoredEvent.objects.all()} == before
    assert set(Visitor.objects.values_list("imported_from", flat=True)) == {other.pk}


def test_undo__limited_or_interrupted__goes_on_and_lets_nobody_import_meanwhile(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = many(tmp_path / "a.csv", 50)
    run(path)

    assert undo(at_most=10) == Undone(events=14, visitors=1, kept=0, finished=False)
    assert StoredEvent.objects.count() == 36
    with pytest.raises(ImportRefused, match="being undone"):
        run(path)
    with monkeypatch.context() as patch:
        patch.setattr(undoing, "follow", lambda visitors: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            undo()
    # The chunk that failed is there whole.
    assert StoredEvent.objects.count() == 36
    assert undo() == Undone(events=50, visitors=5, kept=0, finished=True)
    assert not StoredEvent.objects.exists()


def test_undo__then_imported_again__is_all_there_but_who_has_withdrawn(tmp_path: Path, run: Run) -> None:
    path = many(tmp_path / "a.csv", 20)
    run(path)
    before = stored()
    undo()

    again = run(path)

    assert (again.added, again.shift_fixed_at, stored()) == (20, None, before)
    gone = Visitor.objects.order_by("pk")[0].pk
    stores.erase_everywhere(gone, withdrawn=ALL, remaining=0)
    WithdrawalMark.objects.create(digest=keyed.mark_digest(gone), withdrawn_at=NOW + timedelta(hours=1))
    undo()
    report = run(path, now=NOW + timedelta(days=1))
    assert (report.added, report.withdrawn) == (10, 10)
    assert not Visitor.objects.filter(pk=gone).exists()


AGAIN = mapped(CLOCK, ('"Consent of 2025, text 3"', '"Consent of 2025, text 4"'), ('["analytics", "pers', '["pers'))
"""The same rows on another basis, for fewer purposes."""


def test_undo__events_that_a_later_import_found_there__come_back_when_that_is_run_again(
    tmp_path: Path, run: Run
) -> None:
    run(many(tmp_path / "a.csv", 20), shift_to=NOW - timedelta(seconds=10))
    larger = many(tmp_path / "b.csv", 30)
    assert (run(larger, AGAIN, shift_to=NOW).added, StoredEvent.objects.count()) == (10, 30)
    before = {one.pk for one in StoredEvent.objects.all()}
    first, later = Import.objects.get(name="a.csv"), Import.objects.get(name="b.csv")
    assert sharing_with(first) == [Shared(later.pk, "b.csv", 20)]
    assert (sharing_with(later), undone_since(later)) == ([], [])

    assert undo(at_most=1).finished is False
    later.refresh_from_db()
    assert undone_since(later) == [Shared(first.pk, "a.csv", 20)]  # from the first chunk on
    assert undo().finished
    assert StoredEvent.objects.count() == 10
    assert undone_since(later) == [Shared(first.pk, "a.csv", 20)]

    again = run(larger, AGAIN)

    assert (again.added, {one.pk for one in StoredEvent.objects.all()}) == (20, before)
    assert set(StoredEvent.objects.values_list("purposes", "imported_from")) == {(PERSONALIZATION.bit, later.pk)}
    later.refresh_from_db()
    assert (undone_since(later), later.counts["added"], later.counts["already_there"]) == ([], 30, 0)


def test_import__events_of_other_imports__are_counted_over_interruptions_and_never_twice(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(many(tmp_path / "a.csv", 20), shift_to=NOW - timedelta(seconds=10))
    first = Import.objects.get()
    owner = StoredEvent.objects.order_by("pk")[0]
    StoredEvent.objects.filter(pk=owner.pk).update(imported_from=None)  # as if it had happened here
    monkeypatch.setattr(services, "CHUNK", 7)
    larger = many(tmp_path / "b.csv", 30)
    times: list[int] = []

    def once(*args: Any, **kwargs: Any) -> Outcome:
        times.append(1)
        if len(times) == 3:
            raise KeyboardInterrupt
        return record_events(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(services, "record_events", once)
        with pytest.raises(KeyboardInterrupt):
            run(larger, AGAIN, shift_to=NOW)
    assert [one.events for one in sharing_with(first)] == [13]
    for _ in range(3):
        run(larger, AGAIN)
        assert [one.events for one in sharing_with(first)] == [19]
        assert Import.objects.get(name="b.csv").counts["already_there"] == 20
        assert Import.objects.get(name="b.csv").counts["added"] == 10


def test_command__import_that_another_found_events_of__names_that(tmp_path: Path, run: Run) -> None:
    run(many(tmp_path / "a.csv", 20), shift_to=NOW)
    run(tmp_path / "a.csv", AGAIN, shift_to=NOW)
    out = StringIO()

    call_command("undo_import", Import.objects.order_by("pk")[0].pk, stdout=out)

    assert "Run the import of a.csv again: it had found 20 of these events there." in out.getvalue()


def test_undo__visitor_of_an_import_whose_events_have_expired__goes(tmp_path: Path, run: Run) -> None:
    run(many(tmp_path / "a.csv", 20))
    StoredEvent.objects.filter(visitor_id=Visitor.objects.all()[0].pk).delete()

    assert undo() == Undone(events=10, visitors=2, kept=0, finished=True)


def test_undo__visitor_who_acts_before_the_lock_is_given__keeps_that(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(many(tmp_path / "a.csv", 10))
    StoredEvent.objects.all().delete()  # expired
    own: list[UUID] = []
    lock = lock_visitors

    def lock_later(*args: Any, **kwargs: Any) -> None:
        if not own:
            own.append(visit(Visitor.objects.get().pk))
        lock(*args, **kwargs)

    monkeypatch.setattr(undoing, "lock_visitors", lock_later)

    assert undo() == Undone(events=0, visitors=0, kept=1, finished=True)
    assert [one.pk for one in StoredEvent.objects.all()] == own
    assert [one.imported_from for one in Visitor.objects.all()] == [None]


def test_purge__import_beyond_retention__forgets_what_bad_rows_held(tmp_path: Path, run: Run) -> None:
    path = written(tmp_path / "a.csv", HEADER + "ann,2026-01-01,view,x,1\nann,Ann Smith,view,x,1\nann,,Smith,x,1\n")
    mapping = mapped(CLOCK, ("Europe/Berlin", "UTC"))
    run(path, mapping, now=datetime(2020, 1, 1, tzinfo=UTC))
    record = Import.objects.get()
    assert [problem["reason"] for problem in record.problems] == ["time", "unknown event"]

    call_command("purge_expired", verbosity=0)

    record.refresh_from_db()
    assert (record.problems, record.counts["unknown"]) == ([], {})
    assert record.counts["bad"] == {"time": 1, "unknown event": 1}


def test_command__import__is_undone_and_told(tmp_path: Path, run: Run) -> None:
    run(many(tmp_path / "a.csv", 20))
    number, out = Import.objects.get().pk, StringIO()

    call_command("undo_import", number, stdout=out)

    assert "20 events removed" in out.getvalue()
    assert not StoredEvent.objects.exists()
    with pytest.raises(CommandError, match=r"no such import.*that are there: none"):
        call_command("undo_import", number)
    run(many(tmp_path / "a.csv", 20))
    with pytest.raises(CommandError, match=rf"that are there: {Import.objects.get().pk} \(a\.csv\)\."):
        call_command("undo_import", 0)
