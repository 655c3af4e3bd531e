"""Visitors with consent cookies, and a collector without the rooms above."""

from __future__ import annotations

import pytest

from tests.tracking.senders import Sender
from tracking import recording


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
