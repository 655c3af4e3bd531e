"""What a page must be to be kept for others with the same answers, and what the key middleware leaves alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from personalization.content.serving.page_key import KEY_HEADER
from personalization.middleware import EdgeMiddleware, KeyMiddleware
from personalization.segments.models import Segment
from tests.personalization.content.visitors import segment

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.personalization.pages")]


@pytest.fixture(autouse=True)
def fans() -> Segment:
    return segment("fans")


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(headers={"Cache-Control": "no-store"}),
        HttpResponse(headers={"Cache-Control": "private"}),
        HttpResponse(headers={"Vary": "*"}),
        HttpResponse(status=404),
    ],
)
def test_key_middleware__page_that_django_would_not_keep__is_left_alone(response: HttpResponse) -> None:
    assert KEY_HEADER not in _answered(response).get("Vary", "")


def test_key_middleware__page_that_sets_a_cookie__is_nobody_elses() -> None:
    response = HttpResponse("mine")
    response.set_cookie("mine", "1")
    assert KEY_HEADER not in _answered(response).get("Vary", "")


def test_key_middleware__page_that_shows_messages__is_nobody_elses() -> None:
    def message(request: HttpRequest) -> None:
        storage = CookieStorage(request)
        request._messages = storage  # type: ignore[attr-defined]  # as MessageMiddleware does
        storage.add(20, "Put into your cart.")

    assert KEY_HEADER not in _answered(HttpResponse("mine"), message).get("Vary", "")


def test_key_middleware__page_that_may_be_kept__varies_on_the_key() -> None:
    assert _answered(HttpResponse("ours"))["Vary"] == KEY_HEADER


def _answered(response: HttpResponse, act: Callable[[HttpRequest], None] = lambda request: None) -> HttpResponse:
    """The response as the key middleware hands it to the cache, of a view that asked."""
    from personalization.shortcuts import in_segment

    def view(request: HttpRequest) -> HttpResponse:
        act(request)
        in_segment(request, "fans")
        request._cache_update_cache = True  # type: ignore[attr-defined]  # what FetchFromCacheMiddleware says
        return response

    inside = KeyMiddleware(view)
    handed: list[HttpResponse] = []

    def between(request: HttpRequest) -> HttpResponse:
        answer = inside(request)
        assert isinstance(answer, HttpResponse)
        handed.append(answer)
        assert request._cache_update_cache is (KEY_HEADER in answer.get("Vary", ""))  # type: ignore[attr-defined]
        return HttpResponse()

    EdgeMiddleware(between)(RequestFactory().get("/"))
    return handed[0]


def test_key_middleware__visitor_acts_while_the_page_is_made__is_not_kept() -> None:
    from personalization.shortcuts import in_segment, track

    def view(request: HttpRequest) -> HttpResponse:
        in_segment(request, "fans")
        track(request, "page_view")
        request._cache_update_cache = True  # type: ignore[attr-defined]  # what FetchFromCacheMiddleware says
        return HttpResponse()

    def between(request: HttpRequest) -> HttpResponse:
        answer = KeyMiddleware(view)(request)
        assert isinstance(answer, HttpResponse)
        assert "Vary" not in answer.headers
        assert request._cache_update_cache is False  # type: ignore[attr-defined]
        return answer

    EdgeMiddleware(between)(RequestFactory().get("/"))
