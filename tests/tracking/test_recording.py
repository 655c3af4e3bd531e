"""Recording: once each, all or nothing, never against a withdrawal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent import keyed
from consent.models import WithdrawalMark
from consent.purposes import ANALYTICS, PERSONALIZATION
from tests.tracking.samples import BOTH, NOW, batch, event
from tracking import recording
from tracking.models import StoredEvent, Visitor
from tracking.recording import FollowedVisitor, record_events
from tracking.rows import StoredTimeline
from tracking.selectors import timeline_of, timelines
from tracking.signals import events_recorded
from tracking.timeline import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def followed(monkeypatch: pytest.MonkeyPatch) -> list[FollowedVisitor]:
    """What a follower is told; it stands in for those of the rooms above."""
    told: list[FollowedVisitor] = []

    def follower(visitors: Sequence[FollowedVisitor]) -> None:
        told.extend(visitors)

    monkeypatch.setattr(recording, "_followers", [follower])
    return told


@pytest.fixture
def announced() -> Iterator[list[frozenset[UUID]]]:
    """The visitors of each `events_recorded`."""
    heard: list[frozenset[UUID]] = []

    def receiver(*, visitor_ids: frozenset[UUID], **_: object) -> None:
        heard.append(visitor_ids)

    events_recorded.connect(receiver)
    yield heard
    events_recorded.disconnect(receiver)


def mark(visitor_id: UUID, at: datetime) -> None:
    WithdrawalMark.objects.create(digest=keyed.mark_digests(visitor_id)[0], withdrawn_at=at)


def test_record_events__new_events__come_back_as_they_went_in() -> None:
    visitor_id = uuid4()
    page = Page("https://shop.example/a?utm_source=x", "Ä title", "https://news.example/")
    sent = event(page=page, item_id=["A", "B"], price=48.5, gift=True, note=None)
    outcome = record_events([batch([sent], visitor_id=visitor_id)], now=NOW)
    assert outcome == (1, frozenset(), frozenset())
    assert list(timeline_of(visitor_id, purpose="personalization")) == [sent]
    stored = StoredEvent.objects.get()
    assert (stored.purposes, stored.received_at, stored.imported_from_id) == (BOTH, NOW, None)


def test_record_events__same_ids_again__adds_nothing_and_names_them(followed: list[FollowedVisitor]) -> None:
    first, second = event(), event()
    sent = batch([first])
    record_events([sent], now=NOW)
    followed.clear()
    again = record_events([batch([first, second], visitor_id=sent.visitor_id)], now=NOW)
    assert again == (1, frozenset({first.id}), frozenset())
    assert record_events([sent], now=NOW) == (0, frozenset({first.id}), frozenset())
    assert StoredEvent.objects.count() == 2
    assert [told.names for told in followed] == [frozenset({"view_item"})]


def test_record_events__earlier_event_comes_later__first_seen_is_the_earliest() -> None:
    visitor_id, earlier = uuid4(), NOW - timedelta(days=3)
    for at in (NOW - timedelta(days=1), earlier, NOW):
        record_events([batch([event(at=at)], visitor_id=visitor_id)], now=NOW)
    assert Visitor.objects.get().first_seen == earlier


def test_record_events__follower_fails__nothing_is_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    def follower(visitors: Sequence[FollowedVisitor]) -> None:
        raise RuntimeError

    monkeypatch.setattr(recording, "_followers", [follower])
    with pytest.raises(RuntimeError):
        record_events([batch([event()])], now=NOW)
    assert not StoredEvent.objects.exists()
    assert not Visitor.objects.exists()


def test_record_events__committed__is_announced(
    announced: list[frozenset[UUID]], django_capture_on_commit_callbacks: object
) -> None:
    sent = batch([event()])
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]  # pytest-django types it loosely
        record_events([sent], now=NOW)
        assert announced == []
    assert announced == [frozenset({sent.visitor_id})]


def test_record_events__proof_older_than_withdrawal__is_refused_without_a_trace() -> None:
    gone, here = batch([event()]), batch([event()])
    mark(gone.visitor_id, NOW)
    assert record_events([gone], now=NOW) == (0, frozenset(), frozenset({gone.visitor_id}))
    assert record_events([gone, here], now=NOW) == (1, frozenset(), frozenset({gone.visitor_id}))
    assert list(Visitor.objects.values_list("pk", flat=True)) == [here.visitor_id]


def test_record_events__proof_older_than_partial_withdrawal__gives_no_purpose_back() -> None:
    sent = batch([event()], purposes=ANALYTICS.bit)
    record_events([sent], now=NOW)
    mark(sent.visitor_id, NOW)
    old = batch([event()], visitor_id=sent.visitor_id, purposes=BOTH)
    new = batch([event()], visitor_id=sent.visitor_id, purposes=ANALYTICS.bit, given_at=NOW)
    assert record_events([old, new], now=NOW) == (1, frozenset(), frozenset({sent.visitor_id}))
    assert Visitor.objects.get().purposes == ANALYTICS.bit


def test_record_events__many_rows__are_stored_once_each() -> None:
    """On PostgreSQL these go in by COPY."""
    sent = batch([event(at=NOW - timedelta(seconds=n), text='a\t"b"\\c\nd') for n in range(1201)])
    assert record_events([sent], now=NOW).accepted == 1201
    again = [accepted.event for accepted in sent.events]
    assert record_events([batch([*again, event()])], now=NOW).accepted == 1
    assert sorted(len(timeline) for _, timeline in timelines(None, purpose="personalization")) == [1, 1201]
    assert timeline_of(sent.visitor_id, purpose="analytics")[0].properties == {"text": 'a\t"b"\\c\nd'}
    assert Visitor.objects.get(pk=sent.visitor_id).first_seen == NOW - timedelta(seconds=1200)


def test_record_events__one_batch__takes_few_statements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "_followers", [])
    with CaptureQueriesContext(
        connection,
    ) as queries:
        record_events([batch([event() for _ in range(10)])], now=NOW)
    # savepoint, visitor, marks, events, release
    assert len(queries) == 5


def test_timelines__one_purpose__shows_only_what_carries_it() -> None:
    a, b = uuid4(), uuid4()
    seen, unseen = event(), event()
    record_events([batch([seen], visitor_id=a), batch([unseen], visitor_id=b, purposes=ANALYTICS.bit)], now=NOW)
    found = list(timelines([b, a], purpose=PERSONALIZATION.code, chunk=1))
    assert [(visitor_id, list(timeline)) for visitor_id, timeline in found] == [(b, []), (a, [seen])]
    assert [visitor_id for visitor_id, _ in timelines(None, purpose=PERSONALIZATION.code)] == [a]
    assert len(timeline_of(b, purpose=ANALYTICS.code)) == 1


def test_timelines__rows_as_they_are__make_the_same_events_as_a_timeline_of_one() -> None:
    pages = [
        Page("https://Shop.example/a%20b?utm_source=mail&q=x", "A", "https://news.example/x"),
        Page("https://[broken/x"),
        Page(),
    ]
    moments = [NOW, NOW - timedelta(microseconds=1), NOW - timedelta(days=20_000), NOW - timedelta(milliseconds=500)]
    values: list[Any] = ["ä\U0001f600\u2028'\"\\", 0.1, 1e300, 2**70, -0.0, True, None, [1, "b", 2.5], ""]
    sent = [
        event("page_view", at=moment, page=page, value=value)
        for moment in moments
        for page in pages
        for value in values
    ]
    visitor_ids = sorted(uuid4() for _ in range(5))
    for number, visitor_id in enumerate(visitor_ids[:4]):
        record_events([batch(sent[number::4], visitor_id=visitor_id)], now=NOW)
    for asked in (visitor_ids, visitor_ids[::-1], [visitor_ids[1]], []):
        found = list(timelines(asked, purpose=PERSONALIZATION.code, chunk=3))
        assert [visitor_id for visitor_id, _ in found] == asked
        for visitor_id, timeline in found:
            whole = timeline_of(visitor_id, purpose=PERSONALIZATION.code)
            places = range(len(whole))
            assert [timeline.properties[place] for place in places] == [whole.properties[place] for place in places]
            assert [timeline.fields[place] for place in places] == [whole.fields[place] for place in places]
            assert timeline.times == whole.times
            assert {moment.tzinfo for moment in timeline.times} <= {UTC}
            assert timeline.indexes == whole.indexes
            assert timeline == whole
            assert timeline.until(NOW - timedelta(days=1)) == whole.until(NOW - timedelta(days=1))
    everybody = list(timelines(None, purpose=PERSONALIZATION.code))
    assert everybody == list(timelines(visitor_ids[:4], purpose=PERSONALIZATION.code))


@pytest.mark.parametrize("text", ['{"a": 1e400}', '{"a": "\\ud800"}', '{"a": NaN}', '{"a": 1}'])
def test_stored_timeline__what_only_python_reads__is_read_as_by_python(text: str) -> None:
    row = (uuid4().hex, event().id.hex, "page_view", 0, "", "", "", text, "")
    assert repr(StoredTimeline([row], lambda _: NOW, {}).properties_of(0)) == repr(json.loads(text))


def test_timeline_of__what_no_visitor_causes__is_left_out_in_one_query() -> None:
    sent = batch([event("purchase"), event("refund")])
    record_events([sent], now=NOW)
    with CaptureQueriesContext(connection) as queries:
        timeline = timeline_of(sent.visitor_id, purpose="personalization")
    assert [one.name for one in timeline] == ["purchase"]
    assert len(queries) == 1
