"""The demo project with three pages more: one that tracks, one that tracks and fails, one with a block."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import path

from config.urls import urlpatterns as demo
from personalization.shortcuts import track


def signs_up(request: HttpRequest) -> HttpResponse:
    return HttpResponse(repr(track(request, "sign_up", method="e-mail")))


def fails(request: HttpRequest) -> HttpResponse:
    track(request, "sign_up", method="e-mail")
    raise LookupError("after tracking")


def block(request: HttpRequest) -> HttpResponse:
    template = '{% load personalization %}{% personalized_block "note" %}for everybody{% endpersonalized_block %}'
    return HttpResponse(Template(template).render(RequestContext(request)))


urlpatterns = [path("signs-up/", signs_up), path("fails/", fails), path("block/", block), *demo]
