"""The small site of the cache tests, with pages that ask who is logged in."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from personalization.shortcuts import track
from tests.personalization import pages


def who(request: HttpRequest) -> HttpResponse:
    """Say who is logged in, as any page of the admin does."""
    return HttpResponse(request.user.get_username())


def out(request: HttpRequest) -> HttpResponse:
    """Log out."""
    logout(request)
    return HttpResponse()


def block(request: HttpRequest) -> HttpResponse:
    """A page with a block, which says each time it is made."""
    made.append(request)
    return pages.page(request, "block")


def recording(request: HttpRequest) -> HttpResponse:
    """Record something, as a page of a shop does."""
    made.append(request)
    track(request, "sign_up", method="e-mail")
    return HttpResponse("<body>recorded</body>")


made: list[HttpRequest] = []
urlpatterns: list[URLPattern | URLResolver] = [
    path("who/", who),
    path("out/", out),
    path("block/", block),
    path("recording/", recording),
    *pages.urlpatterns,
]
