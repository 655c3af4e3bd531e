"""What goes wrong while a page is made, in the log."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from django.db import OperationalError, ProgrammingError
from django.test import RequestFactory

from personalization.content.serving import mishaps
from personalization.segments.errors import PresenceUnknown
from personalization.shortcuts import decide, in_segment

log = logging.getLogger("tests.mishaps")


def say(error: Exception, name: str = "hero") -> None:
    """Say it as code does that caught this error while it read Attune's tables."""
    try:
        raise error
    except type(error):
        mishaps.say_unread(log, "Could not decide %s.", name)


@pytest.mark.once
def test_say_unread__any_error__is_logged_with_where_it_came_from(caplog: pytest.LogCaptureFixture) -> None:
    for name in ("hero", "hero", "note"):
        say(ValueError("broken"), name)
    assert caplog.messages == ["Could not decide hero.", "Could not decide note."]
    assert all(record.exc_info for record in caplog.records)


@pytest.mark.once
def test_say_unread__database_away__is_one_line_for_all_that_asked(caplog: pytest.LogCaptureFixture) -> None:
    for name in ("hero", "note"):
        say(OperationalError("connection is bad:\n\tIs the server running?"), name)
    (record,) = caplog.records
    assert record.getMessage().endswith("OperationalError: connection is bad: Is the server running?")
    assert not record.exc_info


@pytest.mark.once
@pytest.mark.parametrize(
    "error",
    [
        OperationalError("no such table: attune_profiles_configuration"),
        ProgrammingError('relation "attune_profiles_configuration" does not exist'),
    ],
)
def test_say_unread__tables_missing__says_what_to_do(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    say(error)
    assert "manage.py migrate" in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.once
@pytest.mark.parametrize("text", ["syntax error at or near SELECT", 'relation "shop_product" does not exist'])
def test_say_unread__mistake_in_a_query__is_not_taken_for_a_database_that_is_away(
    text: str, caplog: pytest.LogCaptureFixture
) -> None:
    say(ProgrammingError(text))
    assert caplog.messages == ["Could not decide hero."]
    assert caplog.records[0].exc_info


@pytest.mark.once
def test_say_unread__what_failed_earlier_in_the_request__says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    say(PresenceUnknown("What failed earlier in this request is not asked again."))
    assert caplog.messages == []


@pytest.mark.once
def test_page__database_away__logs_one_line_however_much_it_asks(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone() -> Callable[[], int]:
        raise OperationalError("the database system is shutting down")

    monkeypatch.setattr("personalization.segments.presence.configuration_version", gone)
    for _ in range(3):
        request = rf.get("/")
        assert not any(decide(request, key).variants for key in ("hero", "note", "aside"))
        assert not in_segment(request, "fans")
    assert [record.getMessage()[:12] for record in caplog.records] == ["The database"]
