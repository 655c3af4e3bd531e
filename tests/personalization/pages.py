"""A small site for the tests of page caches: pages that ask for decisions in every way, and pages that do not."""

from __future__ import annotations

import copy
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import Engine, RequestContext, Template
from django.template.response import SimpleTemplateResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.cache import cache_control, cache_page, never_cache

from personalization.shortcuts import decide, in_segment

_HEAD = "{% load personalization %}{% attune_head %}"
_SHOP = '{% personalized_block "hero" %}default{% endpersonalized_block %}'


def _engine_with(cache_library: str) -> Engine:
    return Engine(
        libraries={"personalization": "personalization.templatetags.personalization", "cache": cache_library},
        context_processors=["django.template.context_processors.request"],
        loaders=[
            ("django.template.loaders.locmem.Loader", {"included.html": "{% load personalization %}" + _SHOP}),
        ],
    )


_engine = _engine_with("django.templatetags.cache")

TEMPLATES: dict[str, Template] = {
    name: _engine.from_string(_HEAD + source + "{% attune_body %}")
    for name, source in {
        "plain": "the same for all {% consent_preferences_link %}",
        "block": _SHOP,
        "segment": '{% if_segment "fans" %}fan{% else %}other{% endif_segment %}',
        "cta": '{% cta "join" %}',
        # What is asked depends on an answer.
        "nested": '{% if_segment "fans" %}{% if_segment "buyers" %}both{% else %}fan{% endif_segment %}{% else %}'
        + _SHOP
        + "{% endif_segment %}",
        "article": '<title>Boots at {{ request.path }}</title><meta name="description" content="All of them">'
        '<link rel="canonical" href="https://shop.example{{ request.path }}">'
        '<script type="application/ld+json">{"@type": "Article", "headline": "Boots"}</script><h1>Boots</h1>'
        + _SHOP
        + '{% cta "join" %}{% if_segment "fans" %}fan{% endif_segment %}<h2>More of them</h2>',
        "part": "{% load cache %}{% cache 600 part %}" + _SHOP + "{% endcache %}",
        "part-included": '{% load cache %}{% cache 600 inc %}{% include "included.html" %}{% endcache %}',
        "parts-nested": '{% load cache %}{% cache 600 outer %}{% if_segment "fans" %}fan{% cache 600 inner %}'
        '{% if_segment "buyers" %}, buyer{% endif_segment %}{% endcache %}{% endif_segment %}{% endcache %}',
    }.items()
}
# As if Attune had no `cache` of its own: what a template includes is not seen when it is compiled.
TEMPLATES["part-unprotected"] = _engine_with("tests.personalization.djangos_cache").from_string(
    _HEAD + '{% load cache %}{% cache 600 raw %}{% include "included.html" %}{% endcache %}{% attune_body %}'
)
PLAIN_PATHS = ("/plain/", "/decorated/plain/")
ASKING_PATHS = (
    "/block/",
    "/segment/",
    "/cta/",
    "/nested/",
    "/decorated/block/",
    "/deferred/",
    "/headers/",
    "/in-python/",
    "/copied/",
    "/part/",
    "/part-included/",
    "/parts-nested/",
)


class Deferred(SimpleTemplateResponse):
    """A response that is rendered after the view, as Django's TemplateResponse."""

    def resolve_template(self, template: Any) -> Any:
        return template

    @property
    def rendered_content(self) -> str:
        request: HttpRequest = self.context_data["request"]  # type: ignore[index]  # always given by the view below
        return TEMPLATES["block"].render(RequestContext(request))


def page(request: HttpRequest, name: str) -> HttpResponse:
    """Render one of the templates."""
    return HttpResponse(TEMPLATES[name].render(RequestContext(request)))


def deferred(request: HttpRequest) -> HttpResponse:
    """Ask while the response is rendered, after the view has returned."""
    return Deferred("", {"request": request})


def in_python(request: HttpRequest) -> HttpResponse:
    """Ask from code."""
    variant = decide(request, "hero").variant
    return HttpResponse(f"{variant.name if variant else 'default'} {in_segment(request, 'fans')}")


def copied(request: HttpRequest) -> HttpResponse:
    """Render for a copy of the request, as libraries do that render one page within another."""
    return page(copy.copy(request), "block")


def asked_before(request: HttpRequest) -> HttpResponse:
    """A page that shows what a middleware asked."""
    return HttpResponse(str(getattr(request, "is_fan", None)))


class AskingMiddleware:
    """Asks before the view, and before the cache of the view's own decorator."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/asked-before/":
            request.is_fan = in_segment(request, "fans")  # type: ignore[attr-defined]  # what projects do
        response: HttpResponse = self.get_response(request)
        return response


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("personalization.urls")),
    path("decorated/<name>/", cache_page(600)(page)),
    path("deferred/", deferred),
    path("headers/", cache_control(public=True, max_age=600, s_maxage=600)(page), {"name": "block"}),
    path("never/", never_cache(page), {"name": "block"}),
    path("in-python/", in_python),
    path("copied/", copied),
    path("asked-before/", cache_page(600)(asked_before)),
    path("<name>/", page),
]
