"""What the outside may keep of a page: one that depended on its visitor belongs to that visitor alone."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from personalization.content.asking import has_asked

_SHARED_CACHE_HEADERS = ("Expires", "Age", "CDN-Cache-Control", "Surrogate-Control")
_OVERRULED_DIRECTIVES = ("public", "private", "no-cache", "max-age", "s-maxage", "stale-while-revalidate", "immutable")


class EdgeMiddleware:
    """The outermost middleware: marks pages that asked for a decision as private.

    Django's own page caches do not store such pages in the first place (see `content.asking.mark_asked`); this is
    for the caches outside: browsers, proxies, content delivery networks. It stands outside of Django's cache
    middlewares, so that a page they serve from their store is not touched.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if has_asked(request) or _is_streamed_page(response):
            make_private(response)
        return response


def _is_streamed_page(response: HttpResponseBase) -> bool:
    """A page that is made while it is sent may ask when its headers are long gone: it counts as one that asked."""
    return response.streaming and response.headers.get("Content-Type", "").startswith("text/html")


def make_private(response: HttpResponseBase) -> None:
    """Let only this visitor's browser keep the response, and have it ask again each time. Keeps a `no-store`."""
    kept = [
        directive
        for directive in (part.strip() for part in response.headers.get("Cache-Control", "").split(","))
        if directive and directive.split("=")[0].strip().lower() not in _OVERRULED_DIRECTIVES
    ]
    response.headers["Cache-Control"] = ", ".join(["private", "no-cache", *kept])
    for header in _SHARED_CACHE_HEADERS:
        if header in response.headers:
            del response.headers[header]
    patch_vary_headers(response, ["Cookie"])
