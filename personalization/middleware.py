"""Pages and caches: Django's keep a personalized page by what it asked, those outside leave it to its visitor."""

import logging
from collections.abc import Callable
from typing import Final, cast

from django.conf import settings
from django.core.cache import BaseCache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_cache_key, has_vary_header, patch_vary_headers

from personalization.content.previewing.page import begin_preview, finish_preview
from personalization.content.previewing.preview import is_preview
from personalization.content.services import answer_of
from personalization.content.serving import mishaps
from personalization.content.serving.asking import asked_of, has_asked, is_to_be_stored, watch
from personalization.content.serving.learned import LearnedPages, Near, keep_for, page_cache
from personalization.content.serving.overlay import begin_overlay, put_overlay
from personalization.content.serving.page_key import KEY_HEADER, KEY_META, Ways, key_of
from personalization.page import is_unmeasured
from personalization.segments.presence import presence_of
from personalization.segments.team import is_marked, mark_team

logger = logging.getLogger("personalization")

_SHARED_CACHE_HEADERS: Final = frozenset(
    {
        "expires",
        "age",
        "cdn-cache-control",
        "surrogate-control",
        "edge-control",
        "x-accel-expires",
        "x-litespeed-cache-control",
    }
)
"""What some caches believe more than Cache-Control, nginx and delivery networks' among them."""
_STREAMED_PAGES: Final = (
    "text/html",
    "application/xhtml+xml",
    "application/json",
    "application/x-ndjson",
    "text/event-stream",
)
_OVERRULED_DIRECTIVES = ("public", "private", "no-cache", "max-age", "s-maxage", "stale-while-revalidate", "immutable")
_NEVER_STORED = ("private", "no-cache", "no-store")
_NO_QUESTION = ("COOKIE", "AUTHORIZATION", "ACCEPT_ENCODING", "ACCEPT_LANGUAGE", "X_ATTUNE_KEY")
"""Headers that split a page without end, or into versions that ask the same: no way is told apart by them, nor by the
key, which a cache further in may have finished already."""
_KEY_HEADER_LOWER: Final = KEY_HEADER.lower()
_BEHIND_EDGE = "_attune_behind_edge"
_KEY: Final = "personalization.middleware.KeyMiddleware"
_FETCH: Final = "django.middleware.cache.FetchFromCacheMiddleware"


class EdgeMiddleware:
    """The outermost middleware: marks pages that asked for a decision as private.

    It is for the caches outside: browsers, proxies, content delivery networks. It stands outside of Django's cache
    middlewares, which keep such a page under the key of `KeyMiddleware` or not at all; what they serve from their store
    is marked as well.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.META.pop(KEY_META, None)
        setattr(request, _BEHIND_EDGE, True)
        watch(request)
        if over := begin_preview(request):
            return over
        begin_overlay(request)
        response = self.get_response(request)
        is_for_team = mark_team(request, response)
        if is_marked(request) and (is_preview(request) or not is_unmeasured(request)):  # at work they see all anyway
            is_for_team |= put_overlay(request, response)
        if is_for_team or has_asked(request) or has_vary_header(response, KEY_HEADER) or _is_streamed_page(response):
            make_private(response)
        if is_preview(request):
            finish_preview(request, response)
        return response


class KeyMiddleware:
    """Lets Django's cache middlewares keep personalized pages: stands directly before `FetchFromCacheMiddleware`.

    On the way in it tells which version of the page this visitor gets, as far as that was learned; on the way out it
    finishes the key with what the rendering really asked. Without `EdgeMiddleware` around it, it does nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._pages = LearnedPages()
        following = settings.MIDDLEWARE[settings.MIDDLEWARE.index(_KEY) + 1 :] if _KEY in settings.MIDDLEWARE else []
        self._is_before_fetch = following[:1] == [_FETCH]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.META.pop(KEY_META, None)
        if request.method not in ("GET", "HEAD") or not is_behind_edge(request) or is_preview(request):
            return self.get_response(request)
        keep_for(request, self._pages)
        near = self._pages.about(request)
        ways = near.ways
        if ways is not None and not ways.is_split and (key := expected_key(request, ways)):
            request.META[KEY_META] = key
            if found := self._find(request, near):
                return found
        response = self.get_response(request)
        if is_to_be_stored(request):
            self._finish(request, response)
        elif has_vary_header(response, KEY_HEADER):
            near.hits += 1
            near.headers = _told_apart_by(response)
        return response

    def _find(self, request: HttpRequest, near: Near) -> HttpResponseBase | None:
        """The page as `FetchFromCacheMiddleware` would find it, without asking the cache what the page varies on.

        It is what this process saw last: a list that has changed since would lead to what it still led to then.
        """
        if near.headers is None or not self._is_before_fetch or request.method != "GET":
            return None
        key = get_cache_key(request, cache=cast("BaseCache", _Known(near.headers)))
        found: HttpResponseBase | None = page_cache().get(key) if key else None
        if found is not None:
            near.hits += 1
            request._cache_update_cache = False  # type: ignore[attr-defined]  # as FetchFromCacheMiddleware says
        return found

    def _finish(self, request: HttpRequest, response: HttpResponseBase) -> None:
        asked = asked_of(request)
        if not asked.answers or not asked.is_told or asked.version is None or not is_storable(response):
            return
        if shows_messages(request):
            return
        ways = self._pages.learn(request, asked, other_headers(response))
        if ways is None:
            return
        request.META[KEY_META] = key_of(asked.answers, version=asked.version, token=ways.token)
        patch_vary_headers(response, [KEY_HEADER])
        asked.covered = len(asked.answers)


