"""The request's fields: what rules see, and that nobody is looked up unasked."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.http import HttpRequest
from django.test import RequestFactory

from personalization.segments.request_fields import LONGEST, RequestFields

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)


def fields(
    path: str = "/",
    headers: Mapping[str, str] = MappingProxyType({}),
    cookies: Mapping[str, str] = MappingProxyType({}),
) -> RequestFields:
    request = RequestFactory().get(path, headers=dict(headers))
    request.COOKIES = dict(cookies)
    return RequestFields(request)


def test_fields__plain_request__are_there_or_missing() -> None:
    found = fields(
        "/shop/?utm_source=a&utm_source=b&size=&color=red",
        headers={"Referer": "https://News.example/x", "User-Agent": PHONE},
    )
    assert found["path"] == "/shop/"
    assert found["utm_source"] == "a"
    assert found["query.color"] == "red"
    assert found["referrer_host"] == "news.example"
    assert (found["device"], found["browser"], found["os"]) == ("mobile", "Mobile Safari", "iOS")
    assert found["time_zone"] == "UTC"
    for missing in ("query.size", "query.other", "utm_medium", "country", "logged_in", "group", "nonsense"):
        assert found.get(missing) is None
    assert set(found) >= {"path", "utm_source", "query.color", "device"}
    assert len(found) == len(list(found))


def test_country__named_header__is_read_unless_the_cdn_does_not_know(settings: Any) -> None:
    assert fields(headers={"CF-IPCountry": "de"}).get("country") is None
    settings.PERSONALIZATION_COUNTRY_HEADER = "CF-IPCountry"
    assert fields(headers={"CF-IPCountry": "de"})["country"] == "DE"
    for unknown in ("XX", "T1", "Germany", ""):
        assert fields(headers={"CF-IPCountry": unknown}).get("country") is None


def test_cookie__only_the_allowed_ones__are_seen(settings: Any) -> None:
    settings.PERSONALIZATION_RULE_COOKIES = ["plan"]
    found = fields(cookies={"plan": "gold", "sessionid": "secret"})
    assert found["cookie.plan"] == "gold"
    assert "cookie.sessionid" not in found
    assert "cookie.sessionid" not in list(found)


def test_fields__broken_or_endless_headers__are_missing_or_cut() -> None:
    assert fields(headers={"Referer": "https://[broken"}).get("referrer_host") is None
    assert len(fields(f"/?long={'x' * 10_000}")["query.long"]) == LONGEST
    assert fields(headers={"User-Agent": "\x00" * 5_000}).get("device") is None


@pytest.mark.django_db
def test_user__asked_for__tells_login_and_groups() -> None:
    user = User.objects.create_user("reader")
    user.groups.add(Group.objects.create(name="subscribers"))
    request = RequestFactory().get("/")
    request.user = user
    assert (RequestFields(request)["logged_in"], RequestFields(request)["group"]) == (True, ["subscribers"])
    request.user = AnonymousUser()
    assert RequestFields(request)["logged_in"] is False
    assert RequestFields(request).get("group") is None


def test_user__not_asked_for__is_not_touched() -> None:
    class Untouchable(HttpRequest):
        @property
        def user(self) -> None:  # type: ignore[override]  # it must not be asked at all
            raise AssertionError("touched")

    request = Untouchable()
    request.path = "/"
    found = RequestFields(request)
    assert found["path"] == "/"
    assert found.get("country") is None
