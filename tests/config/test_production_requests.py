"""What production adds to requests: transactions around views, a proxy that ends TLS, keys that change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings
from uuid_utils.compat import uuid7

from consent.models import WithdrawalMark
from personalization.content.models import Block, Variant
from personalization.segments.models import Segment
from tracking.models import StoredEvent, Visitor

BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Sec-Fetch-Site": "same-origin",
}
BOTH = {"analytics": True, "personalization": True}
NEITHER = {"analytics": False, "personalization": False}

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.config.pages")]


def post(client: Client, path: str, body: object, **options: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json", **options)


def choose(client: Client, choices: dict[str, bool], **options: Any) -> Any:
    return post(client, "/consent/", {"choices": choices}, **options)


def look(client: Client, **options: Any) -> Any:
    event = {
        "id": str(uuid7()),
        "name": "view_item",
        "occurred_at": datetime.now(UTC).isoformat(),
        "properties": {"item_id": "A13"},
    }
    return post(client, "/collect/", {"events": [event]}, **options)


@pytest.fixture
def client() -> Client:
    return Client(headers=BROWSER, raise_request_exception=False)


@pytest.fixture
def lookers() -> Segment:
    """A segment of those who looked at an item, and a block with a variant for them."""
    segment = Segment.objects.create(slug="lookers", name="Lookers", rule={"event": "view_item"}, status="active")
    variant = Variant.objects.create(
        block=Block.objects.create(key="note", name="Note"),
        name="L",
        body="<p>for lookers</p>",
        audience_kind="segments",
    )
    variant.segments.add(segment)
    return segment


# Transactions around views


@pytest.fixture
def atomic_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "ATOMIC_REQUESTS", True)


@pytest.fixture
def database_gone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def refuse() -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as patch:
        connection.close()
        patch.setattr(connection, "connect", refuse)
        yield


def test_atomic_requests__visitor_and_editor__find_all_of_it_working(client: Client, atomic_requests: None) -> None:
    get_user_model().objects.create_superuser("editor")
    editor = Client()
    editor.force_login(get_user_model().objects.get())
    added = {"name": "Lookers", "slug": "lookers", "status": "active", "rule": '{"event": "view_item"}'}
    assert editor.post("/admin/attune_segments/segment/add/", added).status_code == 302
    variant = Variant.objects.create(
        block=Block.objects.create(key="note", name="Note"),
        name="L",
        body="<p>for lookers</p>",
        audience_kind="segments",
    )
    variant.segments.add(Segment.objects.get())

    assert choose(client, BOTH).status_code == 200
    assert "for everybody" in client.get("/block/").content.decode()
    assert look(client).json()["accepted"] == 1
    assert "for lookers" in client.get("/block/").content.decode()
    visitor = Visitor.objects.get()
    page = editor.get(f"/admin/attune_tracking/visitor/{visitor.pk}/change/")
    assert "Lookers" in page.content.decode()

    assert choose(client, NEITHER).status_code == 200
    assert not Visitor.objects.exists()
    assert WithdrawalMark.objects.count() == 1
    assert "for everybody" in client.get("/block/").content.decode()


def test_atomic_requests__view_that_fails_after_tracking__tracked_nothing(
    client: Client, atomic_requests: None, lookers: Segment
) -> None:
    choose(client, BOTH)
    assert client.get("/fails/").status_code == 500
    assert not StoredEvent.objects.exists()
    assert not Visitor.objects.exists()
    assert b"Recorded" in client.get("/signs-up/").content
    assert StoredEvent.objects.get().name == "sign_up"


def test_view_that_fails_after_tracking__without_atomic_requests__has_tracked(client: Client) -> None:
    choose(client, BOTH)
    assert client.get("/fails/").status_code == 500
    assert StoredEvent.objects.get().name == "sign_up"


def test_atomic_requests__database_gone__senders_are_asked_to_try_again(
    client: Client, atomic_requests: None, request: pytest.FixtureRequest
) -> None:
    choose(client, BOTH)
    assert look(client).status_code == 202
    request.getfixturevalue("database_gone")
    for answer in (look(client), choose(client, NEITHER), client.get("/consent/"), client.get("/consent/preferences/")):
        assert (answer.status_code, "Retry-After" in answer or answer["Content-Type"].startswith("text/html")) == (
            503,
            True,
        )
    # What needs no database asks for none.
    assert client.get("/collect/tracker.js").status_code == 200
    assert Client(headers=BROWSER).get("/consent/").status_code == 200


# A proxy that ends TLS


@pytest.fixture
def behind_proxy(settings: Settings) -> None:
    """As `BEHIND_PROXY=1` sets it."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.CONSENT_ADDRESS_HEADER = "X-Forwarded-For"
    settings.ALLOWED_HOSTS = ["shop.example", "inside"]


def through_proxy(address: str, **headers: str) -> dict[str, dict[str, str]]:
    return {"headers": {"Host": "shop.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": address, **headers}}


