"""Where visitors fetch their code of an offer: by a form without any script, or as JSON."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import datetime
from typing import Final

import msgspec
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.urls import get_script_prefix
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from consent.origins import origin_allowed
from consent.throttle import RETRY_AFTER, allow
from consent.wire import is_form
from personalization.content.bodies.offers import Offer
from personalization.content.codes.claims import Claim, InvalidClaim
from personalization.content.codes.handing_out import NotKnownYet, hand_out
from personalization.content.deciding.blocks import PublishedBlock
from personalization.content.published import published
from personalization.content.serving import mishaps
from personalization.content.serving.page_context import InvalidPage, PageContext, on_page
from personalization.content.serving.wire import ClaimBody, GivenCode, Problem
from personalization.content.sources import offer_elsewhere
from personalization.content.views import answer_json
from personalization.segments.presence import Presence, presence_of
from tracking.errors import InvalidEvent
from tracking.services import track

logger = logging.getLogger("personalization.content")

PER_MINUTE: Final = 60
"""So many codes one address may ask for in a minute."""
MOST_BYTES: Final = 8_192
SECONDS_TO_KNOW: Final = 2
_decode: Final = msgspec.json.Decoder(ClaimBody).decode


class _Refused(Exception):
    """The answer that there is no code, and why."""

    def __init__(self, status: int, said: str, *, retry_after: int = 0) -> None:
        super().__init__(said)
        self.status = status
        self.said = said
        self.retry_after = retry_after


# Cacheable pages carry no token: the origin is checked instead. What is answered is given, so it is committed before.
@csrf_exempt
@transaction.non_atomic_requests
@require_POST
def codes(request: HttpRequest) -> HttpResponse:
    """`POST /personalization/codes/`: this visitor's code of the offer that a page showed to them, the same each time.

    A form is answered with 303 to its `next`, where the code stands; JSON with the code.
    """
    try:
        code = _given(request)
    except _Refused as refused:
        response = _problem(request, refused)
    else:
        response = _back(request) if is_form(request) else answer_json(GivenCode(code))
    response["Cache-Control"] = "private, no-store"
    return response


def _given(request: HttpRequest) -> str:
    if not origin_allowed(request):
        raise _Refused(403, _("This was not sent from this site."))
    if not allow(request, "codes", PER_MINUTE):
        raise _Refused(429, _("Too many requests from this address."), retry_after=RETRY_AFTER)
    asked = _read(request)
    try:
        page = PageContext.read(page=asked.page)
    except InvalidPage as error:
        raise _Refused(400, str(error)) from error
    try:
        with on_page(request, page):
            code = _code(request, asked.claim)
    except NotKnownYet as error:
        raise _Refused(409, _("Please try again in a moment."), retry_after=SECONDS_TO_KNOW) from error
    except (OperationalError, InterfaceError) as error:
        mishaps.say_unread(logger, "A code could not be given away.")
        raise _Refused(503, _("Please try again in a moment."), retry_after=SECONDS_TO_KNOW) from error
    if code is None:
        raise _Refused(410, _("This offer is over."))
    return code


def _code(request: HttpRequest, token: str) -> str | None:
    presence = presence_of(request)
    visitor_id = presence.consent.visitor_id
    if not presence.is_known or visitor_id is None:
        raise _Refused(403, _("A code of your own needs your agreement to personal content."))
    try:
        claim = Claim.read(token, visitor=presence.visitor)
    except InvalidClaim as error:
        raise _Refused(400, _("This page is out of date. Please load it again.")) from error
    offer = _running(presence, claim.variant)
    if offer is None or offer.stock is None:
        return None
    # From a visitor whose tracker was blocked this may be the first that arrives.
    with suppress(InvalidEvent):  # this site does not measure it
        track(request, "select_promotion", {"promotion_id": claim.variant}, now=presence.now)
    return hand_out(offer.stock, visitor_id, now=presence.now)


def _read(request: HttpRequest) -> ClaimBody:
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise _Refused(413, _("That is too long."))
        if is_form(request):
            return ClaimBody(request.POST.get("claim", ""), request.POST.get("next", ""))
        return _decode(request.body)
    except (
        ValueError,
        msgspec.MsgspecError,
        MultiPartParserError,
        UnreadablePostError,
        BadRequest,
        SuspiciousOperation,
    ) as error:
        raise _Refused(400, _("The body cannot be read.")) from error


def _running(presence: Presence, uuid: str) -> Offer | None:
    """The offer, if it is still one."""
    blocks = published(presence.version).blocks
    for block in blocks.values():
        for variant in block.variants:
            if variant.uuid == uuid and isinstance(variant.body, Offer):
                return variant.body if _is_open(block, uuid, presence.now) else None
    offer, around = offer_elsewhere(uuid) or (None, ())
    return offer if all(_is_open(blocks.get(key), variant, presence.now) for key, variant in around) else None


def _is_open(block: PublishedBlock | None, uuid: str, now: datetime) -> bool:
    """Whether the block may show the variant of this id to somebody now."""
    variant = next((one for one in block.variants if one.uuid == uuid), None) if block and block.live else None
    return (
        variant is not None
        and variant.schedule.is_open(now)
        and all(campaign.is_running(now) for campaign in variant.campaigns)
    )


def _problem(request: HttpRequest, refused: _Refused) -> HttpResponse:
    response: HttpResponse
    if not is_form(request):
        response = answer_json(Problem(refused.said), refused.status)
    elif refused.status == 410:
        response = _back(request)  # the page shows what comes next
    else:
        response = HttpResponse(refused.said, status=refused.status, content_type="text/plain; charset=utf-8")
    if refused.retry_after:
        response["Retry-After"] = str(refused.retry_after)
    return response


def _back(request: HttpRequest) -> HttpResponse:
    """To the page that the form stood on; that it is one of this site was looked at when the body was read."""
    response = HttpResponseRedirect(request.POST.get("next", "") or get_script_prefix())
    response.status_code = 303
    return response
