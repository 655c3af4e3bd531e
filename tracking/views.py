"""The collector's address and the tracker script."""

from __future__ import annotations

import hashlib
import logging
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.request import UnreadablePostError
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition, require_safe

from consent import seldom
from consent.gate import consent_of
from consent.origins import origin_allowed
from consent.throttle import RETRY_AFTER, allow
from tracking.collector import collect
from tracking.conf import settings
from tracking.errors import BatchTooLarge, InvalidBatch
from tracking.refusals import count_refused, count_soon

log = logging.getLogger(__name__)

_encode = msgspec.json.Encoder().encode
_JSON: Final = "application/json"


# Pages that send events may be cached and carry no CSRF token; the origin is checked instead. The answer says that the
# events are stored, so it must not be given inside a transaction that is still to be committed.
@csrf_exempt
@transaction.non_atomic_requests
def collect_events(request: HttpRequest) -> HttpResponse:
    """`POST /collect/`: take a batch of events."""
    if request.method != "POST":
        return _uncached(HttpResponseNotAllowed(["POST"]))
    now = timezone.now()
    if not origin_allowed(request):
        return _refuse(403, "This page may not send events here.", "batch_origin")
    if not allow(request, "collect", settings.BATCHES_PER_MINUTE):
        response = _refuse(429, "Too many batches from this address.", "batch_throttled")
        response["Retry-After"] = str(RETRY_AFTER)
        return response
    try:
        body = _body(request)
        result = collect(body, consent=consent_of(request), user_agent=request.META.get("HTTP_USER_AGENT", ""), now=now)
    except BatchTooLarge as error:
        return _refuse(413, str(error), "batch_too_large")
    except InvalidBatch as error:
        return _refuse(400, str(error), "batch_malformed")
    except (OperationalError, InterfaceError) as error:
        seldom.say(log, logging.WARNING, "Events cannot be stored now; senders are asked to try again: %s", error)
        response = _answer(503, {"error": "Events cannot be stored now. Try again."})
        response["Retry-After"] = str(settings.RETRY_AFTER)
        return response
    if result.refused:
        # Where events were written, one more row is no flood; and it is counted before it is answered.
        count = count_refused if result.answer.accepted else count_soon
        count(result.refused, now=now)
    return _answer(403 if result.forbidden else 202, result.answer)


def _body(request: HttpRequest) -> bytes:
    """Return the body. What is announced as too large is not read at all."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > settings.MAX_BATCH_BYTES:
        raise BatchTooLarge(f"A batch may have {settings.MAX_BATCH_BYTES} bytes; this one has {length}.")
    if request.content_type not in (_JSON, "text/plain", ""):
        raise InvalidBatch("A batch comes as application/json or text/plain.")
    try:
        return request.body
    except RequestDataTooBig as error:
        raise BatchTooLarge("The site takes no body of this size.") from error
    except UnreadablePostError as error:
        raise InvalidBatch("The body ended early.") from error


def _refuse(status: int, message: str, reason: str) -> HttpResponse:
    count_soon({reason: 1}, now=timezone.now())
    return _answer(status, {"error": message})


def _answer(status: int, content: object) -> HttpResponse:
    return _uncached(HttpResponse(_encode(content), status=status, content_type=_JSON))


def _uncached(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


@cache
def _script() -> tuple[bytes, str]:
    content = (Path(__file__).parent / "static" / "tracking" / "tracker.js").read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _script_etag(request: HttpRequest) -> str:
    return _script()[1]


@transaction.non_atomic_requests
@require_safe
@condition(etag_func=_script_etag)
def tracker_script(request: HttpRequest) -> HttpResponse:
    """`GET /collect/tracker.js`: the script that sends page views and what visitors do."""
    return HttpResponse(
        _script()[0],
        content_type="text/javascript; charset=utf-8",
        headers={"Cache-Control": "public, max-age=3600"},
    )
