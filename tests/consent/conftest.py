"""What the tests of consent share: this room's addresses, a browser of sorts, a store that notes what it is asked."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from consent import cookies, stores
from consent.gate import Consent, consent_of

NOW = datetime(2030, 5, 17, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_addresses(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.consent.urls"
    settings.TEMPLATES = [engine | {"DIRS": []} for engine in settings.TEMPLATES]  # our own templates, no site's
    settings.SECRET_KEY_FALLBACKS = []
    settings.CONSENT_THROTTLE_URL = None


class Visitor:
    """A browser as far as consent goes: keeps cookies, posts choices from the site's own page."""

    def __init__(self, *, secure: bool = False) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.secure = secure

    def post(self, body: Any, **headers: str) -> HttpResponse:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Sec-Fetch-Site": "same-origin"} | headers
        return self._answer(
            self.client.post("/consent/", data, content_type="application/json", secure=self.secure, headers=headers)
        )

    def choose(self, **choices: bool) -> HttpResponse:
        response = self.post({"choices": choices})
        assert response.status_code == 200, response.content
        return response

    def submit(self, fields: dict[str, str], **headers: str) -> HttpResponse:
        headers = {"Sec-Fetch-Site": "same-origin"} | headers
        return self._answer(self.client.post("/consent/", fields, secure=self.secure, headers=headers))

    def get(self, path: str = "/consent/") -> HttpResponse:
        return self._answer(self.client.get(path, secure=self.secure))

    def jar(self) -> dict[str, str]:
        """The cookies that are there, by name."""
        return {name: morsel.value for name, morsel in self.client.cookies.items() if morsel.value}

    def consent(self, *, now: datetime | None = None, **changed: str | None) -> Consent:
        """What the gate makes of the jar, with some cookies changed or (None) taken out."""
        request = RequestFactory().get("/", secure=self.secure)
        jar = {name: value for name, value in (self.jar() | changed).items() if value is not None}
        request.COOKIES = jar
        return consent_of(request, now=now)

    @property
    def visitor_id(self) -> UUID:
        found = self.consent().visitor_id
        assert found is not None
        return found

    @staticmethod
    def _answer(response: Any) -> HttpResponse:
        assert isinstance(response, HttpResponse)
        return response


class Notebook(stores.Store):
    """A store that keeps nothing and notes what it is asked."""

    name = "tests.notebook"

    def __init__(self) -> None:
        self.erased: list[tuple[UUID, int, int]] = []
        self.failure: Exception | None = None

    def describe(self) -> str:
        return "Nothing."

    def export(self, visitor_id: UUID) -> list[dict[str, Any]]:
        return []

    def erase(self, visitor_id: UUID, *, withdrawn: int, remaining: int) -> int:
        if self.failure is not None:
            raise self.failure
        self.erased.append((visitor_id, withdrawn, remaining))
        return 1

    def expire(self, now: datetime) -> int:
        return 0


@pytest.fixture
def notebook() -> Iterator[Notebook]:
    store = Notebook()
    stores.register(store)
    yield store
    stores.unregister(store.name)


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


def proof_value(choices: dict[str, bool], visitor_id: UUID | None, *, policy: str, at: datetime = NOW) -> str:
    """A proof cookie as we would have signed it."""
    return cookies.encode_proof(choices, policy=policy, given_at=at, visitor_id=visitor_id)


def later(**delta: float) -> datetime:
    return NOW + timedelta(**delta)
