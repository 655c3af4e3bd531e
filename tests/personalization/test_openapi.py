"""The OpenAPI document is one, and true: the documented examples and the answers of the views are of its types."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from django.test import Client
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from personalization.content.models import Block, CallToAction, Variant
from personalization.openapi import Batch, Event, document
from tests.docs.reading import code_blocks
from tests.docs.reading import document as page
from tracking.wire import Envelope, _WireEvent

pytestmark = [pytest.mark.django_db, pytest.mark.once]
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "Sec-Fetch-Site": "same-origin"}
BLOCKS = "/personalization/blocks/"
CODES = "/personalization/codes/"


@pytest.fixture
def told() -> Any:
    """The document as it is served."""
    answer = Client().get("/personalization/openapi.json")
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert not answer.cookies
    return answer.json()


def _holds(told: Any, schema: Any, value: Any) -> bool:
    validator = Draft202012Validator({**schema, "components": told["components"]})
    assert [error.message for error in validator.iter_errors(value)] == []
    return True


def _answers(told: Any, response: Any, path: str, method: str) -> bool:
    (content,) = told["paths"][path][method]["responses"][str(response.status_code)]["content"].values()
    return _holds(told, content["schema"], response.json())


def test_document__as_it_is_served__is_valid_and_has_the_public_endpoints(told: Any) -> None:
    validate(told)
    assert told == json.loads(msgspec.json.encode(document()))
    assert told["paths"].keys() == {BLOCKS, CODES, "/collect/", "/consent/"}


def test_document__types_that_views_read_raw__have_the_fields_that_are_decoded() -> None:
    def fields(kind: Any) -> dict[str, bool]:
        return {field.encode_name: field.required for field in msgspec.structs.fields(kind)}

    assert fields(Event) == fields(_WireEvent)
    assert fields(Batch) == fields(Envelope)


def test_examples__of_the_wire_formats__are_of_the_documents_types(told: Any) -> None:
    schemas = told["components"]["schemas"]
    kinds = {
        "json consent get": "ConsentBody",
        "json consent post": "ChoiceBody",
        "json blocks answer": "FilledBlocks",
        "json blocks data": "Data",
        "json codes post": "ClaimBody",
        "json codes answer": "GivenCode",
        "json collect post": "Batch",
        "json collect answer 202": "Answer",
    }
    seen = set()
    for block in code_blocks(page("docs/reference/wire.md")):
        if block.info in kinds:
            seen.add(block.info)
            assert _holds(told, schemas[kinds[block.info]], json.loads(block.text))
    assert seen == kinds.keys()


def test_type__of_another_endpoint__does_not_hold(told: Any) -> None:
    schema = {**told["components"]["schemas"]["Answer"], "components": told["components"]}
    assert not Draft202012Validator(schema).is_valid({"accepted": "2", "duplicates": 0, "rejected": []})


def test_answers__of_the_views__are_of_the_documents_types(told: Any) -> None:
    client = Client(headers=BROWSER)

    def post(path: str, body: Any) -> Any:
        return client.post(path, json.dumps(body), content_type="application/json")

    Variant.objects.create(block=Block.objects.create(key="hero", name="Hero"), name="All", body="<p>hi</p>")
    CallToAction.objects.create(key="join", name="Join", label="Join", url="/join/")
    CallToAction.objects.create(key="bad", name="Bad", label="Bad", url="javascript:alert(1)")
    everything = {"keys": "hero,nobody", "ctas": "join,bad", "format": "data"}
    for parameters in ({"keys": "hero,nobody"}, everything, {}, {"keys": "hero", "format": "xml"}):
        assert _answers(told, client.get(BLOCKS, parameters), BLOCKS, "get")
    events = [{"id": str(uuid4()), "name": "view_item", "occurred_at": "2026-11-20T04:20:00Z"}]
    refused = post("/collect/", {"events": events})
    assert refused.status_code in {202, 403}
    for answer in (refused, post("/collect/", []), post("/collect/", {"events": events * 101})):
        assert _answers(told, answer, "/collect/", "post")
    for claim in ({"claim": "x"}, {"claim": 1}):
        assert _answers(told, post(CODES, claim), CODES, "post")
    assert _answers(told, client.get("/consent/"), "/consent/", "get")
    for choice in ({"choices": {"analytics": True}}, {"choices": {"x": True}}, {"choices": {}, "policy": "0"}):
        assert _answers(told, post("/consent/", choice), "/consent/", "post")
