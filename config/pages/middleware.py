"""Where the CMS's toolbar may be, and what the pages of who edits may do that no visitor's page may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from cms.middleware.toolbar import ToolbarMiddleware
from cms.toolbar.utils import get_toolbar_from_request
from cms.views import details
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from config.csp import CSP

FRAMED = {"frame-ancestors": [CSP.SELF]}
EDITED = FRAMED | {"script-src": [CSP.SELF, "'unsafe-inline'"], "style-src": [CSP.SELF, "'unsafe-inline'"]}
"""The CMS's toolbar inlines scripts and styles that know no nonce; with one beside it, inline code is not allowed."""


class ToolbarOnPagesMiddleware(ToolbarMiddleware):  # type: ignore[misc]  # the CMS carries no types
    """The toolbar on pages of the CMS alone: it asks who looks, and no other page shall depend on that."""

    def is_cms_request(self, request: HttpRequest) -> bool:
        """Whether it is a page of the CMS, or one that is edited."""
        try:
            shows_page = resolve(request.path_info).func is details
        except Resolver404:
            return False
        return shows_page or bool(super().is_cms_request(request))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keep caches from what the toolbar is on; where it cannot be, they are none of its business."""
        shown: HttpResponse = super().process_response(request, response) if hasattr(request, "toolbar") else response
        return shown


class EditingMiddleware:
    """Lets who edits pages do so: the admin in frames of this site, and inline code where the CMS brings it.

    That is where its toolbar is shown, which is to staff alone, and in its own pages of the admin. Whatever a visitor
    gets keeps the policy of all pages.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = _policy_of(request)
        if policy:
            cast("Any", response)._csp_config = settings.SECURE_CSP | policy
            response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")
        return response


def _policy_of(request: HttpRequest) -> dict[str, list[Any]]:
    """What differs from the policy of all pages."""
    match = request.resolver_match
    if match is None:
        return {}
    if "admin" in match.namespaces:
        return EDITED if (match.url_name or "").startswith(("cms_", "djangocms_")) else FRAMED
    return EDITED if match.func is details and get_toolbar_from_request(request).show_toolbar else {}
