"""Counting requests by address without keeping the address."""

import logging

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from consent import throttle


def _from(address: str, **headers: str) -> HttpRequest:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return RequestFactory().post("/", REMOTE_ADDR=address, headers=named)


def test_allow__over_the_limit__says_no_to_that_address_and_scope_only() -> None:
    answers = [throttle.allow(_from("192.0.2.1"), "a", 3) for _ in range(5)]
    assert answers == [True, True, True, False, False]
    assert throttle.allow(_from("192.0.2.2"), "a", 3)
    assert throttle.allow(_from("192.0.2.1"), "b", 3)


def test_allow__the_minute_ends__counts_anew_and_keeps_nothing_of_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [throttle.allow(_from("192.0.2.1"), "a", 1) for _ in range(2)] == [True, False]
    monkeypatch.setattr(throttle, "_minute", lambda: 1)
    assert throttle.allow(_from("192.0.2.2"), "a", 1)
    assert list(throttle._memory._counts.values()) == [1]
    assert throttle.allow(_from("192.0.2.1"), "a", 1)


def test_allow__ipv6__counts_the_network_of_a_household() -> None:
    assert throttle.allow(_from("2001:db8::1"), "a", 1)
    assert not throttle.allow(_from("2001:db8::2"), "a", 1)
    assert throttle.allow(_from("2001:db8:0:1::1"), "a", 1)


def test_allow__nobody_knows_the_address__does_not_limit() -> None:
    assert all(throttle.allow(_from(""), "a", 1) for _ in range(3))


def test_allow__memory__keeps_no_address() -> None:
    throttle.allow(_from("192.0.2.77"), "a", 3)
    counts = throttle._memory._counts
    assert list(counts.values()) == [1]
    assert "192.0.2.77" not in str(counts)


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("10.9.9.9, 203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::1]:4711", "2001:db8::/64"),
        ("[2001:db8::1]", "2001:db8::/64"),
        ("unknown", ""),
        ("", ""),
    ],
)
def test_address_of__proxy_header__its_last_entry_counts(settings: Settings, forwarded: str, address: str) -> None:
    settings.CONSENT_ADDRESS_HEADER = "X-Forwarded-For"
    assert throttle.address_of(_from("192.0.2.1", X_Forwarded_For=forwarded)) == address


def test_address_of__header_nobody_named__is_not_believed() -> None:
    assert throttle.address_of(_from("192.0.2.1", X_Forwarded_For="203.0.113.9")) == "192.0.2.1"


def test_allow__redis_is_down__counts_here_and_says_so_once(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CONSENT_THROTTLE_URL = "redis://127.0.0.1:1/0"
    with caplog.at_level(logging.WARNING, logger="consent.throttle"):
        answers = [throttle.allow(_from("192.0.2.1"), "a", 2) for _ in range(3)]
    assert answers == [True, True, False]
    assert len(caplog.records) == 1


def test_allow__redis__counts_for_all_processes(settings: Settings, redis_url: str) -> None:
    settings.CONSENT_THROTTLE_URL = redis_url
    assert throttle.allow(_from("192.0.2.1"), "a", 1)
    throttle.reset()
    assert not throttle.allow(_from("192.0.2.1"), "a", 1)
