"""The system checks of the settings CONSENT_*."""

from datetime import timedelta

import pytest
from django.core.checks import ERROR
from pytest_django import Settings

from consent.checks import check_proxy, check_settings, check_time


def test_check_settings__nothing_set__finds_nothing() -> None:
    assert check_settings(None) == []


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("MAX_AGE", 180, "consent.E001"),
        ("MAX_AGE", timedelta(0), "consent.E001"),
        ("MAX_AGE", timedelta(days=400), "consent.W001"),
        ("COOKIE_DOMAIN", "https://example.org", "consent.E002"),
        ("ALLOWED_ORIGINS", "example.org", "consent.E003"),
        ("ALLOWED_ORIGINS", ["https://example.org"], "consent.E003"),
        ("ALLOWED_ORIGINS", ["*"], "consent.E003"),
        ("POSTS_PER_MINUTE", 0, "consent.E004"),
        ("POSTS_PER_MINUTE", True, "consent.E004"),
        ("MAX_BODY_BYTES", "16k", "consent.E005"),
        ("THROTTLE_URL", "localhost:6379", "consent.E006"),
        ("ADDRESS_HEADER", "HTTP_X_FORWARDED_FOR", "consent.E007"),
        ("PREFIX", "/consent/", "consent.E008"),
        ("PREFIX", "consent", "consent.E008"),
    ],
)
def test_check_settings__wrong_value__is_found(settings: Settings, name: str, value: object, found: str) -> None:
    setattr(settings, f"CONSENT_{name}", value)
    assert [message.id for message in check_settings(None)] == [found]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAX_AGE", timedelta(days=30)),
        ("COOKIE_DOMAIN", ".example.org"),
        ("ALLOWED_ORIGINS", ["shop.example.org", ".example.net", "localhost:3000"]),
        ("THROTTLE_URL", "redis://localhost:6379/2"),
        ("ADDRESS_HEADER", "X-Forwarded-For"),
        ("PREFIX", "privacy/choices/"),
    ],
)
def test_check_settings__right_value__finds_nothing(settings: Settings, name: str, value: object) -> None:
    setattr(settings, f"CONSENT_{name}", value)
    assert check_settings(None) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("SECURE_PROXY_SSL_HEADER", ("HTTP_X_FORWARDED_PROTO", "https")), ("USE_X_FORWARDED_HOST", True)],
)
def test_check_proxy__without_the_visitors_addresses__is_found(settings: Settings, name: str, value: object) -> None:
    assert check_proxy(None) == []
    setattr(settings, name, value)
    [message] = check_proxy(None)
    assert message.id == "consent.W002"
    assert message.msg.startswith(name)
    settings.CONSENT_ADDRESS_HEADER = "X-Forwarded-For"
    assert check_proxy(None) == []


def test_check_time__times_without_a_zone__is_refused(settings: Settings) -> None:
    assert check_time(None) == []
    settings.USE_TZ = False
    (found,) = check_time(None)
    assert found.id == "consent.E009"
    assert found.level == ERROR
