"""What the edge says of pages to caches outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory

from personalization.content.serving.asking import mark_asked
from personalization.middleware import EdgeMiddleware

PUBLIC = {"Cache-Control": "public, max-age=600"}


def _answer(view: Callable[[HttpRequest], HttpResponseBase]) -> HttpResponseBase:
    return EdgeMiddleware(view)(RequestFactory().get("/"))


def test_edge__page_that_asked_nothing__stays_as_it_is() -> None:
    assert _answer(lambda request: HttpResponse("same", headers=PUBLIC))["Cache-Control"] == "public, max-age=600"


def test_edge__page_that_asked__is_private() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        mark_asked(request)
        return HttpResponse("mine", headers=PUBLIC)

    assert _answer(view)["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/json", "text/event-stream"])
def test_edge__page_that_asks_while_it_is_sent__is_private(kind: str) -> None:
    def view(request: HttpRequest) -> StreamingHttpResponse:
        def parts() -> Iterator[str]:
            yield "<p>"
            mark_asked(request)
            yield "mine</p>"

        return StreamingHttpResponse(parts(), headers=PUBLIC, content_type=kind)

    assert _answer(view)["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("kind", ["image/png", "text/csv"])
def test_edge__file_that_is_sent_in_parts__stays_as_it_is(kind: str) -> None:
    response = _answer(lambda request: StreamingHttpResponse([b"x"], content_type=kind, headers=PUBLIC))
    assert response["Cache-Control"] == "public, max-age=600"
