"""The collector: the wire format, its answers and its limits, and every kind of bad input."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError
from django.test import Client
from django.utils import timezone

from tests.tracking.samples import event_id
from tests.tracking.senders import Sender, reasons, refused_counts, wire
from tracking import collector
from tracking.models import EventType, StoredEvent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alone")]


def test_collect__good_batch__is_stored_as_sent(sender: Sender) -> None:
    sent = wire()
    response = sender.send(sent, wire("page_view", properties={}))
    assert response.status_code == 202
    assert response.json() == {"accepted": 2, "duplicates": 0, "rejected": []}
    assert response["Cache-Control"] == "no-store"
    stored = StoredEvent.objects.get(pk=sent["id"])
    assert stored.visitor_id == sender.visitor_id
    assert stored.properties == sent["properties"]
    assert (stored.url, stored.title, stored.referrer) == (
        "https://shop.example/shop/a/",
        "A",
        "https://news.example/x",
    )
    assert stored.device == "desktop"
    assert refused_counts() == {}


def test_collect__beacon_as_text__is_stored(sender: Sender) -> None:
    response = sender.post(json.dumps({"events": [wire()]}), content_type="text/plain;charset=UTF-8")
    assert (response.status_code, response.json()["accepted"]) == (202, 1)


def test_collect__empty_batch__is_taken(sender: Sender) -> None:
    response = sender.send()
    assert (response.status_code, response.json()) == (202, {"accepted": 0, "duplicates": 0, "rejected": []})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'{"events": {}}',
        b'{"sent_at": null}',
        b'{"events": [], "sent_at": "yesterday"}',
        b'{"events": [], "sent_at": "2026-11-20T04:20:00"}',
        b'{"events": [NaN]}',
        b'\xef\xbb\xbf{"events": []}',
        '{"events": []}'.encode("utf-16"),
        b'{"events": [{"name": "\xff"}]}',
        b'{"events": [], "note": "\xe4"}',
        b'{"events": [{"name": "a\x00b"}]}',
        b'{"events": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}",
        b'{"events": [], "x": ' + b'{"x":' * 40_000 + b"1" + b"}" * 40_000 + b"}",
        b'{"events": [{"properties": {"x": ' + b"[" * 50_000 + b"]" * 50_000 + b"}}]}",
        b"\x1f\x8b\x08\x00",
    ],
    ids=range(18),
)
def test_collect__body_that_is_no_batch__is_refused_whole(sender: Sender, body: bytes) -> None:
    response = sender.post(body)
    assert response.status_code == 400
    assert response.json()["error"]
    assert not StoredEvent.objects.exists()
    assert refused_counts() == {"batch_malformed": 1}


def test_collect__form_post__is_no_batch(sender: Sender) -> None:
    assert sender.post("events=1", content_type="application/x-www-form-urlencoded").status_code == 400


def test_collect__other_methods__are_refused(sender: Sender) -> None:
    for method in ("get", "head", "put", "delete", "patch", "options"):
        response = getattr(sender.client, method)("/collect/")
        assert response.status_code == 405
        assert response["Allow"] == "POST"


def test_collect__more_than_100_events__is_too_large(sender: Sender) -> None:
    assert sender.send(*[wire() for _ in range(100)]).status_code == 202
    assert sender.send(*[wire() for _ in range(101)]).status_code == 413
    assert StoredEvent.objects.count() == 100


def test_collect__body_at_and_over_the_limit__is_read_or_refused(sender: Sender) -> None:
    body = json.dumps({"events": [wire()]}).encode()
    assert sender.post(body + b" " * (262_144 - len(body))).status_code == 202
    assert sender.post(body + b" " * (262_145 - len(body))).status_code == 413
    assert sender.post(b"[" * 10_000_000).status_code == 413
    assert refused_counts() == {"batch_too_large": 2}


class Broken:
    """A body whose sender is gone: reading it fails."""

    def read(self, *args: object) -> bytes:
        raise OSError("connection reset")

    readline = read


@pytest.mark.parametrize(("announced", "status"), [(262_145, 413), (262_144, 400)])
def test_collect__too_large_a_body_announced__is_refused_unread(sender: Sender, announced: int, status: int) -> None:
    environ: Any = {"CONTENT_LENGTH": str(announced), "wsgi.input": Broken()}
    response = sender.client.generic(
        "POST", "/collect/", content_type="application/json", headers={"sec-fetch-site": "same-origin"}, **environ
    )
    assert response.status_code == status


def test_collect__body_that_the_site_takes_no_more__is_too_large(sender: Sender, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert sender.send(wire()).status_code == 413


def test_collect__too_many_batches__asks_to_wait(sender: Sender, settings: Any) -> None:
    settings.TRACKING_BATCHES_PER_MINUTE = 2
    assert [sender.send(wire()).status_code for _ in range(2)] == [202, 202]
    response = sender.send(wire())
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert refused_counts() == {"batch_throttled": 1}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_fetch_site": "same-origin"}, 202),
        ({"sec_fetch_site": "", "origin": "https://testserver"}, 202),
        ({"sec_fetch_site": "same-site", "origin": "http://testserver"}, 202),
        ({"sec_fetch_site": "cross-site", "origin": "https://evil.example"}, 403),
        ({"sec_fetch_site": "", "origin": "https://testserver.evil.example"}, 403),
        ({"sec_fetch_site": "", "origin": "null"}, 403),
        ({"sec_fetch_site": "none"}, 403),
        ({"sec_fetch_site": ""}, 403),
    ],
)
def test_collect__origins__are_told_apart(sender: Sender, headers: dict[str, str], status: int) -> None:
    response = sender.post(json.dumps({"events": [wire()]}), **headers)
    assert response.status_code == status
    assert StoredEvent.objects.exists() == (status == 202)


def test_collect__csrf_checks_enforced__needs_no_token(sender: Sender) -> None:
    sender.client = Client(enforce_csrf_checks=True)
    assert sender.send(wire()).status_code == 202


def test_collect__wrong_events__never_spoil_their_batch(sender: Sender) -> None:
    now = timezone.now()
    wrong: list[tuple[Any, str]] = [
        (1, "malformed"),
        (None, "malformed"),
        ("text", "malformed"),
        ([], "malformed"),
        ({}, "malformed"),
        (wire(id="no id"), "id"),
        (wire(id=7), "id"),
        (wire(id=str(uuid4())), "id"),
        (wire(id=str(UUID(int=0))), "id"),
        (wire(id=str(event_id(now + timedelta(hours=25)))), "id"),
        (wire(id=str(event_id(now - timedelta(days=401)))), "id"),
        (wire("no_such_event"), "unknown_event"),
        (wire(name=5), "malformed"),
        (wire(occurred_at="2026-11-20T04:20:00"), "time"),
        (wire(occurred_at=1_700_000_000), "time"),
        (wire(occurred_at="soon"), "time"),
        (wire(occurred_at="0001-01-01T00:00:00+14:00"), "time"),
        (wire(occurred_at=(now - timedelta(days=401)).isoformat()), "time"),
        (wire(page="https://shop.example/"), "malformed"),
        (wire(page={"url": 1}), "malformed"),
        (wire(properties=[]), "malformed"),
        (wire(properties={"price": "48"}), "property"),
        (wire(properties={"price": True}), "property"),
        (wire(properties={"item_id": 13}), "property"),
        (wire(properties={"item_id": {"a": 1}}), "property"),
        (wire(properties={"item_id": [["A"]]}), "property"),
        (wire(properties={"item_id": ["A"] * 51}), "property"),
        (wire(properties={"item_id": "A" * 1001}), "property"),
        (wire(properties={"price": 2**64}), "property"),
        (wire(properties={"items": {"item_id": "A"}}), "property"),
        (wire(properties={"items": ["A"]}), "property"),
        (wire(properties={"items": [{"item_id": "A"}] * 51}), "property"),
    ]
    response = sender.send(wire(), *[event for event, _ in wrong], wire())
    assert response.status_code == 202
    assert response.json()["accepted"] == 2
    assert reasons(response) == [reason for _, reason in wrong]
    assert [one["index"] for one in response.json()["rejected"]] == list(range(1, len(wrong) + 1))
    assert sum(refused_counts().values()) == len(wrong)


def test_collect__rejected_events__are_named_by_their_id(sender: Sender) -> None:
    unknown = wire("no_such_event")
    response = sender.send(unknown, {"id": 3})
    assert response.json()["rejected"] == [
        {"index": 0, "id": unknown["id"], "reason": "unknown_event"},
        {"index": 1, "id": None, "reason": "id"},
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"properties": {"item_id": "a\x00b"}},
        {"properties": {"undeclared": {"deep": ["\x00"]}}},
        {"properties": {"a\x00b": 1}},
        {"page": {"title": "\x00"}},
        {"page": {"unknown": "\x00"}},
        {"unknown": "\x00"},
        {"name": "view_item\x00"},
    ],
    ids=range(7),
)
def test_collect__nul_anywhere_in_an_event__rejects_it(sender: Sender, fields: dict[str, Any]) -> None:
    response = sender.send(wire(**fields), wire())
    assert (response.json()["accepted"], reasons(response)) == (1, ["nul"])


def test_collect__text_about_an_escape__is_no_nul(sender: Sender) -> None:
    sender.send(wire(properties={"item_id": r"\u0000"}))
    assert StoredEvent.objects.get().properties == {"item_id": r"\u0000"}


def test_collect__half_a_surrogate_pair__spoils_its_event_alone(sender: Sender) -> None:
    good = json.dumps(wire())
    bad = json.dumps(wire(properties={"undeclared": "\ud800"}))
    response = sender.post(f'{{"events": [{good}, {bad}, {json.dumps(wire())}]}}')
    assert (response.status_code, response.json()["accepted"], reasons(response)) == (202, 2, ["malformed"])


def test_collect__huge_numbers__reject_their_event_alone(sender: Sender) -> None:
    odd = [json.dumps(wire()).replace("48.0", number) for number in ("1e999", "1" + "0" * 5000, "-" + "9" * 30)]
    response = sender.post(f'{{"events": [{", ".join(odd)}, {json.dumps(wire())}]}}')
    assert (response.status_code, response.json()["accepted"], len(reasons(response))) == (202, 1, 3)


def test_collect__undeclared_properties__are_dropped_and_counted(sender: Sender) -> None:
    response = sender.send(wire(properties={"item_id": "A", "password": "x", "nested": {"deep": [1]}}))
    assert response.json() == {"accepted": 1, "duplicates": 0, "rejected": []}
    assert StoredEvent.objects.get().properties == {"item_id": "A"}
    assert refused_counts() == {"undeclared_property": 2}


def test_collect__items__become_lists_or_scalars(sender: Sender) -> None:
    two = {"currency": "EUR", "items": [{"item_id": "A", "price": 1}, {"item_id": "B", "quantity": 2, "x": 1}]}
    one = {"items": [{"item_id": "A", "price": 1.5}]}
    sender.send(wire("purchase", properties=two), wire("purchase", properties=one))
    found = sorted((stored.properties for stored in StoredEvent.objects.all()), key=len, reverse=True)
    assert found == [
        {"currency": "EUR", "item_id": ["A", "B"], "price": [1, None], "quantity": [None, 2]},
        {"item_id": "A", "price": 1.5},
    ]


def test_collect__event_and_its_items_say_the_same__the_event_counts(sender: Sender) -> None:
    sender.send(wire("purchase", properties={"price": 9, "items": [{"price": 1, "item_id": "A"}, {"price": 2}]}))
    assert StoredEvent.objects.get().properties == {"price": 9, "item_id": ["A", None]}


def test_collect__fifty_members__are_kept(sender: Sender) -> None:
    fifty = ["A"] * 50
    sender.send(wire(properties={"item_id": fifty}), wire(properties={"items": [{"item_id": "A"}] * 50}))
    assert [stored.properties for stored in StoredEvent.objects.all()] == [{"item_id": fifty}, {"item_id": fifty}]


def test_collect__huge_title_and_address__are_cut(sender: Sender) -> None:
    address = "https://shop.example/" + "a" * 5000
    sender.send(wire(page={"url": address, "title": "T" * 5000, "referrer": address}))
    stored = StoredEvent.objects.get()
    assert (len(stored.url), len(stored.title), len(stored.referrer)) == (2000, 300, 2000)


def test_collect__scripts_in_texts__are_kept_as_texts(sender: Sender) -> None:
    script = "<script>alert(1)</script>"
    sender.send(wire(properties={"item_name": script}, page={"url": "javascript:alert(1)", "title": script}))
    stored = StoredEvent.objects.get()
    assert (stored.properties, stored.title, stored.url) == ({"item_name": script}, script, "")


def test_collect__same_event_twice__counts_as_duplicate(sender: Sender) -> None:
    first, second = wire(), wire()
    assert sender.send(first, second, first).json() == {"accepted": 2, "duplicates": 1, "rejected": []}
    assert sender.send(first, wire(), second).json() == {"accepted": 1, "duplicates": 2, "rejected": []}
    assert Sender().send(first).json() == {"accepted": 0, "duplicates": 1, "rejected": []}
    assert StoredEvent.objects.count() == 3


def test_collect__wrong_event_before_a_good_one_of_its_id__takes_the_good_one(sender: Sender) -> None:
    good = wire()
    response = sender.send({**good, "name": "no_such_event"}, good)
    assert (response.json()["accepted"], response.json()["duplicates"]) == (1, 0)


def test_collect__senders_clock_is_off__is_corrected(sender: Sender) -> None:
    theirs = timezone.now() + timedelta(hours=3)
    event = wire(at=theirs - timedelta(minutes=10))
    before = timezone.now()
    sender.send(event, sent_at=theirs.isoformat())
    occurred_at = StoredEvent.objects.get().occurred_at
    assert before - timedelta(minutes=10, seconds=1) <= occurred_at <= timezone.now() - timedelta(minutes=9, seconds=59)


def test_collect__event_of_the_future__is_clamped_to_now(sender: Sender) -> None:
    sender.send(wire(occurred_at=(timezone.now() + timedelta(hours=3)).isoformat()))
    stored = StoredEvent.objects.get()
    assert stored.occurred_at == stored.received_at


def test_collect__sent_at_beyond_all_bounds__rejects_events(sender: Sender) -> None:
    response = sender.send(wire(), sent_at="0001-01-01T00:00:00Z")
    assert response.status_code == 202
    assert response.json()["accepted"] + len(reasons(response)) == 1


@pytest.mark.parametrize("error", [OperationalError("database is locked"), InterfaceError("connection closed")])
def test_collect__database_out_of_reach__asks_to_try_again(
    sender: Sender, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(collector, "record_events", fail)
    response = sender.send(wire())
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0


def test_collect__refusals_cannot_be_counted__answers_all_the_same(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**options: object) -> None:
        raise DatabaseError

    monkeypatch.setattr("tracking.refusals.transaction.atomic", fail)
    assert sender.post(b"{").status_code == 400


def test_collect__admins_changes__count_at_once(sender: Sender) -> None:
    assert reasons(sender.send(wire("waved", properties={"hand": "left"}), wire())) == ["unknown_event"]
    row = EventType.objects.create(name="waved", label="Waved", purposes=3, properties={"hand": "text"})
    assert sender.send(wire("waved", properties={"hand": "left"})).json()["accepted"] == 1
    row.enabled = False
    row.save()
    assert reasons(sender.send(wire("waved"), wire())) == ["unknown_event"]
    EventType.objects.create(name="view_item", label="Off", purposes=3, properties={}, enabled=False)
    assert reasons(sender.send(wire())) == ["unknown_event"]


def test_tracker_script__asked_for__is_cacheable(client: Client) -> None:
    response = client.get("/collect/tracker.js")
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert "max-age" in response["Cache-Control"]
    assert b"window.attune" in response.content
    again = client.get("/collect/tracker.js", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    assert client.post("/collect/tracker.js").status_code == 405
