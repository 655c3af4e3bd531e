"""The how-to about apps without templates: its addresses, its request and its event are those of the site."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from personalization.openapi import document as openapi
from tests.docs.reading import code_blocks, document
from tests.docs.test_wire import BROWSER, NOW
from tracking.models import StoredEvent

PAGE = "docs/how-to/headless.md"


def only(kind: str) -> str:
    (text,) = (block.text for block in code_blocks(document(PAGE), kind))
    return text


def test_addresses__that_the_proxy_passes_on__are_all_that_there_are() -> None:
    (prefixes,) = re.findall(r"\^/\(([a-z|]+)\)/", only("nginx"))
    assert set(prefixes.split("|")) == {path.split("/")[1] for path in openapi()["paths"]}


@pytest.mark.django_db
def test_request__of_the_example__is_answered_as_data() -> None:
    sent = set(re.findall(r"^  (\w+):", only("javascript").partition("});")[0], re.MULTILINE))
    known = {parameter["name"] for parameter in openapi()["paths"]["/personalization/blocks/"]["get"]["parameters"]}
    assert sent <= known
    values = dict(re.findall(r'^  (\w+): "([^"]+)"', only("javascript"), re.MULTILINE))
    answer = Client().get("/personalization/blocks/", {**values, "page": "/shop/?a=1", "language": "en"}).json()
    assert answer.keys() == {"blocks", "ctas", "unknown"}


@pytest.mark.django_db
def test_event__of_the_example__is_stored() -> None:
    client = Client(headers=BROWSER)

    def post(path: str, body: Any) -> Any:
        return client.post(path, body, content_type="application/json")

    with time_machine.travel(NOW, tick=False):
        post("/consent/", json.dumps({"choices": {"analytics": True}}))
        assert post("/collect/", only("json")).json()["accepted"] == 1
    event = StoredEvent.objects.get()
    assert (event.name, event.properties) == ("block_view", json.loads(only("json"))["events"][0]["properties"])
    assert event.properties["variant"] in only("html")
