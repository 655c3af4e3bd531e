"""What the admin says of days, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from personalization.content.advising.words import day_in_words

pytestmark = pytest.mark.once
FRIDAY = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "today"),  # clocks differ
        (0, "today"),
        (1, "yesterday"),
        (3, "on Tuesday"),
        (6, "on Saturday"),
        (7, "on Nov. 13, 2026"),
    ],
)
def test_day_in_words__days_ago__is_called_as_people_call_it(days: int, words: str) -> None:
    assert day_in_words(FRIDAY - timedelta(days=days), now=FRIDAY) == words
