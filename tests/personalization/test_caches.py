"""The cache for pages while its Redis is away."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.redis import RedisCacheClient
from django.test import Client
from pytest_django import Settings

from config.services import PrivateRedis, free_port
from personalization import caches as ours
from tests.services.waiting import eventually

EDGE, KEY = "personalization.middleware.EdgeMiddleware", "personalization.middleware.KeyMiddleware"
UPDATE, FETCH = (f"django.middleware.cache.{name}CacheMiddleware" for name in ("Update", "FetchFrom"))


def named(url: str) -> dict[str, dict[str, str]]:
    """CACHES with the Redis at this address."""
    return {"default": {"BACKEND": "personalization.caches.RedisCache", "LOCATION": url}}


@pytest.fixture
def away(settings: Settings) -> Iterator[BaseCache]:
    """A cache whose Redis nobody started."""
    settings.CACHES = named(f"redis://127.0.0.1:{free_port()}/0")
    yield caches["default"]
    caches["default"].close()


@pytest.mark.once
def test_redis_cache__redis_away__is_empty_and_says_so_once(away: BaseCache, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="personalization"):
        away.set("a", 1)
        away.set_many({"a": 1, "b": 2})
        assert away.get("a", "nothing") == "nothing"
        assert away.get_many(["a", "b"]) == {}
        assert away.get_or_set("a", lambda: 3, 10) == 3
        assert [away.add("a", 1), away.touch("a"), away.delete("a"), away.has_key("a")] == [False] * 4
        away.delete_many(["a"])
        away.clear()
        with pytest.raises(ValueError, match="not found"):
            away.incr("a")
    assert [message.partition(",")[0] for message in caplog.messages] == ["The Redis of CACHES is away"]


@pytest.mark.once
def test_redis_cache__redis_away__is_left_alone_for_a_while(away: BaseCache, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def ask(client: Any, key: Any = None, **options: Any) -> Any:
        asked.append(key)
        raise OSError("away")

    monkeypatch.setattr(RedisCacheClient, "get_client", ask)
    assert [away.get(key) for key in "abc"] == [None] * 3
    assert len(asked) == 1


@pytest.mark.django_db
@pytest.mark.urls("tests.personalization.pages")
@pytest.mark.parametrize("path", ["/plain/", "/block/", "/part/"])
def test_page__redis_of_the_page_cache_away__is_made_anew(
    path: str, away: BaseCache, settings: Settings, client: Client
) -> None:
    settings.MIDDLEWARE = [EDGE, UPDATE, KEY, FETCH]
    for _ in range(2):
        assert client.get(path).status_code == 200


@pytest.mark.once
def test_redis_cache__redis_back__is_used_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(ours, "PAUSE", 0.0)
    with PrivateRedis(tmp_path) as redis:
        settings.CACHES = named(f"{redis.url}/0")
        cache = caches["default"]
        cache.set("a", 1)
        assert cache.get("a") == 1
        redis.stop()
        assert cache.get("a") is None
        redis.start()

        def works() -> bool:
            cache.set("b", 2)
            return bool(cache.get("b") == 2)

        eventually(works)
        cache.close()
