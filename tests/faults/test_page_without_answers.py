"""A page whose questions nobody answers: it renders with what everybody sees, and waits for the failure once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.http import HttpRequest
from django.test import Client

from personalization.content.published import published
from personalization.profiles.head import load
from personalization.segments import presence
from tests.tracking.senders import DESKTOP, Sender, wire

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(settings: Any, levels: tuple[int, ...]) -> Callable[[bool], str]:
    """Ask for the page as a visitor who agreed and acted, or as a stranger."""
    settings.ROOT_URLCONF = "tests.faults.pages"
    sender = Sender(visitor_id=uuid4(), client=Client(headers={"user-agent": DESKTOP}))
    assert sender.send(wire()).json()["accepted"] == 1

    def ask(agreed: bool) -> str:
        client = sender.client if agreed else Client(headers={"user-agent": DESKTOP})
        response = client.get("/")
        assert response.status_code == 200
        return str(response.content.decode())

    return ask


@pytest.mark.parametrize(
    ("agreed", "question"),
    [
        (False, "configuration_version"),
        (True, "load"),
        (True, "published"),
        (True, "timeline_of"),
    ],
)
def test_page__one_question_fails__shows_the_defaults_and_does_not_wait_for_it_again(
    asked: Callable[[bool], str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    agreed: bool,
    question: str,
) -> None:
    assert "level 1" in asked(True)
    attempts: list[str] = []

    def fail(*args: object, **options: object) -> None:
        attempts.append(question)
        raise OperationalError("the database keeps everybody waiting")

    monkeypatch.setattr(presence, question, fail)
    with caplog.at_level(logging.ERROR):
        html = asked(agreed)
    assert 'data-attune-variant="default"' in html
    assert "outside" in html
    assert attempts == [question]
    assert "the database keeps everybody waiting" in caplog.text
    monkeypatch.undo()
    assert "level 1" in asked(True)


def test_page__request_after_a_failed_one__asks_anew(
    asked: Callable[[bool], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published, "_current", None)  # a process that has read nothing yet
    requests: list[HttpRequest] = []

    def fail_sometimes(*args: Any, **options: Any) -> Any:
        requests.append(args[0])
        if len(requests) % 2:
            raise OperationalError("gone for a moment")
        return load(*args, **options)

    monkeypatch.setattr(presence, "load", fail_sometimes)
    assert "the page's own" in asked(True)
    assert "level 1" in asked(True)
    assert "for everybody" in asked(True)  # what it has read
    assert "level 1" in asked(True)
    assert len(requests) == 4
