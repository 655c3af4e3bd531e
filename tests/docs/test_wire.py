"""The examples of the wire formats, sent to the real views."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.docs.reading import code_blocks, document, rows
from tracking.models import StoredEvent
from tracking.refusals import REASONS

PAGE = "docs/reference/wire.md"
NOW = "2026-11-20T04:20:05+00:00"
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "Sec-Fetch-Site": "same-origin"}

pytestmark = pytest.mark.django_db


def examples(*kinds: str) -> Iterator[tuple[str, Any]]:
    for block in code_blocks(document(PAGE)):
        kind = block.info.removeprefix("json ")
        if kind in kinds:
            yield kind, json.loads(block.text)


def only(kind: str) -> Any:
    ((_, value),) = examples(kind)
    return value


@pytest.fixture
def client() -> Iterator[Client]:
    with time_machine.travel(NOW, tick=False):
        yield Client(headers=BROWSER)


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def test_consent__examples__are_what_is_exchanged(client: Client) -> None:
    shown = client.get("/consent/").json()
    told = only("consent get")
    for purpose, real in zip(told["purposes"], shown["purposes"], strict=True):
        assert purpose.pop("text") == "…"
        del real["text"]
    assert shown == told
    answer = post(client, "/consent/", only("consent post"))
    assert answer.status_code == 200
    assert answer.json()["choices"] == only("consent answer")["choices"]


def test_collect__examples__are_answered_and_stored_as_told(client: Client) -> None:
    assert post(client, "/consent/", {"choices": {"analytics": True, "personalization": True}}).status_code == 200
    answer: Any = None
    sent: Any = None
    for kind, value in examples("collect post", "collect answer 202", "collect stored"):
        if kind == "collect post":
            sent, answer = value, post(client, "/collect/", value)
            assert answer.status_code == 202
        elif kind == "collect answer 202":
            assert answer.json() == value
        else:
            event = StoredEvent.objects.get(pk=sent["events"][0]["id"])
            page = {"url": event.url, "title": event.title, "referrer": event.referrer}
            stored = {"name": event.name, "properties": event.properties}
            assert stored | ({"page": page} if "page" in value else {}) == value
    assert StoredEvent.objects.count() == 2


def test_collect__reasons__are_all_told() -> None:
    reasons = document(PAGE).partition("Reasons in `rejected`")[2]
    told = {row[0].strip("`") for row in rows(reasons)}
    assert told == {reason for reason in REASONS if not reason.startswith("batch_")} - {"undeclared_property"}


def test_statuses__without_consent_or_sense__are_as_told(client: Client) -> None:
    event = next(examples("collect post"))[1]["events"][0]
    assert post(client, "/collect/", {"events": [event]}).status_code == 403
    assert post(client, "/collect/", []).status_code == 400
    assert client.get("/collect/").status_code == 405
    assert post(client, "/collect/", {"events": [event] * 101}).status_code == 413
    assert post(Client(headers={"Origin": "https://other.example"}), "/collect/", {"events": []}).status_code == 403
    assert post(client, "/consent/", {"choices": {"spying": True}}).status_code == 400
    retired = {"choices": {"analytics": True}, "policy": "0"}
    assert post(client, "/consent/", retired).status_code == 409
