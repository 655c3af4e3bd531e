"""The cache Redis: copies that may be lost at any moment, and the leases that keep them from being stale.

Whoever rebuilds a copy takes a lease *before* reading the database, and writes the copy only if the lease is still
there. Whoever changes the database deletes copy and lease before the commit (what is there is about to be wrong) and
after it (a rebuild may have read the old rows meanwhile). Losing everything (FLUSHALL) loses the leases too, so no
rebuild that was under way can write what it read before. If Redis is out of reach at the second deletion, the time to
live bounds how long the copy is wrong.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, cast

from django.db import transaction

from personalization.profiles.conf import conf

if TYPE_CHECKING:
    from redis import Redis

logger = logging.getLogger(__name__)

COPY_LIVES: Final = 60_000
"""Milliseconds after which a copy is rebuilt in any case."""
LEASE_LIVES: Final = 5_000
"""Milliseconds after which a rebuild that never came back no longer keeps others from writing."""
TIMEOUT: Final = 0.25
"""Seconds that Redis has to answer: the database is always there instead."""
PAUSE: Final = 1.0
"""Seconds for which reading leaves out a Redis that has just failed. Deleting never does."""
LOG_EVERY: Final = 60.0

_KEEP = """
if redis.call('get', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[2], 'px', ARGV[3])
redis.call('del', KEYS[2])
return 1
"""
_RELEASE = """
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0
"""


@dataclass(frozen=True)
class Lease:
    """The right to write one copy, as long as nobody has deleted it."""

    key: str
    token: str


def lease_key(key: str) -> str:
    """Where the lease of the copy at `key` lies."""
    return f"{key}:lease"


class Hot:
    """One Redis. No method raises because it is out of reach: then nothing is found, nothing is kept."""

    def __init__(self, url: str) -> None:
        # Imported here: a project without Redis never pays for the client.
        from redis import Redis
        from redis.backoff import NoBackoff
        from redis.exceptions import ConnectionError as RedisConnectionError
        from redis.exceptions import RedisError
        from redis.retry import Retry

        self._errors: tuple[type[Exception], ...] = (RedisError, OSError)
        # One new attempt, for a pooled connection that a restarted server has closed.
        self._redis: Redis = Redis.from_url(
            url,
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
            retry=Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
        )
        self._keep = self._redis.register_script(_KEEP)
        self._release = self._redis.register_script(_RELEASE)
        self._failed_at = float("-inf")
        self._logged_at = float("-inf")

    @property
    def is_resting(self) -> bool:
        """Whether Redis failed a moment ago, so that it is not worth asking."""
        return time.monotonic() - self._failed_at < PAUSE

    def get(self, keys: Sequence[str]) -> list[bytes | None] | None:
        """The copies at these keys in one round trip, or None if Redis is out of reach."""
        if self.is_resting:
            return None
        try:
            return cast("list[bytes | None]", self._redis.mget(keys))
        except self._errors as error:
            self._failed(error)
            return None

    def take(self, keys: Sequence[str]) -> list[Lease]:
        """Leases for those of the keys that nobody else is rebuilding."""
        if not keys or self.is_resting:
            return []
        leases = [Lease(key, uuid.uuid4().hex) for key in keys]
        try:
            pipeline = self._redis.pipeline(transaction=False)
            for lease in leases:
                pipeline.set(lease_key(lease.key), lease.token, nx=True, px=LEASE_LIVES)
            return [lease for lease, taken in zip(leases, pipeline.execute(), strict=True) if taken]
        except self._errors as error:
            self._failed(error)
            return []

    def keep(self, lease: Lease, copy: bytes) -> bool:
        """Write the copy if the lease is still there; say whether it was."""
        try:
            return bool(self._keep(keys=[lease.key, lease_key(lease.key)], args=[lease.token, copy, COPY_LIVES]))
        except self._errors as error:
            self._failed(error)
            return False

    def release(self, lease: Lease) -> None:
        """Give the lease back without writing."""
        try:
            self._release(keys=[lease_key(lease.key)], args=[lease.token])
        except self._errors as error:
            self._failed(error)

    def drop(self, keys: Sequence[str]) -> None:
        """Delete the copies and their leases."""
        try:
            for start in range(0, len(keys), 500):
                part = keys[start : start + 500]
                self._redis.delete(*part, *map(lease_key, part))
        except self._errors as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        now = time.monotonic()
        self._failed_at = now
        if now - self._logged_at >= LOG_EVERY:
            self._logged_at = now
            logger.warning("The cache Redis is out of reach, the database answers instead: %s", error)


@lru_cache(maxsize=4)
def _connected(url: str) -> Hot:
    return Hot(url)


def hot() -> Hot | None:
    """The cache Redis of `PERSONALIZATION_REDIS_URL`, or None where there is none."""
    url = conf.PERSONALIZATION_REDIS_URL
    return _connected(url) if url else None


class Forgetting:
    """The deletion after the commit. A class, so that a rebuild in the same transaction can find it waiting."""

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = frozenset(keys)

    def __call__(self) -> None:
        if store := hot():
            store.drop(sorted(self.keys))


def forget_keys(keys: Sequence[str]) -> None:
    """Delete copies and leases now and, within a transaction, once more when it has committed."""
    store = hot()
    if store is None or not keys:
        return
    store.drop(keys)
    if transaction.get_connection().in_atomic_block:
        transaction.on_commit(Forgetting(keys), robust=True)


def keys_changed_here(keys: Sequence[str]) -> frozenset[str]:
    """Those of the keys whose rows this very transaction has changed: what it reads is not yet true for others."""
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        return frozenset()
    waiting: list[Any] = [entry[1] for entry in connection.run_on_commit]
    changed = frozenset[str]().union(*(function.keys for function in waiting if isinstance(function, Forgetting)))
    return changed.intersection(keys)
