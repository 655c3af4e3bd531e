"""What becomes of a page that is previewed: its bar, no tracker, and headers that keep it out of everything."""

from __future__ import annotations

import re
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from personalization.content.bodies.samples import has_shown_samples
from personalization.content.previewing.preview import (
    PARAMETER,
    InvalidPreview,
    begin,
    may_see,
    preview_of,
    token_in,
    with_token,
)
from personalization.content.previewing.words import in_words
from personalization.content.serving.data_layer import SCRIPT as DATA_LAYER
from personalization.content.serving.page_context import is_asked_by_script

HEADERS: Final = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow",
    # The address holds the state: no other site learns it.
    "Referrer-Policy": "same-origin",
}
_BODY: Final = re.compile(rb"<body\b[^>]*>", re.IGNORECASE)
_NO_FRAMES: Final = re.compile(r"frame-ancestors [^;]*'none'[^;]*")


def begin_preview(request: HttpRequest) -> HttpResponse | None:
    """Have the request answered in the state that its address carries; a page that says so, if it cannot be."""
    token = token_in(request.META.get("QUERY_STRING", ""))
    if token is None:
        return None
    try:
        begin(request, token)
    except InvalidPreview:
        context = {"address": with_token(request.get_full_path(), "")}
        with translation.override(translation.get_language_from_request(request)):
            page = render_to_string("personalization/preview_over.html", context)
        return HttpResponse(page, status=410, headers=HEADERS)
    # What is compressed, or the same as last time, could not be given its bar.
    for name in ("HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"):
        request.META.pop(name, None)
    return None


def finish_preview(request: HttpRequest, response: HttpResponseBase) -> None:
    """Make the response one of a preview: with its bar, without scripts that record, for nobody else."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    for name in ("ETag", "Last-Modified", "Expires"):
        response.headers.pop(name, None)
    if response.headers.get("X-Frame-Options") == "DENY":
        response.headers["X-Frame-Options"] = "SAMEORIGIN"  # so that variants can be seen side by side
    policy = response.headers.get("Content-Security-Policy", "")
    if _NO_FRAMES.search(policy):
        response.headers["Content-Security-Policy"] = _NO_FRAMES.sub("frame-ancestors 'self'", policy)
    if "Location" in response.headers:
        _lead_on(request, response)
    if isinstance(response, HttpResponse) and _is_page(response):
        _put_bar(request, response)


def _is_page(response: HttpResponse) -> bool:
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return is_html and "Content-Encoding" not in response.headers


def _lead_on(request: HttpRequest, response: HttpResponseBase) -> None:
    """Keep the state where the page leads to another one of the site."""
    target, token = response.headers["Location"], request.GET.get(PARAMETER, "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        response.headers["Location"] = with_token(target, token)


def _put_bar(request: HttpRequest, response: HttpResponse) -> None:
    content = response.content
    for address in (reverse("tracking:tracker"), static("consent/consent.js"), static(DATA_LAYER)):
        # The banner stays as it comes: hidden. Nobody chooses anything here, and no tag manager is told.
        script = rb"<script\b[^>]*\bsrc=[\"']" + re.escape(address.encode()) + rb"[\"'][^>]*>\s*</script>"
        content = re.sub(script, b"", content, flags=re.IGNORECASE)
    bar = _bar(request).encode(response.charset)
    content, found = _BODY.subn(lambda body: body[0] + bar, content, count=1)
    response.content = content if found or is_asked_by_script(request) else bar + content
    if "Content-Length" in response.headers:
        response.headers["Content-Length"] = str(len(response.content))


def _bar(request: HttpRequest) -> str:
    preview = preview_of(request)
    context = {
        "preview": preview,
        "may_see": may_see(request),
        "words": in_words(preview) if preview else [],
        "leave": (preview.back if preview and may_see(request) else "") or with_token(request.get_full_path(), ""),
        "parameter": PARAMETER,
        # In a frame among others, the page around it says what is seen.
        "is_framed": request.headers.get("Sec-Fetch-Dest") == "iframe",
        "has_samples": has_shown_samples(request),
        "focus": next(iter(preview.chosen), "") if preview else "",
    }
    return render_to_string("personalization/preview_bar.html", context)
