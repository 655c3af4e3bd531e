"""What the gate makes of cookies: honest, forged, truncated, mixed, old, from the future, signed with old keys."""

import base64
import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.signing import Signer
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from consent import cookies
from consent.gate import NOTHING, Consent, consent_of
from consent.purposes import policy_version
from tests.consent.conftest import NOW, later, proof_value

VISITOR = UUID("5f0f2b8e-8f43-4c8e-9a0c-0d1c6b1f5f11")


def _request(jar: dict[str, str], *, secure: bool = False) -> HttpRequest:
    request = RequestFactory().get("/", secure=secure)
    request.COOKIES = dict(jar)
    return request


def _proof(visitor_id: UUID | None = VISITOR, **choices: bool) -> str:
    return proof_value(choices or {"analytics": True, "personalization": True}, visitor_id, policy=policy_version())


def _read(proof: str, visitor: str | None) -> Consent:
    jar = {cookies.PROOF: proof} | ({} if visitor is None else {cookies.VISITOR: visitor})
    return consent_of(_request(jar), now=NOW)


def test_consent_of__honest_cookies__grants() -> None:
    consent = _read(_proof(analytics=True, personalization=False), cookies.encode_visitor(VISITOR))
    assert consent.choices == {"analytics": "granted", "personalization": "refused"}
    assert (consent.granted, consent.visitor_id, consent.given_at) == (1, VISITOR, NOW)
    assert consent.allows("analytics")
    assert not consent.allows("personalization")
    assert consent.policy == policy_version()


def test_consent_of__no_cookies__is_unset_and_grants_nothing() -> None:
    consent = consent_of(_request({}), now=NOW)
    assert consent == NOTHING
    assert set(consent.choices.values()) == {"unset"}
    assert consent.granted == 0


def test_consent_of__refusal__is_refused_without_an_identifier() -> None:
    consent = _read(_proof(None, analytics=False, personalization=False), None)
    assert set(consent.choices.values()) == {"refused"}
    assert (consent.granted, consent.visitor_id) == (0, None)


def test_consent_of__readable_cookie_alone__proves_nothing() -> None:
    readable = cookies.encode_readable({"analytics": True, "personalization": True}, policy=policy_version())
    assert consent_of(_request({cookies.CONSENT: readable}), now=NOW) == NOTHING


def test_consent_of__visitor_cookie_alone__proves_nothing() -> None:
    assert consent_of(_request({cookies.VISITOR: cookies.encode_visitor(VISITOR)}), now=NOW) == NOTHING


@pytest.mark.parametrize("length", [0, 1, 10, 60, -30, -1])
def test_consent_of__truncated_proof__proves_nothing(length: int) -> None:
    assert _read(_proof()[:length], cookies.encode_visitor(VISITOR)) == NOTHING


@pytest.mark.parametrize("length", [0, 1, 20, -20, -1])
def test_consent_of__truncated_visitor__grants_nothing_and_asks_again(length: int) -> None:
    consent = _read(_proof(), cookies.encode_visitor(VISITOR)[:length])
    assert (consent.granted, consent.visitor_id, consent.held) == (0, None, 0)
    assert set(consent.choices.values()) == {"unset"}


def test_consent_of__another_visitors_cookie__is_ignored() -> None:
    consent = _read(_proof(), cookies.encode_visitor(uuid4()))
    assert (consent.granted, consent.visitor_id) == (0, None)


def test_consent_of__visitor_cookie_beside_a_refusal__is_ignored() -> None:
    consent = _read(_proof(None, analytics=False), cookies.encode_visitor(VISITOR))
    assert (consent.granted, consent.visitor_id) == (0, None)


def test_consent_of__unsigned_visitor__is_ignored() -> None:
    assert _read(_proof(), VISITOR.hex).visitor_id is None


def test_consent_of__visitor_signature_used_as_proof__proves_nothing() -> None:
    assert _read(cookies.encode_visitor(VISITOR), cookies.encode_visitor(VISITOR)) == NOTHING


@pytest.mark.parametrize(
    "value",
    ["", ":", "a:b", "\x00", "\udcff:\udcff", "é" * 500, "=" * 40 + ":x", "x" * 100_000, ":" * 5000, "null", "{}"],
    ids=lambda value: f"{value[:6]!r}({len(value)})",
)
def test_consent_of__garbage__never_raises(value: str) -> None:
    assert _read(value, value) == NOTHING
    consent = _read(_proof(), value)
    assert consent.granted == 0


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"[" * 100_000,
        json.dumps({"c": {"analytics": "yes"}, "p": "x", "t": 1, "v": ""}).encode(),
        json.dumps({"c": {}, "p": "x", "t": 2**62, "v": ""}).encode(),
        json.dumps({"c": {}, "p": "x", "t": -(2**62), "v": ""}).encode(),
        json.dumps({"c": {}, "p": "x", "t": 1.5, "v": ""}).encode(),
        json.dumps({"c": {}, "p": "x"}).encode(),
    ],
    ids=range(10),
)
def test_consent_of__signed_nonsense__never_raises(payload: bytes) -> None:
    value = Signer(salt="attune.consent.proof").sign(base64.urlsafe_b64encode(payload).decode())
    assert _read(value, None) == NOTHING


