"""Log lines that are written once a minute."""

import logging

import pytest

from consent import seldom

log = logging.getLogger("tests.seldom")

pytestmark = pytest.mark.once


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the process's clock says; the test moves it."""
    now = [1000.0]
    monkeypatch.setattr("consent.seldom.monotonic", lambda: now[0])
    return now


def test_say__again_within_a_minute__is_held_back(clock: list[float], caplog: pytest.LogCaptureFixture) -> None:
    for second in (0.0, 1.0, 59.0):
        clock[0] = 1000.0 + second
        seldom.say(log, logging.WARNING, "%s is away.", f"Redis {second}")
    assert caplog.messages == ["Redis 0.0 is away."]


def test_say__after_a_minute__tells_how_often_it_was_held_back(
    clock: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    for second in (0.0, 1.0, 2.0, 60.0, 61.0, 120.0, 180.0):
        clock[0] = 1000.0 + second
        seldom.say(log, logging.WARNING, "%s is away.", "Redis")
    assert caplog.messages == [
        "Redis is away.",
        "Redis is away. (Held back since it was written last: 2.)",
        "Redis is away. (Held back since it was written last: 1.)",
        "Redis is away.",
    ]


def test_say__of_something_else__is_written(clock: list[float], caplog: pytest.LogCaptureFixture) -> None:
    for by in ("a", "b", "a"):
        seldom.say(log, logging.WARNING, "%s failed.", by, by=by)
    assert caplog.messages == ["a failed.", "b failed."]


def test_say__of_very_much__keeps_little_in_mind(clock: list[float], caplog: pytest.LogCaptureFixture) -> None:
    for number in range(3 * seldom._MOST):
        seldom.say(log, logging.WARNING, "It failed.", by=str(number))
    assert len(seldom._written) <= seldom._MOST


def test_say__below_the_level__is_not_kept_in_mind(clock: list[float], caplog: pytest.LogCaptureFixture) -> None:
    seldom.say(log, logging.DEBUG, "It failed.")
    caplog.set_level(logging.DEBUG)
    seldom.say(log, logging.DEBUG, "It failed.")
    assert caplog.messages == ["It failed."]
