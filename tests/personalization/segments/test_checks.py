"""The check of whether anybody judges visitors who are due, and what workers say of a database that is away."""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from personalization.profiles.models import Profile
from personalization.profiles.services import DUE_AT_ONCE
from personalization.segments import tasks
from personalization.segments.checks import LATE, check_due


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("due", "found"),
    [
        (None, []),
        (timedelta(hours=1), []),
        (timedelta(), []),
        (-2 * LATE, ["personalization.W038"]),
    ],
)
def test_check_due__each_wait__is_late_or_not(due: timedelta | None, found: list[str]) -> None:
    Profile.objects.create(visitor_id=uuid4(), due_at=None if due is None else timezone.now() + due)
    assert [message.id for message in check_due(None, databases=["default"])] == found
    assert check_due(None) == []


@pytest.mark.django_db
def test_check_due__whoever_acted_just_now__does_not_count() -> None:
    Profile.objects.create(visitor_id=uuid4(), due_at=DUE_AT_ONCE)
    assert check_due(None, databases=["default"]) == []


@pytest.mark.once
def test_tasks__database_away__wait_and_say_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*args: object) -> int:
        raise OperationalError("connection is bad:\n\tIs the server running?")

    monkeypatch.setattr("personalization.segments.services.recompute_due", away)
    monkeypatch.setattr("personalization.segments.services.judge_visitors", away)
    with caplog.at_level(logging.WARNING, logger="personalization"):
        assert [tasks.recompute_due(), tasks.recompute_due(), tasks.judge_visitors([str(uuid4())])] == [0, 0, 0]
    (said,) = caplog.messages
    assert said.startswith("The database is away")
    assert said.endswith("connection is bad: Is the server running?")