def test_proxy__https_outside__cookies_are_bound_to_host_and_transport(client: Client, behind_proxy: None) -> None:
    answer = choose(client, BOTH, **through_proxy("192.0.2.7"))
    assert answer.cookies.keys() == {f"__Host-attune_{name}" for name in ("consent", "consent_proof", "visitor")}
    assert all(cookie["secure"] and cookie["path"] == "/" for cookie in answer.cookies.values())
    assert look(client, **through_proxy("192.0.2.7")).status_code == 202
    # The same browser on a page that the proxy got without TLS is a stranger, and gets no such cookies.
    plain = through_proxy("192.0.2.7", **{"X-Forwarded-Proto": "http"})
    assert look(client, **plain).status_code == 403
    assert choose(client, BOTH, **plain).cookies.keys() == {"attune_consent", "attune_consent_proof", "attune_visitor"}


def test_proxy__host_handed_on_otherwise__origin_is_still_the_sites(
    client: Client, behind_proxy: None, settings: Settings
) -> None:
    settings.USE_X_FORWARDED_HOST = True
    # An older browser, which says no more than where the page came from.
    inside = {"Host": "inside", "X-Forwarded-Host": "shop.example", "Sec-Fetch-Site": ""}
    assert (
        choose(client, BOTH, **through_proxy("192.0.2.7", Origin="https://shop.example", **inside)).status_code == 200
    )
    assert (
        choose(client, BOTH, **through_proxy("192.0.2.7", Origin="https://evil.example", **inside)).status_code == 403
    )
    settings.USE_X_FORWARDED_HOST = False
    assert (
        choose(client, BOTH, **through_proxy("192.0.2.7", Origin="https://shop.example", **inside)).status_code == 403
    )


def test_proxy__limits__count_the_address_that_the_proxy_saw(
    client: Client, behind_proxy: None, settings: Settings
) -> None:
    settings.CONSENT_POSTS_PER_MINUTE = 2
    answers = [choose(client, BOTH, **through_proxy(forwarded)).status_code for forwarded in ("192.0.2.7", "192.0.2.7")]
    # Who makes up addresses only puts them before the one that the proxy adds.
    answers.append(choose(client, BOTH, **through_proxy("198.51.100.1, 192.0.2.7")).status_code)
    answers.append(choose(client, BOTH, **through_proxy("198.51.100.2")).status_code)
    assert answers == [200, 200, 429, 200]


# Keys that change


def test_key__changed_with_the_old_one_as_fallback__nobody_notices(
    client: Client, settings: Settings, lookers: Segment
) -> None:
    settings.SECRET_KEY = "the old key"
    choose(client, BOTH)
    look(client)
    before = {name: morsel.value for name, morsel in client.cookies.items()}
    (visitor_id,) = Visitor.objects.values_list("id", flat=True)

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the new key", ["the old key"]
    assert client.get("/consent/").json()["choices"] == {"analytics": "granted", "personalization": "granted"}
    assert look(client).json()["accepted"] == 1
    assert "for lookers" in client.get("/block/").content.decode()
    assert set(StoredEvent.objects.values_list("visitor_id", flat=True)) == {visitor_id}

    # The next choice is signed by the new key alone, and keeps who they are.
    assert choose(client, {"analytics": True}).status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert look(client).json()["accepted"] == 1
    assert Visitor.objects.get().pk == visitor_id
    client.cookies.load(before)
    assert look(client).status_code == 403


def test_key__changed_without_fallback__everybody_is_a_stranger_and_asked_again(
    client: Client, settings: Settings, lookers: Segment
) -> None:
    settings.SECRET_KEY = "the old key"
    choose(client, BOTH)
    look(client)
    settings.SECRET_KEY = "the new key"
    assert client.get("/consent/").json()["choices"] == {"analytics": "unset", "personalization": "unset"}
    assert look(client).status_code == 403
    assert "for everybody" in client.get("/block/").content.decode()


def test_key__withdrawn_before_the_change__cookies_kept_aside_stay_refused(client: Client, settings: Settings) -> None:
    settings.SECRET_KEY = "the old key"
    choose(client, BOTH)
    kept = {name: morsel.value for name, morsel in client.cookies.items()}
    choose(client, NEITHER)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the new key", ["the old key"]
    client.cookies.load(kept)
    assert look(client).status_code == 403
    assert not StoredEvent.objects.exists()


def test_key__changed_within_a_minute__limits_hold_again_at_once(client: Client, settings: Settings) -> None:
    settings.CONSENT_POSTS_PER_MINUTE = 1
    settings.SECRET_KEY = "the old key"
    answers = [choose(client, BOTH).status_code for _ in range(2)]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the new key", ["the old key"]
    answers += [choose(client, BOTH).status_code for _ in range(2)]
    # Addresses are kept under the key of the day: the count begins anew, once.
    assert answers == [200, 429, 200, 429]
