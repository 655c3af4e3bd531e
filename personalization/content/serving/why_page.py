"""The page on which visitors read why they see what they see, and from where they change what they agreed to."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consent.throttle import RETRY_AFTER, allow
from personalization.content.conf import conf
from personalization.content.serving.page_context import PageContext, on_page
from personalization.content.serving.why import why


@require_safe
def why_page(request: HttpRequest) -> HttpResponse:
    """`GET /personalization/why/?block=home-hero`: the address is the same for everybody, the answer one visitor's."""
    if allow(request, "why", conf.PERSONALIZATION_BLOCKS_PER_MINUTE):
        response = _answer(request)
    else:
        response = HttpResponse(_("Too many requests from this address."), status=429, content_type="text/plain")
        response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _answer(request: HttpRequest) -> HttpResponse:
    page, back = _page_before(request)
    block = request.GET.get("block", "")
    with on_page(request, page):
        told = why(request, block)
    with translation.override(page.language or translation.get_language()):
        context = {"why": told, "back": back, "preferences": reverse("consent:preferences")}
        return render(request, "personalization/why.html", context)


def _page_before(request: HttpRequest) -> tuple[PageContext, str]:
    """The page that the visitor comes from, if it is one of this site: what it shows was decided there."""
    try:
        before = urlsplit(request.META.get("HTTP_REFERER", ""))
        if before.netloc != request.get_host():
            return PageContext(), ""
        address = f"{before.path}?{before.query}" if before.query else before.path
        language = translation.get_language_from_path(before.path) or ""
        return PageContext.read(page=address, language=language), address
    except ValueError:  # no address, or none of a page
        return PageContext(), ""
