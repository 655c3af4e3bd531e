"""Which pages may post to us."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from consent.origins import origin_allowed


def _allowed(headers: dict[str, str], *, host: str = "shop.example.org", secure: bool = True) -> bool:
    return origin_allowed(RequestFactory().post("/", secure=secure, headers={"Host": host} | headers))


@pytest.fixture(autouse=True)
def _any_host(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
        ({"Sec-Fetch-Site": "Same-Origin"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "https://shop.example.org"}, True),
        ({"Origin": "http://shop.example.org"}, True),
        ({"Origin": "https://SHOP.example.org"}, True),
        ({"Origin": "https://shop.example.org:443"}, True),
        ({"Origin": "https://shop.example.org:8443"}, False),
        ({"Origin": "https://shop.example.org.evil.example"}, False),
        ({"Origin": "https://evil-shop.example.org"}, False),
        ({"Origin": "https://user@shop.example.org"}, False),
        ({"Origin": "ftp://shop.example.org"}, False),
        ({"Origin": "shop.example.org"}, False),
        ({"Origin": "https://[::1"}, False),
        ({"Origin": "https://shop.example.org:port"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Referer": "https://shop.example.org/"}, False),
        ({}, False),
    ],
)
def test_origin_allowed__headers__decide(headers: dict[str, str], expected: bool) -> None:
    assert _allowed(headers) is expected


@pytest.mark.parametrize(
    ("host", "origin", "expected"),
    [
        ("localhost:8000", "http://localhost:8000", True),
        ("localhost:8000", "http://localhost:9000", False),
        ("shop.example.org:80", "http://shop.example.org", True),
        ("[::1]:8000", "http://[::1]:8000", True),
    ],
)
def test_origin_allowed__ports__are_part_of_the_host(host: str, origin: str, expected: bool) -> None:
    assert _allowed({"Origin": origin}, host=host, secure=False) is expected


@pytest.mark.parametrize(
    ("entry", "origin", "expected"),
    [
        ("app.example.net", "https://app.example.net", True),
        ("app.example.net", "https://www.app.example.net", False),
        ("app.example.net", "https://app.example.net:8443", False),
        ("app.example.net:8443", "https://app.example.net:8443", True),
        (".example.net", "https://a.b.example.net", True),
        (".example.net", "https://example.net", True),
        (".example.net", "https://badexample.net", False),
    ],
)
def test_origin_allowed__further_hosts__are_allowed(
    settings: Settings, entry: str, origin: str, expected: bool
) -> None:
    settings.CONSENT_ALLOWED_ORIGINS = [entry]
    assert _allowed({"Origin": origin, "Sec-Fetch-Site": "cross-site"}) is expected
