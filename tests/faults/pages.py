"""A page that asks for everything a page can ask, and needs nothing of the shop to be rendered."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import URLPattern, URLResolver, include, path

SOURCE = """{% load personalization %}<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Page</title>{% attune_head %}</head><body>
<main>{% personalized_block "hero" %}the page's own{% endpersonalized_block %}</main>
<p id="segment">{% if_segment "level-1" %}inside{% else %}outside{% endif_segment %}</p>
<p id="cta">{% cta "join" %}</p>
{% attune_body %}</body></html>"""


def page(request: HttpRequest) -> HttpResponse:
    """Render the page with the project's own template engine."""
    return HttpResponse(engines["django"].from_string(SOURCE).render({}, request))


urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("personalization.urls")),
    path("", page),
    # The error pages lead to the shop.
    path("larkmoor/", include("config.site.urls")),
]
