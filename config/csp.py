"""Content Security Policy in the shape of Django 6 (`SECURE_CSP`, `CSP`, `csp_nonce`), until the project requires it.

The nonce appears in the header only when a template used it, so that pages without one stay cacheable.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject, empty

HEADER = "Content-Security-Policy"


class CSP(StrEnum):
    """The values that need their quotes."""

    SELF = "'self'"
    NONE = "'none'"
    NONCE = "<CSP_NONCE_SENTINEL>"


class LazyNonce(SimpleLazyObject):  # type: ignore[type-arg]  # generic in the stubs only
    """A nonce that is made when a template renders it; true as an object only once it was made."""

    def __init__(self) -> None:
        super().__init__(lambda: secrets.token_urlsafe(16))

    @property
    def was_used(self) -> bool:
        return self.__dict__["_wrapped"] is not empty


def build_policy(config: Mapping[str, Sequence[str]], nonce: str | None = None) -> str:
    """The header's text for a policy.

    >>> build_policy({"script-src": [CSP.SELF, CSP.NONCE], "object-src": [CSP.NONE]})
    "script-src 'self'; object-src 'none'"
    >>> build_policy({"script-src": [CSP.SELF, CSP.NONCE]}, nonce="abc")
    "script-src 'self' 'nonce-abc'"
    """
    directives = []
    for directive, values in config.items():
        sources = [f"'nonce-{nonce}'" if value == CSP.NONCE else str(value) for value in values]
        if nonce is None:
            sources = [source for source, value in zip(sources, values, strict=True) if value != CSP.NONCE]
        directives.append(" ".join([directive, *sources]))
    return "; ".join(directives)


class ContentSecurityPolicyMiddleware:
    """Sends the policy with each response that has none of its own, as header or, as in Django 6, as `_csp_config`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nonce = LazyNonce()
        cast("Any", request)._csp_nonce = nonce
        response = self.get_response(request)
        policy: Mapping[str, Sequence[str]] = getattr(response, "_csp_config", settings.SECURE_CSP)
        if policy and HEADER not in response:
            response[HEADER] = build_policy(policy, str(nonce) if nonce.was_used else None)
        return response


def csp(request: HttpRequest) -> dict[str, object]:
    """Context processor: the nonce for what a page inlines."""
    return {"csp_nonce": getattr(request, "_csp_nonce", "")}
