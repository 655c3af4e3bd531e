"""Gives clicks a time of day where the file only knows their day and their order in the session.

The sessions of the file stay exactly the sessions of the timeline: neighbors within one lie at most 30 minutes apart,
two of one visitor more than 30. What has to be known of the whole file for that is kept on disk, not in memory.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from tracking.importing.ids import EPOCH
from tracking.importing.rows import BadRow
from tracking.timeline import SESSION_GAP

MICROSECOND: Final = timedelta(microseconds=1)
SECOND: Final = 1_000_000
APART: Final = SESSION_GAP // MICROSECOND + 60 * SECOND
SPAN: Final = 22 * 3600 * SECOND
"""What of a day is used: so even a day of 23 hours ends over 30 minutes before the next day's first session."""

SCHEMA: Final = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE session (id INTEGER PRIMARY KEY, visitor TEXT, name TEXT, day INTEGER, start INTEGER, step INTEGER);
CREATE UNIQUE INDEX session_name ON session (visitor, name);
CREATE TABLE click (session INTEGER, place INTEGER, PRIMARY KEY (session, place)) WITHOUT ROWID;
"""


class _Placed(NamedTuple):
    day: int
    start: int | None
    step: int
    places: tuple[int, ...]


class Layout:
    """The sessions of a file. First `add` every click, then `arrange`, then ask `time_of`."""

    def __init__(self, database: sqlite3.Connection, step: timedelta) -> None:
        self._database = database
        self._step = step // MICROSECOND
        self._session_of = lru_cache(maxsize=4096)(self._find_or_create)
        self._placed = lru_cache(maxsize=256)(self._find_placed)

    def add(self, visitor: str, session: str, day: datetime, order: int) -> None:
        """Note a click."""
        number, known_day = self._session_of(visitor, session, _microseconds(day))
        if known_day == _microseconds(day):
            self._database.execute("INSERT OR IGNORE INTO click VALUES (?, ?)", (number, order))

    def arrange(self) -> datetime | None:
        """Give every session its start and its step; return the time of the last click."""
        last: int | None = None
        rows = self._database.execute(
            "SELECT visitor, day, id, (SELECT count(*) FROM click WHERE click.session = session.id)"
            " FROM session ORDER BY visitor, day, id"
        )
        write = self._database.cursor()
        for (visitor, day), group in groupby(rows, key=lambda row: (row[0], row[1])):
            sessions = [(row[2], row[3]) for row in group]
            for number, start, step, end in _day_plan(visitor, day, sessions, self._step):
                write.execute("UPDATE session SET start = ?, step = ? WHERE id = ?", (start, step, number))
                last = end if last is None else max(last, end)
        return None if last is None else EPOCH + last * MICROSECOND

    def time_of(self, visitor: str, session: str, day: datetime, order: int) -> datetime:
        """Return when the click was; `BadRow` when its session has no place on its day."""
        placed = self._placed(visitor, session)
        if placed.day != _microseconds(day):
            raise BadRow("session", f"session {session!r} began on another day")
        if placed.start is None:
            raise BadRow("session", f"the day is too short for all of the visitor's sessions, {session!r} among them")
        return EPOCH + (placed.start + bisect_left(placed.places, order) * placed.step) * MICROSECOND

    def _find_or_create(self, visitor: str, session: str, day: int) -> tuple[int, int]:
        execute = self._database.execute
        found = execute("SELECT id, day FROM session WHERE visitor = ? AND name = ?", (visitor, session)).fetchone()
        if found is not None:
            return int(found[0]), int(found[1])
        created = execute("INSERT INTO session (visitor, name, day) VALUES (?, ?, ?)", (visitor, session, day))
        assert created.lastrowid is not None  # noqa: S101  # an INSERT has one
        return created.lastrowid, day

    def _find_placed(self, visitor: str, session: str) -> _Placed:
        execute = self._database.execute
        number, day, start, step = execute(
            "SELECT id, day, start, step FROM session WHERE visitor = ? AND name = ?", (visitor, session)
        ).fetchone()
        places = execute("SELECT place FROM click WHERE session = ? ORDER BY place", (number,))
        return _Placed(day, start, step or 0, tuple(place for (place,) in places))


def _day_plan(
    visitor: str, day: int, sessions: list[tuple[int, int]], step: int
) -> Iterator[tuple[int, int, int, int]]:
    """Lay the (id, clicks) of one visitor's day out: yield (id, start, step, time of the last click).

    The day begins at a time of the visitor's own; steps shrink where the day would be too short. Sessions for which
    there is no room even then are left out.
    """
    fitting = step
    while sessions:
        pauses = (len(sessions) - 1) * APART
        steps = sum(clicks - 1 for _, clicks in sessions)
        fitting = min(step, (SPAN - pauses) // steps) if steps else step
        if pauses <= SPAN and fitting > 0:
            break
        sessions = sessions[:-1]
    length = (len(sessions) - 1) * APART + sum(clicks - 1 for _, clicks in sessions) * fitting
    chance = int.from_bytes(sha256(f"{visitor}\0{day}".encode()).digest()[:8])
    # A whole second looks like what it is: made up.
    start = day + chance % ((SPAN - length) // SECOND + 1) * SECOND
    for number, clicks in sessions:
        end = start + (clicks - 1) * fitting
        yield number, start, fitting, end
        start = end + APART


def _microseconds(moment: datetime) -> int:
    return (moment.astimezone(UTC) - EPOCH) // MICROSECOND


@contextmanager
def layout(step: timedelta) -> Iterator[Layout]:
    """Keep a layout on disk for as long as it is needed."""
    with TemporaryDirectory(prefix="attune-import-") as folder:
        database = sqlite3.connect(Path(folder) / "layout.sqlite3", isolation_level=None)
        try:
            database.executescript(SCHEMA)
            # One transaction that never ends: nobody else reads this file, and every commit would cost a write.
            database.execute("BEGIN")
            yield Layout(database, step)
        finally:
            database.close()
