"""Imports a file of history under its mapping: every row once, whatever is interrupted or run again."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from collections.abc import Mapping as Table
from contextlib import AbstractContextManager, ExitStack, nullcontext
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from django.db import router, transaction
from django.utils.crypto import salted_hmac

from consent.purposes import codes_of, mask_of
from consent.selectors import withdrawn_among
from tracking.conf import settings as tracking_settings
from tracking.event_types import EventType, registered
from tracking.importing.errors import ImportRefused
from tracking.importing.ids import EPOCH, event_id, row_digest, visitor_id
from tracking.importing.layout import Layout, layout
from tracking.importing.mapping import Field, Mapping
from tracking.importing.models import Import
from tracking.importing.problems import Problem, ProblemFile
from tracking.importing.reading import Bar, digest_of, reading
from tracking.importing.records import BrokenRecord
from tracking.importing.report import Report
from tracking.importing.rows import BadRow, Row, RowReader, UnknownEvent
from tracking.importing.sharing import KEY, found_again, owners_of, with_found
from tracking.recording import Accepted, Batch, record_events
from tracking.timeline import Event
from tracking.wire import Reader

CHUNK: Final = 5000
"""How many rows go into one transaction."""

NEAR: Final = 10_000
"""Identical rows count as one event if fewer rows than this lie between them; so memory stays flat."""

Bars = Callable[[str, int, str], AbstractContextManager[Bar]]
"""Makes a progress bar of a title, a total and a unit."""


class _NoBar:
    def update(self, n: int = 1) -> None:
        """Show nothing."""


def _no_bars(title: str, total: int, unit: str) -> AbstractContextManager[Bar]:
    return nullcontext(_NoBar())


def import_events(
    path: Path,
    *,
    mapping: Mapping,
    now: datetime,
    problem_path: Path,
    shift_to: datetime | None = None,
    bars: Bars = _no_bars,
) -> Report:
    """Bring the history in `path` in.

    The whole history is moved so that its last event lies at `shift_to` (default: `now`). The first run of a file and
    mapping, known by their contents, fixes that for all later runs. A run that was interrupted is gone on with; after
    one that was not, nothing is left to add. Rows that cannot be read are written to `problem_path`.

    `ImportRefused` when the file or the mapping cannot be used at all.
    """
    if shift_to is not None and shift_to > now:
        raise ImportRefused(f"{shift_to.isoformat()} is still to come; history cannot end there.")
    if not problem_path.parent.is_dir():
        raise ImportRefused(f"The folder {problem_path.parent}, for the rows that cannot be read, does not exist.")
    declared = declared_properties(mapping, registered())
    size = path.stat().st_size if path.is_file() else 0
    with bars("Checking the file", size, "B") as bar:
        digest = digest_of(path, bar)
    found = Import.objects.filter(file_digest=digest, mapping_digest=mapping.digest).first()
    with ExitStack() as stack:
        placed = stack.enter_context(layout(mapping.time.step)) if mapping.time.order is not None else None
        run = _Run(path, mapping, declared, placed, found, now)
        if found is None or placed is not None:
            with bars("Finding the last event", size, "B") as bar:
                rows, last = run.measure(bar)
            if found is None:
                run.begin(digest, rows=rows, last=last, shift_to=shift_to or now)
        with bars("Importing", run.record.rows, " rows") as bar:
            return run.bring_in(problem_path, bar)


def declared_properties(mapping: Mapping, types: Table[str, EventType]) -> dict[str, frozenset[str]]:
    """Return, of every event that the data may be stored as, which properties it takes.

    `ImportRefused` when the mapping names an event that is not measured or may not be stored under these purposes, or
    a property that none of its events takes or that is of another kind.
    """
    purposes = mask_of(mapping.purposes)
    usable = {name: kind for name, kind in types.items() if kind.purpose_mask & purposes}
    named = {mapping.event.constant} if mapping.event.column is None else set(mapping.event.values.values())
    errors = []
    for name in sorted(named - types.keys()):
        errors.append(f"{name!r} is no event that is measured here; add it to what we measure, or rename it.")
    for name in sorted(named & types.keys() - usable.keys()):
        errors.append(f"{name!r} serves none of the purposes of the mapping ({', '.join(sorted(mapping.purposes))}).")
    for key, field in mapping.properties.items():
        kinds = {usable[name].properties[key] for name in named & usable.keys() if key in usable[name].properties}
        if named & usable.keys() and not kinds:
            errors.append(f"No event of the mapping takes the property {key!r}; declare it there or leave it out.")
        for wrong in sorted(kinds - {"any"} - _kinds_of(field)) if len(_kinds_of(field)) == 1 else ():
            errors.append(f'The property {key!r} must be a {wrong}; write kind = "{wrong}".')
    if errors:
        raise ImportRefused("\n".join(errors))
    return {
        name: frozenset(
            key
            for key, field in mapping.properties.items()
            if key in kind.properties and (kind.properties[key] == "any" or {kind.properties[key]} == _kinds_of(field))
        )
        for name, kind in usable.items()
    }


def _kinds_of(field: Field) -> set[str]:
    """The kinds of value that a field may give."""
    values = [] if field.values is None else list(field.values.values())
    if field.constant is not None:
        values.append(field.constant)
    kinds = {"boolean" if isinstance(v, bool) else "text" if isinstance(v, str) else "number" for v in values}
    if field.column is not None and not field.listed_only:
        kinds.add(field.kind)
    return kinds


class _Taken(NamedTuple):
    """A row that is to be stored."""

    number: int
    row: Row
    moment: datetime
    digest: bytes


class _Run:
    """One run over one file."""

    def __init__(
        self,
        path: Path,
        mapping: Mapping,
        declared: Table[str, frozenset[str]],
        placed: Layout | None,
        record: Import | None,
        now: datetime,
    ) -> None:
        self.path = path
        self.mapping = mapping
        self.declared = declared
        self.placed = placed
        self.now = now
        self.first_run = record is None
        self._record = record
        self._found: Counter[int] = Counter()  # events of other imports, by import
        self._found_here = 0  # events that no import brought
        types = registered()
        self._purposes = {name: kind.purpose_mask & mask_of(mapping.purposes) for name, kind in types.items()}
        # Addresses carry tokens and names here as they do from the collector.
        limits = Reader(
            types, now=now, retention=tracking_settings.RETENTION, keep_parameters=tracking_settings.QUERY_PARAMETERS
        )
        self._page = lru_cache(maxsize=4096)(limits.page)
        # Derived once: the key is the same for every visitor of this site, and for nobody else's.
        self._key = salted_hmac("attune.tracking.importing", "visitor", algorithm="sha256").digest()

    @property
    def record(self) -> Import:
        """The import that this is a run of."""
        assert self._record is not None, "The import has not begun."  # noqa: S101  # for the reader of a traceback
        return self._record

    def measure(self, bar: Bar) -> tuple[int, datetime | None]:
        """Go over the whole file: (how many rows it has, when its last event that can be read happened)."""
        rows = 0
        last: datetime | None = None
        done = 0
        with reading(self.path, self.mapping) as source:
            reader = RowReader(self.mapping, source.columns, self.declared)
            for record in source.records():
                rows += 1
                if rows % CHUNK == 0:
                    bar.update(source.bytes_read() - done)
                    done = source.bytes_read()
                if isinstance(record, BrokenRecord):
                    continue
                try:
                    row = reader.read(record.fields)
                except BadRow:
                    continue
                if row is None:
                    continue
                if self.placed is not None:
                    self.placed.add(row.visitor, row.session, row.moment, row.order or 1)
                elif last is None or row.moment > last:
                    last = row.moment
            bar.update(source.bytes_read() - done)
        return rows, last if self.placed is None else self.placed.arrange()

    def begin(self, digest: str, *, rows: int, last: datetime | None, shift_to: datetime) -> None:
        """Write down that this import began, and by how much it moves the history."""
        if last is None:
            raise ImportRefused(f"No row of {self.path.name} could be read as an event ({rows:,} rows).{self._why()}")
        self._record, _created = Import.objects.get_or_create(
            file_digest=digest,
            mapping_digest=self.mapping.digest,
            defaults={
                "name": self.path.name,
                "source": self.mapping.source,
                "basis": self.mapping.basis,
                "purposes": mask_of(self.mapping.purposes),
                "shift_microseconds": (shift_to - last) // timedelta(microseconds=1),
                "last_event_at": last,
                "rows": rows,
                "started_at": self.now,
            },
        )

    def _why(self) -> str:
        """What is wrong with the first row."""
        with reading(self.path, self.mapping) as source:
            reader = RowReader(self.mapping, source.columns, self.declared)
            for record in source.records():
                if isinstance(record, BrokenRecord):
                    return f" Line {record.line}: {record.detail}."
                try:
                    reader.read(record.fields)
                except BadRow as bad:
                    return f" Line {record.line}: {bad.detail}."
        return ""

    def bring_in(self, problem_path: Path, bar: Bar) -> Report:
        """Store what is not stored yet, chunk by chunk, each with how far it has come in one transaction."""
        record = self.record
        # A finished import is gone through anew: nothing is there to be added, unless more is measured now than then.
        after = record.position if record.finished_at is None else 0
        report = Report(
            source=record.source,
            basis=record.basis,
            purposes=sorted(codes_of(record.purposes)),
            last_event_at=record.last_event_at,
            shift=record.shift,
            shift_fixed_at=None if self.first_run else record.started_at,
            resumed_after=after,
        )
        if after:
            for name in ("added", "already_there", "beyond_retention", "withdrawn"):
                setattr(report, name, record.counts[name])
            self._found.update({one.import_id: one.events for one in found_again(record.counts)})
        problems = ProblemFile(problem_path)
        chunk: list[_Taken] = []
        done = 0
        try:
            for taken in self._rows(report, problems, after):
                if taken is not None:
                    chunk.append(taken)
                if report.read - done >= CHUNK:
                    if report.read > after:
                        self._store(chunk, report)
                        chunk.clear()
                    bar.update(report.read - done)
                    done = report.read
            report.bad = problems.counts
            report.problems = tuple(problems.first)
            report.problem_path = problem_path if problems.counts else None
            self._store(chunk, report, finished=True)
            bar.update(report.read - done)
        finally:
            problems.close()
        return report

    def _rows(self, report: Report, problems: ProblemFile, after: int) -> Iterator[_Taken | None]:
        """Check every row; yield what is to be stored of it, or None. Rows up to `after` are stored already."""
        near: OrderedDict[bytes, None] = OrderedDict()
        shift = self.record.shift
        oldest = self.now - tracking_settings.RETENTION
        with reading(self.path, self.mapping) as source:
            reader = RowReader(self.mapping, source.columns, self.declared)
            for record in source.records():
                report.read += 1
                taken = None
                try:
                    if isinstance(record, BrokenRecord):
                        raise BadRow(record.reason, record.detail)
                    row = reader.read(record.fields)
                    if row is None:
                        report.left_out += 1
                    elif self._repeats(digest := row_digest(self.mapping.source, record.whole or record.fields), near):
                        report.repeated += 1
                    else:
                        moment = self._moment_of(row) + shift
                        report.undeclared.update(row.undeclared)
                        if record.number <= after:
                            pass
                        elif moment < oldest:
                            report.beyond_retention += 1
                        else:
                            taken = _Taken(record.number, row, moment, digest)
                except BadRow as bad:
                    if isinstance(bad, UnknownEvent):
                        report.count_unknown(bad.name)
                    problems.add(Problem(record.line, bad.reason, bad.detail))
                yield taken

    def _repeats(self, digest: bytes, near: OrderedDict[bytes, None]) -> bool:
        """Whether the mapping says that identical rows are one event, and such a row was there shortly before."""
        if not self.mapping.identical_rows_are_one:
            return False
        if digest in near:
            return True
        near[digest] = None
        if len(near) > NEAR:
            near.popitem(last=False)
        return False

    def _moment_of(self, row: Row) -> datetime:
        if self.placed is None or row.order is None:
            return row.moment
        return self.placed.time_of(row.visitor, row.session, row.moment, row.order)

    def _store(self, chunk: list[_Taken], report: Report, *, finished: bool = False) -> None:
        """Store a chunk and, in the same transaction, how far the import has come."""
        with transaction.atomic(using=router.db_for_write(Import)):
            record = Import.objects.select_for_update().filter(pk=self.record.pk).first()
            if record is None:
                raise ImportRefused("This import was undone meanwhile. The same command again imports anew.")
            if record.position != self.record.position:
                raise ImportRefused("The same file is being imported by somebody else at this moment.")
            if record.undo_began_at is not None:
                raise ImportRefused(
                    "This import is being undone. Finish that in the admin or by undo_import, then import anew."
                )
            batches = self._batches(chunk)
            # An erased visitor must not come back by running the import again, be it after an undo.
            withdrawn = withdrawn_among({batch.visitor_id: EPOCH for batch in batches})
            allowed = [batch for batch in batches if batch.visitor_id not in withdrawn]
            outcome = record_events(allowed, now=self.now, imported_from=record)
            report.added += outcome.accepted
            report.already_there += len(outcome.duplicates)
            report.withdrawn += sum(len(batch.events) for batch in batches if batch.visitor_id in withdrawn)
            for owner, events in owners_of(outcome.duplicates).items():
                if owner is None:
                    self._found_here += events
                elif owner != record.pk:
                    self._found[owner] += events
            found = record.counts.get(KEY, {})
            if record.finished_at is None:
                record.position = report.read
                record.counts = report.counts()
            else:
                record.counts["added"] += outcome.accepted
                if finished:
                    found = {}
                    record.counts["already_there"] = self._found.total() + self._found_here
            record.counts[KEY] = with_found(found, self._found)
            if finished and record.finished_at is None:
                record.finished_at = self.now
                record.problems = [problem._asdict() for problem in report.problems]
            record.save(update_fields=("position", "finished_at", "problems", "counts"))
        self._record = record

    def _batches(self, chunk: list[_Taken]) -> list[Batch]:
        events: dict[UUID, list[Accepted]] = {}
        for number, row, moment, digest in chunk:
            page = self._page(row.page.url, row.page.title, row.page.referrer)
            event = Event(event_id(moment, number, digest), row.name, moment, page, row.properties, row.device)
            visitor = visitor_id(self.mapping.source, row.visitor, key=self._key)
            events.setdefault(visitor, []).append(Accepted(event, self._purposes[row.name]))
        return [Batch(visitor, self.record.started_at, accepted) for visitor, accepted in events.items()]
