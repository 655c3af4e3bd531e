"""The consent endpoint over HTTP: answers, cookies, faults."""

from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from consent import cookies
from consent.models import WithdrawalMark
from consent.purposes import PURPOSES, policy_version
from tests.consent.conftest import Notebook, Visitor

pytestmark = pytest.mark.django_db


def _json(response: Any) -> Any:
    return response.json()


def _set_cookies(response: HttpResponse) -> dict[str, Any]:
    return dict(response.cookies.items())


def test_get__stranger__tells_purposes_choices_and_policy(
    visitor: Visitor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = visitor.get()
    assert response.status_code == 200
    assert _json(response) == {
        "purposes": [{"code": p.code, "title": str(p.title), "text": str(p.text)} for p in PURPOSES],
        "choices": {"analytics": "unset", "personalization": "unset"},
        "policy": policy_version(),
    }
    assert not response.cookies


def test_post__grant__answers_with_the_body_of_get(visitor: Visitor) -> None:
    response = visitor.post({"choices": {"analytics": True, "personalization": False}, "policy": policy_version()})
    assert response.status_code == 200
    assert _json(response)["choices"] == {"analytics": "granted", "personalization": "refused"}
    assert _json(response) == _json(visitor.get())


def test_post__grant__sets_host_only_lax_cookies(visitor: Visitor) -> None:
    found = _set_cookies(visitor.choose(analytics=True, personalization=False))
    assert set(found) == {"attune_consent", "attune_consent_proof", "attune_visitor"}
    for name, morsel in found.items():
        assert (morsel["path"], morsel["samesite"], morsel["domain"]) == ("/", "Lax", "")
        assert bool(morsel["httponly"]) is (name != "attune_consent")
        assert not morsel["secure"]
        assert morsel["max-age"] == 180 * 24 * 3600
    assert found["attune_consent"].value == f"{policy_version()}|analytics:granted|personalization:refused"


def test_post__over_https__cookies_carry_the_host_prefix() -> None:
    visitor = Visitor(secure=True)
    found = _set_cookies(visitor.choose(analytics=True))
    assert set(found) == {"__Host-attune_consent", "__Host-attune_consent_proof", "__Host-attune_visitor"}
    assert all(morsel["secure"] and not morsel["domain"] for morsel in found.values())
    assert _json(visitor.get())["choices"]["analytics"] == "granted"


@pytest.mark.parametrize("secure", [False, True])
def test_post__with_a_cookie_domain__cookies_are_shared(settings: Settings, secure: bool) -> None:
    settings.CONSENT_COOKIE_DOMAIN = "example.org"
    found = _set_cookies(Visitor(secure=secure).choose(analytics=True))
    assert all(name.startswith("__Secure-attune_") is secure for name in found)
    assert all(morsel["domain"] == "example.org" and bool(morsel["secure"]) is secure for morsel in found.values())


@pytest.mark.parametrize("secure", [False, True])
def test_post__withdrawing_the_last__deletes_the_visitor_cookie(secure: bool, notebook: Notebook) -> None:
    visitor = Visitor(secure=secure)
    visitor.choose(analytics=True, personalization=True)
    visitor_id = visitor.visitor_id
    found = _set_cookies(visitor.choose(analytics=False, personalization=False))
    gone = found[("__Host-" if secure else "") + "attune_visitor"]
    assert (gone.value, gone["max-age"], gone["path"], bool(gone["secure"])) == ("", 0, "/", secure)
    assert notebook.erased == [(visitor_id, 3, 0)]
    assert WithdrawalMark.objects.count() == 1
    assert set(_json(visitor.get())["choices"].values()) == {"refused"}


def test_post__first_refusal__leaves_nothing_on_the_server(
    visitor: Visitor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = visitor.choose(analytics=False, personalization=False)
    assert set(_set_cookies(response)) == {"attune_consent", "attune_consent_proof"}


def test_post__same_body_twice__ends_the_same(visitor: Visitor, notebook: Notebook) -> None:
    first = visitor.choose(analytics=True, personalization=False)
    visitor_id = visitor.visitor_id
    second = visitor.choose(analytics=True, personalization=False)
    assert first.content == second.content
    assert visitor.visitor_id == visitor_id
    assert (notebook.erased, WithdrawalMark.objects.count()) == ([], 0)


def test_post__unknown_purpose__changes_nothing(visitor: Visitor) -> None:
    visitor.choose(analytics=True)
    before = visitor.jar()
    response = visitor.post({"choices": {"analytics": False, "marketing": True}})
    assert response.status_code == 400
    assert "marketing" in _json(response)["error"]
    assert visitor.jar() == before
    assert not response.cookies


def test_post__retired_policy__answers_with_the_new_texts(visitor: Visitor) -> None:
    response = visitor.post({"choices": {"analytics": True}, "policy": "retired"})
    assert response.status_code == 409
    body = _json(response)
    assert body["policy"] == policy_version()
    assert [purpose["code"] for purpose in body["purposes"]] == ["analytics", "personalization"]
    assert body["error"]
    assert not response.cookies


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"granted"',
        b"{}",
        b'{"choices": null}',
        b'{"choices": []}',
        b'{"choices": "analytics"}',
        b'{"choices": {"analytics": 1}}',
        b'{"choices": {"analytics": "true"}}',
        b'{"choices": {"analytics": null}}',
        b'{"choices": {"analytics": true}, "policy": 7}',
        b'{"choices": {"analytics": true}, "choice": {}}',
        b'{"choices": {"analytics": true}} x',
        b'{"choices": {"analytics\\u0000": true}}',
        b'{"choices": {"analytics": true}, "policy": "\\u0000"}',
        b'{"choices": {"analytics": true}, "policy": "\\ud800"}',
        b'{"choices": {"analytics": NaN}}',
        b'{"choices": {"analytics\xff": true}}',
        b'\xef\xbb\xbf{"choices": {"analytics": true}}',
        '{"choices": {"analytics": true}}'.encode("utf-16"),
        b"[" * 10_000,
        b'{"choices":' * 1_000,
        b'{"choices": {"analytics": ' + b"[" * 5_000 + b"]" * 5_000 + b"}}",
    ],
    ids=range(25),
)
def test_post__malformed_body__is_400_with_a_message(visitor: Visitor, body: bytes) -> None:
    response = visitor.post(body)
    assert response.status_code == 400
    assert _json(response)["error"]
    assert not response.cookies


