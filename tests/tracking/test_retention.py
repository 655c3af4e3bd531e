"""Retention: the months' partitions, and what is deleted when its time is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import StringIO

import msgspec
import pytest
from django.core.management import call_command
from django.db import connection

from tests.tracking.samples import NOW, batch, event
from tracking import checks, recording, tasks
from tracking.models import StoredEvent, Visitor
from tracking.partitions import Month, add_partitions, partitions
from tracking.recording import FollowedVisitor, record_events
from tracking.retention import ensure_partitions, missing_partitions, purge_events

pytestmark = pytest.mark.django_db

OLD = NOW - timedelta(days=401)


def test_purge_events__older_than_retention__go_and_followers_hear_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[FollowedVisitor] = []

    def follower(visitors: Sequence[FollowedVisitor]) -> None:
        told.extend(visitors)

    gone, partly = batch([event(at=OLD)]), batch([event(at=OLD), event("purchase", at=OLD), event()])
    record_events([gone, partly], now=OLD)
    monkeypatch.setattr(recording, "_followers", [follower])
    assert purge_events(NOW) == 3
    assert StoredEvent.objects.get().visitor_id == partly.visitor_id
    assert Visitor.objects.get().pk == partly.visitor_id
    assert {(one.visitor_id, one.names) for one in told} == {
        (gone.visitor_id, frozenset({"view_item"})),
        (partly.visitor_id, frozenset({"view_item", "purchase"})),
    }
    assert purge_events(NOW) == 0


def test_purge_events__occurred_before_retention_but_sent_later__goes_as_well() -> None:
    late = event()
    record_events([batch([msgspec.structs.replace(late, occurred_at=OLD), event()])], now=NOW)
    assert purge_events(NOW) == 1
    assert late.id not in StoredEvent.objects.values_list("pk", flat=True)


def test_purge_events__months_past_retention__are_dropped_as_partitions(services_only: None) -> None:
    month = Month.of(OLD).plus(-2)
    add_partitions(connection, StoredEvent, [month])
    record_events([batch([event(at=month.start + timedelta(days=3))]), batch([event()])], now=NOW)
    assert month in partitions(connection, StoredEvent)
    assert purge_events(NOW) == 1
    assert month not in partitions(connection, StoredEvent)
    assert StoredEvent.objects.count() == 1


def test_add_partitions__rows_in_the_default_one__move_with_their_month(services_only: None) -> None:
    day = datetime(2031, 5, 31, 23, 59, 59, tzinfo=UTC)
    record_events([batch([event(at=day), event(at=day + timedelta(seconds=1))])], now=NOW)
    assert add_partitions(connection, StoredEvent, [Month(2031, 5)]) == [Month(2031, 5)]
    assert add_partitions(connection, StoredEvent, [Month(2031, 5)]) == []
    with connection.cursor() as cursor:
        for table, count in (("_p203105", 1), ("_default", 1), ("", 2)):
            cursor.execute(f"SELECT count(*) FROM {StoredEvent._meta.db_table}{table}")  # noqa: S608  # our own names
            assert cursor.fetchone() == (count,)


def test_ensure_partitions__next_months_missing__makes_them(services_only: None) -> None:
    later = datetime(2040, 12, 5, tzinfo=UTC)
    assert missing_partitions(later) == [Month(2040, 12), Month(2041, 1)]
    assert ensure_partitions(later) == [Month(2040, 12), Month(2041, 1), Month(2041, 2)]
    assert missing_partitions(later) == []


def test_ensure_partitions__sqlite__has_nothing_to_do(sqlite_only: None) -> None:
    assert ensure_partitions(NOW) == []
    assert missing_partitions(NOW) == []


def test_check_partitions__after_migrating__is_content(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.check_partitions(databases=["default"]) == []
    assert checks.check_partitions(databases=None) == []
    monkeypatch.setattr(checks, "missing_partitions", lambda now: [Month(2026, 12)])
    assert [message.id for message in checks.check_partitions(databases=["default"])] == ["tracking.W002"]


def test_tasks__run_twice__do_no_harm() -> None:
    record_events([batch([event(at=OLD)])], now=OLD)
    for _ in range(2):
        tasks.ensure_partitions()
        tasks.purge_expired()
    assert not StoredEvent.objects.filter(occurred_at__lte=OLD).exists()


def test_purge_expired__as_a_command__says_what_went() -> None:
    record_events([batch([event(at=OLD)])], now=OLD)
    out = StringIO()
    call_command("purge_expired", stdout=out)
    assert "events: 1 deleted" in out.getvalue()
