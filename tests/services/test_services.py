"""The private services do what the other tests rely on."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

import pytest
import redis
from django.contrib.auth.models import Group
from django.db import connection

from config.services import PrivateRedis
from tests.services.processes import CeleryProcess, SiteProcess
from tests.services.waiting import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.django_db
def test_database__each_backend__is_the_one_asked_for(on_services: bool) -> None:
    assert connection.vendor == ("postgresql" if on_services else "sqlite")
    assert "test" in str(connection.settings_dict["NAME"])
    assert Group.objects.count() == 0


def test_redis_url__any_backend__names_an_empty_database(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("a", "b")


def test_redis_server__stopped_and_started__answers_at_the_same_address(redis_server: PrivateRedis) -> None:
    url = redis_server.url
    redis_server.stop()
    with redis.Redis.from_url(url) as client:
        with pytest.raises(redis.ConnectionError):
            client.ping()
        redis_server.start()
        assert client.ping()


def test_live_site__asked__serves_from_the_test_database(live_site: SiteProcess) -> None:
    with urllib.request.urlopen(f"{live_site.url}/admin/login/") as response:
        assert response.status == 200


def test_celery_worker_process__started__answers_a_ping(celery_worker_process: CeleryProcess) -> None:
    from config.celery import app

    assert app.control.inspect(timeout=PATIENCE, limit=1).ping()


def test_page__chromium_there__shows_the_live_site(live_site: SiteProcess, page: Page) -> None:
    page.goto(f"{live_site.url}/admin/")
    assert page.locator("input[name=username]").is_visible()