def test_post__too_large__is_413(visitor: Visitor) -> None:
    response = visitor.post(b" " * (16 * 1024 + 1))
    assert response.status_code == 413
    assert "16384" in _json(response)["error"]
    assert visitor.post(b'{"choices": {"analytics": true}}'.ljust(16 * 1024)).status_code == 200


def test_post__ten_megabytes__is_413(visitor: Visitor) -> None:
    assert visitor.post(b"x" * 10_000_000).status_code == 413
    assert visitor.submit({"policy": "x" * 10_000_000}).status_code == 413


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
@pytest.mark.parametrize("path", ["/consent/", "/consent/preferences/"])
def test_other_methods__either_address__are_405(visitor: Visitor, method: str, path: str) -> None:
    response = getattr(visitor.client, method)(path)
    assert response.status_code == 405
    assert response["Cache-Control"] == "private, no-store"


def test_preferences__posted_to__is_405(visitor: Visitor) -> None:
    assert visitor.client.post("/consent/preferences/").status_code == 405


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "none"},
    ],
)
@pytest.mark.parametrize("form", [False, True])
def test_post__foreign_origin__is_403_and_nothing_changes(form: bool, headers: dict[str, str]) -> None:
    client = Client()
    if form:
        response = client.post("/consent/", {"all": "granted"}, headers=headers)
    else:
        response = client.post(
            "/consent/", {"choices": {"analytics": True}}, content_type="application/json", headers=headers
        )
    assert response.status_code == 403
    assert not response.cookies


def test_post__own_origin_without_fetch_metadata__is_allowed() -> None:
    response = Client().post(
        "/consent/",
        {"choices": {"analytics": True}},
        content_type="application/json",
        headers={"Origin": "https://testserver"},
    )
    assert response.status_code == 200


