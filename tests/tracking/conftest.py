"""Visitors with consent cookies, and a collector without the rooms above."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from consent import throttle
from tests.tracking.senders import Sender
from tracking import recording


@pytest.fixture(autouse=True)
def _fresh_throttle() -> Iterator[None]:
    throttle.reset()
    yield
    throttle.reset()


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No followers: the rooms above are not part of the test."""
    monkeypatch.setattr(recording, "_followers", [])


@pytest.fixture
def sender() -> Sender:
    """A visitor who agreed to everything."""
    return Sender()


@pytest.fixture
def stranger() -> Sender:
    """A visitor who agreed to nothing."""
    return Sender(consents=False)
