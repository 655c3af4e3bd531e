"""Judging while others write: locks that end, and several workers at once."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection

from personalization.profiles.models import Verdict
from personalization.segments import services, storing
from tests.personalization.segments.people import (
    NOW,
    record,
    segment,
    view,
    visitor_with,
)


def test_when_unlocked__locked_for_a_moment__tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    naps: list[float] = []
    monkeypatch.setattr("personalization.segments.storing.time.sleep", naps.append)
    answers: list[int | Exception] = [
        OperationalError("database is locked"),
        OperationalError("database table is locked"),
        7,
    ]

    def act() -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert storing.when_unlocked(act) == 7
    assert len(naps) == 2


def test_when_unlocked__another_fault__is_raised_at_once() -> None:
    with pytest.raises(OperationalError, match="disk"):
        storing.when_unlocked(_no_disk)


def _no_disk() -> None:
    raise OperationalError("disk I/O error")


@pytest.mark.django_db(transaction=True)
def test_judge_visitors__several_workers_and_writers_at_once__end_with_the_truth() -> None:
    segment("many", {"event": "view_item", "at_least": 8})
    segment("not-many", {"not": {"segment": "many"}})
    visitor_ids = [visitor_with(view(1)) for _ in range(6)]
    failures: list[Exception] = []

    def guarded(act: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            try:
                act()
            except Exception as error:  # shown by the assertion below
                failures.append(error)
            finally:
                connection.close()

        return run

    def write() -> None:
        for visitor_id in visitor_ids:
            for _ in range(2):
                record(visitor_id, view(), view())

    def work() -> None:
        for _ in range(4):
            services.judge_visitors(visitor_ids, now=NOW)
            services.recompute_due(now=NOW)

    threads = [threading.Thread(target=guarded(act)) for act in (write, work, write, work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    services.recompute_due(now=NOW + storing.CLAIM_LASTS)
    found = {(row.visitor_id, row.key) for row in Verdict.objects.filter(matches=True)}
    assert found == {(visitor_id, "many") for visitor_id in visitor_ids}