def test_post__more_than_the_limit__is_429_for_that_address_only(visitor: Visitor, settings: Settings) -> None:
    settings.CONSENT_POSTS_PER_MINUTE = 3
    body = b'{"choices": {"analytics": true}}'
    codes = [visitor.post(body).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    refused = visitor.post(body)
    assert int(refused["Retry-After"]) > 0
    assert _json(refused)["error"]
    elsewhere = Client(REMOTE_ADDR="198.51.100.7").post(
        "/consent/", body, content_type="application/json", headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert elsewhere.status_code == 200


@pytest.mark.parametrize("error", [OperationalError("database is locked"), InterfaceError("connection closed")])
def test_post__database_out_of_reach__is_503_and_the_cookies_stay(visitor: Visitor, error: Exception) -> None:
    visitor.choose(analytics=True)
    before = visitor.jar()
    with patch("consent.services.stores.erase_everywhere", side_effect=error):
        response = visitor.post({"choices": {"analytics": False}})
    assert response.status_code == 503
    assert response["Retry-After"]
    assert visitor.jar() == before
    assert WithdrawalMark.objects.count() == 0


def test_answers__all_of_them__are_private_and_not_stored(visitor: Visitor) -> None:
    answers = [
        visitor.get(),
        visitor.choose(analytics=True),
        visitor.post(b"{"),
        visitor.post({"choices": {}, "policy": "retired"}),
        visitor.get("/consent/preferences/"),
        visitor.submit({"all": "granted"}),
        visitor.submit({"marketing": "granted"}),
    ]
    assert {answer["Cache-Control"] for answer in answers} == {"private, no-store"}


def test_get__readable_cookie_says_more_than_is_proven__is_taken_back(visitor: Visitor) -> None:
    visitor.choose(analytics=True, personalization=True)
    visitor.client.cookies["attune_consent_proof"] = "forged"
    response = visitor.get()
    assert set(_json(response)["choices"].values()) == {"unset"}
    assert visitor.jar() == {}


def test_get__withdrawn_in_another_tab__is_unset(visitor: Visitor) -> None:
    visitor.choose(analytics=True, personalization=True)
    old = visitor.jar()
    visitor.choose(analytics=False, personalization=False)
    replay = Visitor()
    for name, value in old.items():
        replay.client.cookies[name] = value
    assert set(_json(replay.get())["choices"].values()) == {"unset"}
    assert replay.jar() == {}


def test_get__readable_cookie_lost_or_changed__is_set_again(visitor: Visitor) -> None:
    visitor.choose(analytics=False, personalization=False)
    right = visitor.jar()["attune_consent"]
    visitor.client.cookies["attune_consent"] = right.replace("refused", "granted")
    visitor.get()
    assert visitor.jar()["attune_consent"] == right


def test_get__visitor_cookie_lost__grants_are_asked_for_again(visitor: Visitor) -> None:
    visitor.choose(analytics=True, personalization=False)
    del visitor.client.cookies["attune_visitor"]
    assert _json(visitor.get())["choices"] == {"analytics": "unset", "personalization": "refused"}
    assert visitor.jar()["attune_consent"] == f"{policy_version()}|personalization:refused"


def test_get__retired_policy__leaves_the_cookies_alone(visitor: Visitor, notebook: Notebook) -> None:
    visitor_id = uuid4()
    proof = cookies.encode_proof({"analytics": True}, policy="retired", given_at=timezone.now(), visitor_id=visitor_id)
    visitor.client.cookies["attune_consent"] = "retired|analytics:granted"
    visitor.client.cookies["attune_consent_proof"] = proof
    visitor.client.cookies["attune_visitor"] = cookies.encode_visitor(visitor_id)
    assert _json(visitor.get())["choices"]["analytics"] == "unset"
    assert not visitor.post({"choices": {}}).cookies
    visitor.choose(analytics=False, personalization=False)
    assert notebook.erased == [(visitor_id, 1, 0)]


def test_get__honest_cookies__sets_none(visitor: Visitor) -> None:
    visitor.choose(analytics=True, personalization=False)
    assert not visitor.get().cookies


def test_cookies__unprefixed_over_https__do_not_count() -> None:
    plain, secure = Visitor(), Visitor(secure=True)
    plain.choose(analytics=True)
    for name, value in plain.jar().items():
        secure.client.cookies[name] = value
    assert _json(secure.get())["choices"]["analytics"] == "unset"
    assert cookies.VISITOR in plain.jar()
