"""The ways that pages went, in the cache that keeps the pages, and for a while in this process."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.http import HttpRequest
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from personalization.content.conf import conf
from personalization.content.serving.asking import Asked
from personalization.content.serving.page_key import Ways, decode, encode
from tracking.addresses import page_address
from tracking.pseudonyms import NOT_SHOWN, without_addresses

logger = logging.getLogger("personalization.content")

KEPT: Final = 24 * 60 * 60
"""Seconds for which ways are remembered after a rendering last added to them."""
SPLIT_KEPT: Final = 60 * 60
"""Seconds after which a page with too many versions is tried again."""
NEAR: Final = 30.0
"""Seconds for which a process uses its own copy. An old one costs a rendering, no more: see `page_key`."""
NEAR_SIZE: Final = 4_096
LISTED: Final = 500
"""Pages that are listed for people to look at."""
LIST_KEY: Final = "attune:1:pages"


_LEARNED: Final = "_attune_learned"
_KEEPER: Final = "_attune_learned_pages"


class Near:
    """This process's copy of what was learned about one page."""

    __slots__ = ("headers", "hits", "read_at", "ways")

    def __init__(self, ways: Ways | None, read_at: float, hits: int = 0) -> None:
        self.ways = ways
        self.read_at = read_at
        self.hits = hits
        """How often the page was found since the ways were last stored."""
        self.headers: list[str] | None = None
        """What Django tells versions apart by, as in `request.META`; None until the page was found."""


class LearnedPages:
    """What the pages of this site asked, by address, host, language and time zone."""

    def __init__(self) -> None:
        self._near: OrderedDict[str, Near] = OrderedDict()
        self._lock = threading.Lock()

    def about(self, request: HttpRequest) -> Near:
        """What is known about the page at the request's address; one that never asked anything has no ways."""
        address = address_of(request)
        with self._lock:
            near = self._near.get(address)
        if near is not None and time.monotonic() - near.read_at < NEAR:
            return near
        return self._keep_near(address, decode(page_cache().get(address)), hits=near.hits if near else 0)

    def learn(self, request: HttpRequest, asked: Asked, headers: list[str]) -> Ways | None:
        """Remember the way that this rendering went; None if the page has too many versions to be stored.

        Two renderings at once may overwrite each other's ways: then one of them is learned again later. A page that
        several caches keep, one around the other, is learned and counted once.
        """
        said = (len(asked.answers), tuple(headers))
        learned: tuple[Any, Ways | None] | None = getattr(request, _LEARNED, None)
        if learned is not None and learned[0] == said:
            return learned[1]
        ways = self._learn(request, asked, headers, is_first=learned is None)
        setattr(request, _LEARNED, (said, ways))
        return ways

    def _learn(self, request: HttpRequest, asked: Asked, headers: list[str], *, is_first: bool) -> Ways | None:
        address = address_of(request)
        cache = page_cache()
        ways = decode(cache.get(address))
        if ways is None:
            ways = Ways()
            _list(cache, address, _shown(request.build_absolute_uri()))
        was_split = ways.is_split
        ways.vary_on(headers)
        ways.learn(request.META, asked.answers)
        most = conf.PERSONALIZATION_MAX_PAGE_VERSIONS
        ways.count(request.META, asked.answers, configuration=asked.version or 0, most=most)
        with self._lock:
            near = self._near.get(address)
            ways.hits += near.hits if near else 0
        ways.misses += is_first
        if not (was_split and ways.is_split):
            cache.set(address, encode(ways), SPLIT_KEPT if ways.is_split else KEPT)
        self._keep_near(address, ways)
        if ways.is_split and not was_split:
            logger.warning(
                "%s has more than %d versions (PERSONALIZATION_MAX_PAGE_VERSIONS): the page cache does not keep it for "
                "the next hour. Put fewer blocks on it, or blocks with fewer variants.",
                request.path,
                most,
            )
        return None if ways.is_split else ways

    def _keep_near(self, address: str, ways: Ways | None, *, hits: int = 0) -> Near:
        with self._lock:
            near = self._near[address] = Near(ways, time.monotonic(), hits)
            self._near.move_to_end(address)
            while len(self._near) > NEAR_SIZE:
                self._near.popitem(last=False)
        return near


def keep_for(request: HttpRequest, pages: LearnedPages) -> None:
    """Let caches further in use the same, so that what they find is counted together."""
    setattr(request, _KEEPER, pages)


def pages_for(request: HttpRequest) -> LearnedPages | None:
    """What a cache further out uses, if there is one."""
    return getattr(request, _KEEPER, None)


@dataclass(frozen=True)
class CachedPage:
    """What is known about how one page is kept."""

    url: str
    versions: int
    is_split: bool
    hits: int
    misses: int

    @property
    def found_of_100(self) -> int:
        """Of 100 visits, how many the cache answered; as far as its processes have told by now."""
        return 100 * self.hits // max(1, self.hits + self.misses)


def cached_pages() -> list[CachedPage]:
    """The personalized pages that this site's cache knows of, those with the most versions first."""
    cache = page_cache()
    listed: dict[str, str] = cache.get(LIST_KEY) or {}
    kept = cache.get_many(listed)
    known = [(url, decode(kept.get(address))) for address, url in listed.items()]
    pages = [CachedPage(url, len(ways.versions), ways.is_split, ways.hits, ways.misses) for url, ways in known if ways]
    return sorted(pages, key=lambda page: (-page.is_split, -page.versions, page.url))


def page_cache() -> BaseCache:
    """The cache in which Django's middlewares keep pages."""
    return caches[settings.CACHE_MIDDLEWARE_ALIAS]


def address_of(request: HttpRequest) -> str:
    """Where the ways of the page at the request's address lie: Django tells pages apart by the same."""
    known: str | None = getattr(request, "_attune_address", None)
    if known is None:
        place = request.scheme, request.get_host(), request.get_full_path()
        parts: list[Any] = [settings.CACHE_MIDDLEWARE_KEY_PREFIX, *place]
        if settings.USE_I18N:
            parts.append(getattr(request, "LANGUAGE_CODE", get_language()))
        if settings.USE_TZ:
            parts.append(get_current_timezone_name())
        known = "attune:1:ways:" + hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()
        request._attune_address = known  # type: ignore[attr-defined]  # worked out once a request
    return known


def _shown(url: str) -> str:
    """The page's address for people to read: what was asked of the page may name a visitor, or be a token.

    >>> _shown("https://shop.example/search/?q=anna"), _shown("https://shop.example/hello/anna@example.org/")
    ('https://shop.example/search/?…', 'https://shop.example/hello/…/')
    """
    return without_addresses(page_address(url, ())) + (f"?{NOT_SHOWN}" if "?" in url else "")


def _list(cache: BaseCache, address: str, url: str) -> None:
    listed: dict[str, str] = cache.get(LIST_KEY) or {}
    if address not in listed:
        listed[address] = url
        cache.set(LIST_KEY, dict(list(listed.items())[-LISTED:]), KEPT)
