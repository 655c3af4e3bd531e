"""Times of day made up from day and order: the file's sessions stay the timeline's sessions."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracking.importing.layout import layout
from tracking.importing.rows import BadRow
from tracking.timeline import Event, Timeline

DAY = datetime(2008, 4, 1, tzinfo=UTC)

clicks = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 6), st.integers(1, 400)), min_size=1, max_size=200, unique=True
)


@given(clicks, st.sampled_from([timedelta(seconds=1), timedelta(minutes=1), timedelta(minutes=30)]))
def test_layout__any_clicks__sessions_are_those_of_the_file(rows: list[tuple[str, int, int]], step: timedelta) -> None:
    with layout(step) as placed:
        # Sessions 0 to 3 are on the first day, the others on the next.
        days = {number: DAY + timedelta(days=number // 4) for number in range(7)}
        for visitor, session, order in rows:
            placed.add(visitor, f"{visitor}{session}", days[session], order)
        last = placed.arrange()
        timelines = defaultdict(list)
        for visitor, session, order in rows:
            at = placed.time_of(visitor, f"{visitor}{session}", days[session], order)
            assert timedelta(0) <= at - days[session] < timedelta(days=1)
            timelines[visitor].append((at, session, order))

    assert last == max(at for found in timelines.values() for at, _, _ in found)
    for found in timelines.values():
        timeline = Timeline(Event(UUID(int=n), str(session), at) for n, (at, session, _) in enumerate(found))
        sessions = [{event.name for event in timeline.events[start:stop]} for start, stop in timeline.sessions]
        assert all(len(names) == 1 for names in sessions)
        assert len(sessions) == len({session for _, session, _ in found})
        for session in {session for _, session, _ in found}:
            ordered = sorted((order, at) for at, own, order in found if own == session)
            assert [at for _, at in ordered] == sorted(at for _, at in ordered)


def test_layout__same_place_twice__is_the_same_time() -> None:
    with layout(timedelta(minutes=1)) as placed:
        for _ in range(2):
            placed.add("a", "s", DAY, 1)
        placed.arrange()
        assert placed.time_of("a", "s", DAY, 1) == placed.time_of("a", "s", DAY, 1)


def test_layout__session_goes_on_another_day__is_told() -> None:
    with layout(timedelta(minutes=1)) as placed:
        placed.add("a", "s", DAY, 1)
        placed.add("a", "s", DAY + timedelta(days=1), 2)
        placed.arrange()
        with pytest.raises(BadRow, match="another day"):
            placed.time_of("a", "s", DAY + timedelta(days=1), 2)


def test_layout__more_sessions_than_a_day_holds__is_told_of_the_last_ones() -> None:
    with layout(timedelta(minutes=1)) as placed:
        for session in range(60):
            for order in (1, 2):
                placed.add("a", str(session), DAY, order)
        placed.arrange()
        told = []
        for session in range(60):
            try:
                placed.time_of("a", str(session), DAY, 2)
            except BadRow:
                told.append(session)
    assert told == list(range(43, 60))
