"""The examples of the wire formats, sent to the real views."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, get_args
from uuid import uuid4

import pytest
import time_machine
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from personalization.content.codes.handing_out import add_codes
from personalization.content.models import Block, CallToAction, CodeStock, Variant
from personalization.content.serving.wire import Content
from tests.architecture import PROJECT
from tests.docs.reading import code_blocks, document, rows, section
from tests.personalization.content.visitors import cookies_of
from tracking.models import StoredEvent
from tracking.refusals import REASONS

PAGE = "docs/reference/wire.md"
OLD = {"label": "Old", "url": "javascript:alert(1)"}
"""A call to action that leads nowhere."""
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


def told(heading: str) -> set[int]:
    """The statuses in the table under a heading."""
    return {int(row[0]) for row in rows(section(PAGE, heading)) if row[0].isdigit()}


@contextmanager
def database_gone() -> Iterator[None]:
    def refuse(*arguments: Any) -> None:
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse):
        yield


def test_collect__statuses__are_those_of_the_page(client: Client, settings: Settings) -> None:
    event = next(examples("collect post"))[1]["events"][0]
    answered = {
        post(client, "/collect/", {"events": [event]}).status_code: "no consent",
        post(client, "/collect/", []).status_code: "no batch",
        client.get("/collect/").status_code: "GET",
        post(client, "/collect/", {"events": [event] * 101}).status_code: "too large",
    }
    assert list(answered) == [403, 400, 405, 413]
    assert post(Client(headers={"Origin": "https://other.example"}), "/collect/", {"events": []}).status_code == 403
    post(client, "/consent/", {"choices": {"analytics": True}})
    answered[post(client, "/collect/", {"events": [event]}).status_code] = "stored"
    with database_gone():
        answer = post(client, "/collect/", {"events": [event]})
    answered[answer.status_code] = "not now"
    assert answer["Retry-After"]
    settings.TRACKING_BATCHES_PER_MINUTE = 1
    post(client, "/collect/", {"events": [event]})
    answer = post(client, "/collect/", {"events": [event]})
    answered[answer.status_code] = "too many"
    assert answer["Retry-After"]
    assert answered.keys() == told("Events")


def test_consent__statuses__are_those_of_the_page(client: Client, settings: Settings) -> None:
    choice = {"choices": {"analytics": True}}
    answered = {
        post(client, "/consent/", choice).status_code: "made",
        post(client, "/consent/", {"choices": {"spying": True}}).status_code: "unknown",
        post(Client(headers={"Origin": "https://other.example"}), "/consent/", choice).status_code: "another site",
        client.put("/consent/").status_code: "PUT",
        post(client, "/consent/", {**choice, "policy": "0"}).status_code: "retired",
        post(client, "/consent/", {**choice, "more": "x" * 20_000}).status_code: "too large",
    }
    assert list(answered) == [200, 400, 403, 405, 409, 413]
    with database_gone():
        answer = post(client, "/consent/", {"choices": {"analytics": False}})
    answered[answer.status_code] = "not now"
    assert answer["Retry-After"]
    settings.CONSENT_POSTS_PER_MINUTE = 1
    post(client, "/consent/", choice)
    answer = post(client, "/consent/", choice)
    answered[answer.status_code] = "too many"
    assert answer["Retry-After"]
    assert answered.keys() == told("Consent")


def test_blocks__example__is_what_is_exchanged(client: Client) -> None:
    (address,) = (block.text.strip() for block in code_blocks(document(PAGE)) if block.info == "text blocks get")
    answer = only("blocks answer")
    path, _, query = address.partition("?")
    before, _, page = query.partition("&page=")
    page, *others = page.split("&")
    asked = dict(part.split("=", 1) for part in (before, *others)) | {"page": page}
    for key, told in answer["blocks"].items():
        block = Block.objects.create(key=key, name=key)
        if told["html"]:
            rule = {
                "all": [{"request": "utm_source", "is": "mail"}, {"request": "referrer_host", "is": asked["referrer"]}]
            }
            Variant.objects.create(
                block=block, name="V", uuid=told["variant"], body=told["html"], audience_kind="rule", rule=rule
            )
    assert client.get(path, asked).json() == answer
    parameters = {row[0].strip("`") for row in rows(section(PAGE, "Blocks").partition("\n### ")[0]) if row[0][0] == "`"}
    assert parameters == asked.keys() | {"format", "ctas"}


def test_blocks_as_data__example__is_what_is_exchanged(client: Client) -> None:
    told = only("blocks data")
    (address,) = re.findall(r"`GET (/personalization/blocks/\?format=data[^`]*)`", document(PAGE))
    for key, block in told["blocks"].items():
        Block.objects.create(key=key, name=key, default="".join(one["html"] for one in block["contents"]))
    for key, said in told["ctas"].items():
        fields = {name: value for name, value in (said or OLD).items() if name != "placement"}
        CallToAction.objects.create(key=key, name=key, **fields)
    assert client.get(address).json() == told
    kinds = {row[0].strip("`") for row in rows(section(PAGE, "Blocks").partition("### Blocks as data")[2])}
    assert kinds == {kind.__struct_config__.tag for kind in get_args(Content)}


def test_blocks__statuses__are_those_of_the_page(client: Client, settings: Settings) -> None:
    path = "/personalization/blocks/"
    answered = {
        client.get(path, {"keys": "a"}).status_code: "asked",
        client.get(path).status_code: "no keys",
        client.post(path).status_code: "POST",
    }
    settings.PERSONALIZATION_BLOCKS_PER_MINUTE = 1
    client.get(path, {"keys": "a"})
    answer = client.get(path, {"keys": "a"})
    answered[answer.status_code] = "too many"
    assert answer["Retry-After"]
    assert answered.keys() == told("Blocks")


def test_codes__example_and_statuses__are_those_of_the_page() -> None:
    asked, told_code = only("codes post"), only("codes answer")["code"]
    stock = CodeStock.objects.create(name="Spring")
    add_codes(stock, [told_code])
    block = Block.objects.create(key="deal", name="Deal")
    Variant.objects.create(block=block, name="V", body_kind="offer", body="<p>Off</p>", code_stock=stock)
    client = Client(headers=BROWSER)
    client.cookies.load(cookies_of(uuid4()))
    shown = client.get("/personalization/blocks/", {"keys": "deal", "format": "data"}).json()
    (offer,) = shown["blocks"]["deal"]["contents"]
    assert post(client, "/personalization/codes/", asked | {"claim": offer["claim"]}).json() == {"code": told_code}
    view = (PROJECT / "personalization/content/serving/codes.py").read_text()
    assert {int(code) for code in re.findall(r"_Refused\((\d{3})", view)} | {200, 405} == told("Codes of offers")


def test_statuses__in_the_code__are_those_of_the_page() -> None:
    # 200, 202 and 405 are Django's or the one that goes well.
    assert {int(code) for code in re.findall(r"(?:_refuse|_answer)\((\d{3})", source("tracking"))} | {202, 405} == told(
        "Events"
    )
    assert {int(code) for code in re.findall(r"_problem\(request, (\d{3})", source("consent"))} | {200, 405} == told(
        "Consent"
    )


def source(roof: str) -> str:
    return (PROJECT / roof / "views.py").read_text()
