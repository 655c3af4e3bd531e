"""What pages fetch once they are there: the content of their blocks, and the script that asks for it."""

from __future__ import annotations

import hashlib
import logging
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe

from consent import seldom
from consent.throttle import RETRY_AFTER, allow
from personalization.content.conf import conf
from personalization.content.serving.filling import Content, fill
from personalization.content.serving.headless import data_of
from personalization.content.serving.page_context import InvalidPage, PageContext
from personalization.content.serving.wire import MOST_KEYS, PROVEN_BY, Data, FilledBlock, FilledBlocks, Problem

logger = logging.getLogger("personalization.content")
_SAID: Final = 200
"""So much of the names that somebody asked for is logged."""

_FORMATS: Final = ("html", "data")
_FOR_READERS: Final = re.compile(rb"^\s*//.*\n|^\s+", re.MULTILINE)
"""What browsers can do without: indentation, and lines that are comments."""


def _plain(value: object) -> str:
    """What templates render is a kind of text that the encoder does not take."""
    if isinstance(value, str):
        return value + ""
    raise TypeError(f"{value!r} cannot be told in JSON.")


_encode = msgspec.json.Encoder(enc_hook=_plain).encode


# A database that is gone is no reason for an error: what pages hold stays.
@transaction.non_atomic_requests
@require_safe
def blocks(request: HttpRequest) -> HttpResponse:
    """`GET /personalization/blocks/?keys=a,b`: what these blocks show to this visitor, on the page that asks.

    With `format=data` as data for apps that render it themselves, and calls to action (`ctas=c,d`) with them. Where a
    block's shell carries a proof that its page showed it (``data-attune-shown``), that goes behind its name.
    """
    if (refused := refuse_too_many(request)) is not None:
        return refused
    names, ctas, kind = _names(request, "keys"), _names(request, "ctas"), request.GET.get("format", "html")
    if kind not in _FORMATS:
        return answer_json(Problem(f"“format” is one of {', '.join(_FORMATS)}."), 400)
    if ctas and kind != "data":
        return answer_json(Problem("“ctas” comes with format=data."), 400)
    if not (names or ctas) or max(len(names), len(ctas)) > MOST_KEYS:
        return answer_json(Problem(f"Give “keys”: 1 to {MOST_KEYS} names of blocks, separated by commas."), 400)
    keys = _with_proofs(names)
    try:
        page = PageContext.read(
            page=request.GET.get("page", ""),
            referrer=request.GET.get("referrer", ""),
            language=request.GET.get("language", ""),
            proofs=keys,
        )
    except InvalidPage as error:
        return answer_json(Problem(str(error)), 400)
    answer: FilledBlocks | Data
    if kind == "data":
        answer = data_of(request, keys, ctas, page)
    else:
        filled = fill(request, keys, page)
        answer = FilledBlocks({key: _filled(one) for key, one in filled.blocks.items()}, filled.unknown)
    if answer.unknown:
        # Whoever asks makes these names up: they are no line of their own each.
        made_up = ", ".join(map(repr, answer.unknown))
        seldom.say(logger, logging.WARNING, "Nothing has these names: %s. Create them in the admin.", made_up[:_SAID])
    return answer_json(answer)


def refuse_too_many(request: HttpRequest) -> HttpResponse | None:
    """The answer to an address that has asked too often; None if it has not."""
    if allow(request, "blocks", conf.PERSONALIZATION_BLOCKS_PER_MINUTE):
        return None
    response = answer_json(Problem("Too many requests from this address."), 429)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _names(request: HttpRequest, parameter: str) -> list[str]:
    return list(dict.fromkeys(filter(None, request.GET.get(parameter, "").split(","))))


def _with_proofs(names: list[str]) -> dict[str, list[str]]:
    """The blocks' keys, each with what stood behind it."""
    found: dict[str, list[str]] = {}
    for name in names:
        key, _, proof = name.partition(PROVEN_BY)
        found.setdefault(key, []).extend([proof] if proof else [])
    return found


def _filled(content: Content) -> FilledBlock:
    return FilledBlock(content.variant, content.html, [_filled(one) for one in content.more])


def answer_json(body: object, status: int = 200) -> HttpResponse:
    """Answer one visitor: nobody keeps it, and no other site may embed it."""
    headers: dict[str, Any] = {
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(_encode(body), status=status, headers=headers, content_type="application/json")


@cache
def _script() -> tuple[bytes, str]:
    content = (Path(__file__).parent / "static" / "personalization" / "content" / "blocks.js").read_bytes()
    content = _FOR_READERS.sub(b"", content)
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _script_etag(request: HttpRequest) -> str:
    return _script()[1]


@transaction.non_atomic_requests
@require_safe
@condition(etag_func=_script_etag)
def blocks_script(request: HttpRequest) -> HttpResponse:
    """`GET /personalization/blocks.js`: the script that fills blocks once their page is there."""
    return HttpResponse(
        _script()[0],
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "public, max-age=3600"},
    )
