"""Django's Redis cache for sites that keep pages in it: while Redis is away nothing is found, and nothing fails.

With Django's own, each page is an error then: its cache middlewares, `{% cache %}` and django CMS ask the cache on each
request, and hand on what the client raises.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, Final

from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisCacheClient

from consent import seldom

logger = logging.getLogger("personalization")

PAUSE: Final = 2.0
"""Seconds for which a Redis that failed is left alone: no page waits for it more than once in that time."""
TIMEOUT: Final = 0.5
"""Seconds that it has to answer, unless `OPTIONS` says otherwise."""


class _Client(RedisCacheClient):
    """Says what an empty cache says while Redis is away."""

    def __init__(self, servers: list[str], **options: Any) -> None:
        from redis.backoff import NoBackoff
        from redis.exceptions import ConnectionError as RedisConnectionError
        from redis.exceptions import RedisError
        from redis.retry import Retry

        # One new attempt, for a pooled connection that a restarted server has closed; the client's own take seconds.
        retry = Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,))
        ours = {"socket_timeout": TIMEOUT, "socket_connect_timeout": TIMEOUT, "retry": retry}
        super().__init__(servers, **{**ours, **options})
        self._errors = (RedisError, OSError)
        self._rests_until = float("-inf")

    def _or(self, otherwise: Any, ask: Callable[..., Any], *args: Any) -> Any:
        if time.monotonic() < self._rests_until:
            return otherwise
        try:
            return ask(*args)
        except self._errors as error:
            self._rests_until = time.monotonic() + PAUSE
            seldom.say(logger, logging.WARNING, "The Redis of CACHES is away, so pages are made anew: %s", error)
            return otherwise

    # The arguments are Django's to say.
    def add(self, key: Any, value: Any, timeout: Any) -> Any:
        return self._or(False, super().add, key, value, timeout)

    def get(self, key: Any, default: Any) -> Any:
        return self._or(default, super().get, key, default)

    def set(self, key: Any, value: Any, timeout: Any) -> None:
        self._or(None, super().set, key, value, timeout)

    def touch(self, key: Any, timeout: Any) -> Any:
        return self._or(False, super().touch, key, timeout)

    def delete(self, key: Any) -> Any:
        return self._or(False, super().delete, key)

    def get_many(self, keys: Any) -> Any:
        return self._or({}, super().get_many, keys)

    def has_key(self, key: Any) -> Any:
        return self._or(False, super().has_key, key)

    def incr(self, key: Any, delta: Any) -> Any:
        found = self._or(None, super().incr, key, delta)
        if found is None:
            raise ValueError(f"Key {key!r} not found.")  # as for any key that the cache does not have
        return found

    def set_many(self, data: Any, timeout: Any) -> None:
        self._or(None, super().set_many, data, timeout)

    def delete_many(self, keys: Any) -> None:
        self._or(None, super().delete_many, keys)

    def clear(self) -> Any:
        return self._or(False, super().clear)


class RedisCache(DjangoRedisCache):
    """As Django's, with the same `LOCATION` and `OPTIONS`. What could not be deleted while Redis was away expires."""

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _Client
