"""How many requests a minute one address may send, counted without keeping the address."""

import ipaddress
import logging
import threading
import time
from functools import cache

import limits
from django.http import HttpRequest
from django.utils import timezone
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from consent import keyed, seldom
from consent.conf import settings

RETRY_AFTER = 60
"""Seconds after which it is worth trying again: the length of the window."""

TIMEOUT = 0.25
"""Seconds that Redis has to answer: a slow one must not slow every request down, so the process counts itself."""

_PAUSE = 30.0
"""Seconds for which a Redis that failed is left alone."""

log = logging.getLogger(__name__)


class _Memory(Storage):
    """The library's storage in this process. Its own starts a thread with each hit; this one forgets at the minute."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._number = 0
        self._counts: dict[str, int] = {}

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        with self._lock:
            self._forget()
            count = self._counts[key] = self._counts.get(key, 0) + amount
        return count

    def get(self, key: str) -> int:
        with self._lock:
            self._forget()
            return self._counts.get(key, 0)

    def get_expiry(self, key: str) -> float:
        return (self._number + 1) * 60.0

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        with self._lock:
            forgotten, self._counts = len(self._counts), {}
        return forgotten

    def clear(self, key: str) -> None:
        with self._lock:
            self._counts.pop(key, None)

    def _forget(self) -> None:
        number = _minute()
        if number != self._number:
            self._number, self._counts = number, {}


def _minute() -> int:
    """The number of the minute that the clock shows."""
    return int(time.time() // 60)


_memory = _Memory()
_failed_at: dict[str, float] = {}


def allow(request: HttpRequest, scope: str, per_minute: int) -> bool:
    """Count this request and say whether its address is still within `per_minute` requests of this scope.

    The key is a keyed hash of the address (of an IPv6 address: of its /64) and lives for that minute only. With
    CONSENT_THROTTLE_URL all processes count together; while that Redis is down, each counts on its own. An address that
    nobody knows (a Unix socket without CONSENT_ADDRESS_HEADER) is not limited: else one visitor would lock out all.
    """
    address = address_of(request)
    if not address:
        return True
    key = keyed.digest("attune.throttle", address)
    limit = limits.RateLimitItemPerMinute(per_minute, namespace="attune")
    url = settings.THROTTLE_URL
    if url and timezone.now().timestamp() - _failed_at.get(url, 0.0) >= _PAUSE:
        try:
            return FixedWindowRateLimiter(_shared(url)).hit(limit, scope, key)
        except Exception as error:  # whatever the client library raises: a throttle must not take the site down with it
            _failed_at[url] = timezone.now().timestamp()
            seldom.say(
                log,
                logging.WARNING,
                "The Redis of CONSENT_THROTTLE_URL does not answer; each process counts on its own meanwhile: %s",
                error,
            )
    return FixedWindowRateLimiter(_memory).hit(limit, scope, key)


def address_of(request: HttpRequest) -> str:
    """The client's address: the peer's, or what the nearest proxy says in CONSENT_ADDRESS_HEADER; "" if unknown."""
    header = settings.ADDRESS_HEADER
    # Of several addresses the last one was added by our own proxy; those before it are the client's claims.
    text = request.headers.get(header, "").rpartition(",")[2] if header else request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(_without_port(text.strip()))
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _without_port(text: str) -> str:
    """Some proxies add the port that the client spoke from: `192.0.2.1:4711`, `[2001:db8::1]:4711`."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def reset() -> None:
    """Forget all that was counted in this process."""
    _memory.reset()
    _failed_at.clear()


@cache
def _shared(url: str) -> Storage:
    storage = storage_from_string(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT)
    assert isinstance(storage, Storage)  # noqa: S101  # narrows the type: only async+redis:// urls answer another
    return storage
