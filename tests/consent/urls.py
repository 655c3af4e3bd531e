"""Addresses for the tests of this room alone: its own, and two pages that hold the banner."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from consent.purposes import policy_version
from consent.rendering import banner_html

PAGE = """<!doctype html><html lang="en"><head><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/static/consent/consent.css">
<script src="/static/consent/consent.js" defer></script></head>
<body><h1>A page</h1><p><a id="privacy" href="/consent/preferences/" data-attune-consent-open>Privacy choices</a></p>
<p>Text of the page.</p>%s</body></html>"""


def page(request: HttpRequest) -> HttpResponse:
    """A page under the strictest content security policy."""
    response = HttpResponse(PAGE % banner_html(request))
    response["Content-Security-Policy"] = "default-src 'self'; img-src data:"
    return response


def old_page(request: HttpRequest) -> HttpResponse:
    """The same page as some cache kept it from before the texts changed."""
    response = page(request)
    response.content = response.content.replace(policy_version().encode(), b"retired")
    return response


urlpatterns: list[URLPattern | URLResolver] = [
    path("consent/", include("consent.urls")),
    path("page/", page),
    path("old-page/", old_page),
]
