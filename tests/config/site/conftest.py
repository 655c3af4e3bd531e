"""The seeded shop, and browsers that visit it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from config.site.seeds import seed

BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Sec-Fetch-Site": "same-origin",
}


@pytest.fixture
def shop(db: None) -> None:
    """The shop as the demo starts it."""
    seed()


@pytest.fixture
def stranger(shop: None) -> Client:
    """Somebody who was not asked yet."""
    return Client(headers=BROWSER)


@pytest.fixture
def consenting(shop: None) -> Client:
    """Somebody who agreed to both purposes."""
    return _who_chose(True)


@pytest.fixture
def refusing(shop: None) -> Client:
    """Somebody who refused both purposes."""
    return _who_chose(False)


def _who_chose(agreed: bool) -> Client:
    client = Client(headers=BROWSER)
    answer = client.post(
        "/consent/",
        {"choices": {"analytics": agreed, "personalization": agreed}},
        content_type="application/json",
    )
    assert answer.status_code == 200
    return client


@pytest.fixture
def add() -> Callable[..., None]:
    """Put a product in somebody's cart."""

    def put(client: Client, path: str, **fields: str) -> None:
        assert client.post(f"{path}add/", fields).status_code == 303

    return put
