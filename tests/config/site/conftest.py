"""The seeded shop, and browsers that visit it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client
from django.utils.translation import override

from config.site.models import Article, Category, Product, Topic
from config.site.seeds import seed
from personalization.content.models import Block, CallToAction, CallToActionOverride, Variant
from personalization.profiles.services import publish
from personalization.segments.models import Segment
from tracking.models import Goal

BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Sec-Fetch-Site": "same-origin",
}
SEEDED: tuple[type[Model], ...] = (
    *(User, Category, Product, Topic, Article, Segment),
    *(Block, Variant, Variant.segments.through, CallToAction, CallToActionOverride, Goal),
)
"""What seeding writes, in an order in which it may be written."""
_rows: dict[type[Model], list[Model]] = {}


def put_shop() -> None:
    """Seed an empty database; from the second time on in a process, put the same rows there at once."""
    is_empty = not any(model._default_manager.exists() for model in SEEDED)
    if is_empty and _rows:
        for model, rows in _rows.items():
            model._default_manager.bulk_create(rows)
        publish()
        return
    seed()
    if is_empty:
        _rows.update({model: list(model._default_manager.all()) for model in SEEDED})


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Each test begins in English, whatever language the last page spoke."""
    with override("en"):
        yield


@pytest.fixture
def shop(db: None) -> None:
    """The shop as the demo starts it."""
    put_shop()


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