def test_consent_of__purpose_that_is_asked_no_more__is_left_out() -> None:
    consent = _read(_proof(analytics=True, marketing=True), cookies.encode_visitor(VISITOR))
    assert consent.granted == 1
    assert set(consent.choices) == {"analytics", "personalization"}


def test_consent_of__retired_policy__grants_nothing_but_knows_what_is_held() -> None:
    proof = proof_value({"analytics": True, "personalization": False}, VISITOR, policy="retired")
    consent = _read(proof, cookies.encode_visitor(VISITOR))
    assert consent.granted == 0
    assert set(consent.choices.values()) == {"unset"}
    assert (consent.visitor_id, consent.held, consent.policy) == (VISITOR, 1, "retired")


@pytest.mark.parametrize(
    ("age", "holds"),
    [
        (timedelta(days=180), True),
        (timedelta(days=180, microseconds=1), False),
        (timedelta(minutes=-5), True),
        (timedelta(minutes=-5, microseconds=-1), False),
    ],
)
def test_consent_of__age_of_the_proof__bounds_it(age: timedelta, holds: bool) -> None:
    jar = {cookies.PROOF: _proof(), cookies.VISITOR: cookies.encode_visitor(VISITOR)}
    assert (consent_of(_request(jar), now=NOW + age).granted == 3) is holds


def test_consent_of__shorter_max_age__is_heeded(settings: Settings) -> None:
    settings.CONSENT_MAX_AGE = timedelta(days=1)
    jar = {cookies.PROOF: _proof(), cookies.VISITOR: cookies.encode_visitor(VISITOR)}
    assert consent_of(_request(jar), now=later(days=2)) == NOTHING


def test_consent_of__key_rotated__still_holds_while_the_old_key_is_a_fallback(settings: Settings) -> None:
    settings.SECRET_KEY = "the old key"
    proof, visitor = _proof(), cookies.encode_visitor(VISITOR)
    settings.SECRET_KEY = "the new key"
    assert _read(proof, visitor) == NOTHING
    settings.SECRET_KEY_FALLBACKS = ["an older key", "the old key"]
    assert _read(proof, visitor).visitor_id == VISITOR
    assert _read(proof, visitor).granted == 3


def test_consent_of__cookies_of_two_keys__hold_together(settings: Settings) -> None:
    settings.SECRET_KEY = "the old key"
    visitor = cookies.encode_visitor(VISITOR)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the new key", ["the old key"]
    assert _read(_proof(), visitor).granted == 3


@pytest.mark.parametrize(
    ("secure", "domain", "prefix", "holds"),
    [
        (False, None, "", True),
        (False, None, "__Host-", False),
        (False, "example.org", "", True),
        (True, None, "__Host-", True),
        (True, None, "", False),
        (True, None, "__Secure-", False),
        (True, "example.org", "__Secure-", True),
        (True, "example.org", "__Host-", False),
        (True, "example.org", "", False),
    ],
)
def test_consent_of__names__count_with_the_right_prefix_only(
    settings: Settings, secure: bool, domain: str | None, prefix: str, holds: bool
) -> None:
    settings.CONSENT_COOKIE_DOMAIN = domain
    jar = {prefix + cookies.PROOF: _proof(), prefix + cookies.VISITOR: cookies.encode_visitor(VISITOR)}
    assert (consent_of(_request(jar, secure=secure), now=NOW).granted == 3) is holds


def test_consent_of__asked_again__is_the_same_object() -> None:
    request = _request({cookies.PROOF: _proof(), cookies.VISITOR: cookies.encode_visitor(VISITOR)})
    assert consent_of(request, now=NOW) is consent_of(request)


@pytest.mark.django_db
def test_consent_of__full_cookies__costs_no_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    jar = {cookies.PROOF: _proof(), cookies.VISITOR: cookies.encode_visitor(VISITOR)}
    with django_assert_num_queries(0):
        assert consent_of(_request(jar), now=NOW).granted == 3


def test_allows__unknown_purpose__is_an_error() -> None:
    with pytest.raises(KeyError):
        NOTHING.allows("marketing")