class _Known:
    """In place of the cache, where Django asks it for the one thing that is known."""

    def __init__(self, headers: list[str]) -> None:
        self._headers = headers

    def get(self, key: str) -> list[str]:
        return self._headers


def is_behind_edge(request: HttpRequest) -> bool:
    """Whether caches outside will be told what they must not keep."""
    return hasattr(request, _BEHIND_EDGE)


def make_private(response: HttpResponseBase) -> None:
    """Let only this visitor's browser keep the response, and have it ask again each time. Keeps a `no-store`."""
    kept = [
        directive
        for directive in (part.strip() for part in response.headers.get("Cache-Control", "").split(","))
        if directive and directive.split("=")[0].strip().lower() not in _OVERRULED_DIRECTIVES
    ]
    response.headers["Cache-Control"] = ", ".join(["private", "no-cache", *kept])
    for header in filter(is_for_shared_caches, list(response.headers)):
        del response.headers[header]
    vary = [name for name in _vary(response) if name and name.lower() != _KEY_HEADER_LOWER]
    if not any(name.lower() == "cookie" for name in vary):
        vary.append("Cookie")
    response.headers["Vary"] = "*" if "*" in vary else ", ".join(vary)


def is_for_shared_caches(header: str) -> bool:
    """Whether caches outside take the response's lifetime from this header rather than from Cache-Control.

    >>> is_for_shared_caches("X-Accel-Expires"), is_for_shared_caches("Cloudflare-CDN-Cache-Control")
    (True, True)
    >>> is_for_shared_caches("Cache-Control")
    False
    """
    name = header.lower()
    return name in _SHARED_CACHE_HEADERS or name.endswith("-cdn-cache-control")


def expected_key(request: HttpRequest, ways: Ways) -> str | None:
    """The key of the version that this visitor would get; None if no rendering went that way yet."""
    try:
        presence = presence_of(request)
        answers = ways.answers(request.META, lambda question: answer_of(presence, question))
        return None if answers is None else key_of(answers, version=presence.version, token=ways.token)
    except Exception:
        mishaps.say_unread(
            logger, "Could not tell which version of %s the visitor gets: it is made anew.", request.path
        )
        return None


def is_storable(response: HttpResponseBase) -> bool:
    """Whether Django would store the response; one that sets a cookie is nobody else's."""
    cache_control = response.headers.get("Cache-Control", "").lower()
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not any(directive in cache_control for directive in _NEVER_STORED)
        and not has_vary_header(response, "*")
    )


def shows_messages(request: HttpRequest) -> bool:
    """Whether Django's messages were shown or added. Kept in a cookie, they vary on nothing that Django would say."""
    messages = getattr(request, "_messages", None)
    return bool(getattr(messages, "used", False) or getattr(messages, "added_new", False))


def other_headers(response: HttpResponseBase) -> list[str]:
    """What else the page varies on, as named in `request.META`."""
    names = [name.upper().replace("-", "_") for name in _vary(response)]
    return [f"HTTP_{name}" for name in names if name and name not in _NO_QUESTION]


def _told_apart_by(response: HttpResponseBase) -> list[str]:
    """What Django tells versions of the page apart by, as `learn_cache_key` has it."""
    names = {"HTTP_" + name.upper().replace("-", "_") for name in _vary(response)}
    return sorted(names - {"HTTP_ACCEPT_LANGUAGE"} if settings.USE_I18N else names)


def _vary(response: HttpResponseBase) -> list[str]:
    return [name.strip() for name in response.headers.get("Vary", "").split(",")]


def _is_streamed_page(response: HttpResponseBase) -> bool:
    """A page that is made while it is sent may ask when its headers are long gone: it counts as one that asked."""
    return response.streaming and response.headers.get("Content-Type", "").startswith(_STREAMED_PAGES)
