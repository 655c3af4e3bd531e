"""What pages fetch once they are there: the content of their blocks, and the script that asks for it."""

from __future__ import annotations

import hashlib
import logging
from functools import cache
from pathlib import Path
from typing import Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import condition, require_safe

from consent.throttle import RETRY_AFTER, allow
from personalization.content.conf import conf
from personalization.content.filling import fill
from personalization.content.page_context import InvalidPage, PageContext

logger = logging.getLogger("personalization.content")

MOST_KEYS: Final = 50
"""Blocks that one request may ask for."""


# A database that is gone is no reason for an error: what pages hold stays.
@transaction.non_atomic_requests
@require_safe
def blocks(request: HttpRequest) -> HttpResponse:
    """`GET /personalization/blocks/?keys=a,b`: what these blocks show to this visitor, on the page that asks."""
    if not allow(request, "blocks", conf.PERSONALIZATION_BLOCKS_PER_MINUTE):
        response = _answer({"error": "Too many requests from this address."}, 429)
        response["Retry-After"] = str(RETRY_AFTER)
        return response
    keys = list(dict.fromkeys(filter(None, request.GET.get("keys", "").split(","))))
    if not 0 < len(keys) <= MOST_KEYS:
        return _answer({"error": f"Give “keys”: 1 to {MOST_KEYS} names of blocks, separated by commas."}, 400)
    try:
        page = PageContext.read(
            page=request.GET.get("page", ""),
            referrer=request.GET.get("referrer", ""),
            language=request.GET.get("language", ""),
        )
    except InvalidPage as error:
        return _answer({"error": str(error)}, 400)
    filled = fill(request, keys, page)
    if filled.unknown:
        logger.warning("No block has these names: %s. Create them in the admin.", ", ".join(map(repr, filled.unknown)))
    return _answer(
        {
            "blocks": {key: {"variant": one.variant, "html": one.html} for key, one in filled.blocks.items()},
            "unknown": filled.unknown,
        }
    )


def _answer(body: dict[str, object], status: int = 200) -> HttpResponse:
    # The answer is one visitor's: nobody keeps it, and no other site may embed it.
    headers = {
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return JsonResponse(body, status=status, headers=headers)


@cache
def _script() -> tuple[bytes, str]:
    content = (Path(__file__).parent / "static" / "personalization" / "content" / "blocks.js").read_bytes()
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
