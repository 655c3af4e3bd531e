"""The OpenAPI document of the public endpoints: blocks, events, consent. Made from the types that they exchange."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from msgspec import Meta

from consent.wire import ChoiceBody, ConsentBody
from personalization.content.serving.wire import MOST_KEYS, ClaimBody, Data, FilledBlocks, GivenCode, Problem
from tracking.collector import Answer
from tracking.wire import MAX_LIST, AwareDatetime, EventPage

VERSION: Final = "1"
"""Moves when something that a client relies on goes away; additions do not move it."""

_REF: Final = "#/components/schemas/{name}"
_Scalar = str | float | int | bool | None


class Event(msgspec.Struct):
    """Something that a visitor did. One that is wrong is rejected by itself, and never spoils its batch."""

    id: Annotated[UUID, Meta(description="A UUIDv7, made once by the sender: by it a repeated event is known.")]
    name: Annotated[str, Meta(description="One that the site measures, such as `view_item` or `block_view`.")]
    occurred_at: AwareDatetime
    page: EventPage | None = None
    properties: Annotated[
        dict[str, _Scalar | list[Any]] | None,
        Meta(description=f"Texts, numbers, truths, or lists of at most {MAX_LIST} of them; `items` as Google's."),
    ] = None


class Batch(msgspec.Struct):
    """Events, at most 100 by default."""

    events: list[Event]
    sent_at: AwareDatetime | None = None


class Retired(ConsentBody):
    """The choice was made about texts that have changed: these are the new ones."""

    error: str = ""


_TYPES: Final = (FilledBlocks, Data, ClaimBody, GivenCode, Problem, Batch, Answer, ChoiceBody, ConsentBody, Retired)
_TOO_MANY: Final = "Too many requests from this address; `Retry-After` says when."
_NOT_NOW: Final = "It cannot be stored now; `Retry-After` says when."
_ELSEWHERE: Final = "The request comes from another site."


@cache
def _schemas() -> Mapping[str, Any]:
    return msgspec.json.schema_components(_TYPES, ref_template=_REF)[1]


def document() -> Mapping[str, Any]:
    """The document, by the addresses that this site gives its endpoints."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Attune",
            "version": VERSION,
            "description": "What pages and apps exchange with the site about the visitor whose cookies come along.",
        },
        "paths": {
            reverse("personalization:blocks"): {"get": _blocks()},
            reverse("personalization:codes"): {"post": _codes()},
            reverse("tracking:collect"): {"post": _collect()},
            reverse("consent:choices"): {"get": _consent(), "post": _choose()},
        },
        "components": {"schemas": _schemas()},
    }


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """`GET /personalization/openapi.json`: the document. The same for everybody."""
    content = msgspec.json.encode(document())
    headers = {
        "Cache-Control": "public, max-age=3600",
        "ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"',
        "Access-Control-Allow-Origin": "*",
    }
    return HttpResponse(content, content_type="application/json", headers=headers)


def _blocks() -> dict[str, Any]:
    names = {"type": "array", "items": {"type": "string"}, "maxItems": MOST_KEYS}
    return {
        "operationId": "blocks",
        "summary": "What blocks and calls to action show to this visitor",
        "parameters": [
            _parameter("keys", names, "Names of blocks; behind each, what its element has in `data-attune-shown`."),
            _parameter("ctas", names, "Names of calls to action; only with format=data."),
            _parameter("format", {"enum": ["html", "data"], "default": "html"}, "What to answer."),
            _parameter("page", {"type": "string"}, "Path and query of the page that asks."),
            _parameter("referrer", {"type": "string"}, "The host that the page was reached from."),
            _parameter("language", {"type": "string"}, "The page's language."),
        ],
        "responses": {
            "200": _answer("Decided at one moment, for this visitor alone.", FilledBlocks, Data),
            "400": _answer("A parameter is missing or wrong.", Problem),
            "429": _answer(_TOO_MANY, Problem),
        },
    }


def _codes() -> dict[str, Any]:
    return {
        "operationId": "codes",
        "summary": "Fetch this visitor's code of an offer that was shown to them",
        "requestBody": {"required": True, "content": _json(ClaimBody)},
        "responses": {
            "200": _answer("The code, the same each time.", GivenCode),
            "400": _answer("The body cannot be read, or what it claims was not shown to this visitor today.", Problem),
            "403": _answer(f"The visitor has not agreed to personalization. Or: {_ELSEWHERE}", Problem),
            "409": _answer("Nothing of the visitor has arrived yet; `Retry-After` says when to try again.", Problem),
            "410": _answer("The offer is over, or no code is left.", Problem),
            "413": _answer("Too many bytes.", Problem),
            "429": _answer(_TOO_MANY, Problem),
            "503": _answer(_NOT_NOW, Problem),
        },
    }


def _collect() -> dict[str, Any]:
    return {
        "operationId": "collect",
        "summary": "Record what the visitor did, as far as they agreed",
        "requestBody": {
            "required": True,
            # Beacons cannot say that what they send is JSON.
            "content": {kind: {"schema": _of(Batch)} for kind in ("application/json", "text/plain")},
        },
        "responses": {
            "202": _answer("What was accepted is stored; what was not is told with the reason.", Answer),
            "400": _answer("The body is no batch.", Problem),
            "403": _answer(f"Nothing could be accepted for lack of consent. Or: {_ELSEWHERE}", Answer, Problem),
            "413": _answer("Too many bytes or events.", Problem),
            "429": _answer(_TOO_MANY, Problem),
            "503": _answer(_NOT_NOW, Problem),
        },
    }


def _consent() -> dict[str, Any]:
    return {
        "operationId": "consent",
        "summary": "What is asked, and what this browser has chosen",
        "responses": {"200": _answer("The purposes and the choices.", ConsentBody), "503": _answer(_NOT_NOW, Problem)},
    }


def _choose() -> dict[str, Any]:
    return {
        "operationId": "choose",
        "summary": "Agree, or refuse",
        "requestBody": {"required": True, "content": _json(ChoiceBody)},
        "responses": {
            "200": _answer("The choice is made, and the cookies come with the answer.", ConsentBody),
            "400": _answer("It is no choice, or names an unknown purpose; nothing has changed.", Problem),
            "403": _answer(_ELSEWHERE, Problem),
            "409": _answer("The texts have changed since they were shown.", Retired),
            "413": _answer("Too many bytes.", Problem),
            "429": _answer(_TOO_MANY, Problem),
            "503": _answer(_NOT_NOW, Problem),
        },
    }


def _parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    parameter = {"name": name, "in": "query", "description": description, "schema": schema}
    return parameter | ({"style": "form", "explode": False} if schema.get("type") == "array" else {})


def _answer(description: str, *kinds: type) -> dict[str, Any]:
    return {"description": description, "content": _json(*kinds)}


def _json(*kinds: type) -> dict[str, Any]:
    schema = _of(*kinds) if len(kinds) == 1 else {"anyOf": [_of(kind) for kind in kinds]}
    return {"application/json": {"schema": schema}}


def _of(kind: type) -> dict[str, str]:
    return {"$ref": _REF.format(name=kind.__name__)}
