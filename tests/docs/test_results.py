"""The page about results says what the code counts, and when it is too early to say."""

from __future__ import annotations

from personalization.content.measuring.comparing import ENOUGH_CLICKED, ENOUGH_PEOPLE
from personalization.content.measuring.results import USUAL_DAYS
from personalization.content.rights import RESULTS
from personalization.management.commands.setup_attune import PRESETS
from tests.docs.reading import document, section
from tracking.counts import SMALL
from tracking.goal_forms import ROWS
from tracking.models import Goal

PAGE = "docs/how-to/read-results.md"


def test_numbers__page__has_those_of_the_code() -> None:
    text, unsure = document(PAGE), section(PAGE, "How sure that is")
    assert f"than {ENOUGH_PEOPLE} people saw one of the two, while fewer than {ENOUGH_CLICKED} clicked" in unsure
    assert f"**Will see it in {USUAL_DAYS} days**" in text
    assert f"Fewer than {SMALL} people" in text
    assert f"`{RESULTS}`" in text


def test_goals__page__tells_what_is_made_and_asked() -> None:
    text = section(PAGE, "Say what a visit should lead to")
    assert set(PRESETS) == {"purchase", "sign_up", "generate_lead"}
    assert "makes three: a purchase, a sign-up and contact data" in text
    assert ROWS == 3
    assert "up to three conditions" in text
    assert f"{Goal(name='x').within_days} unless you say otherwise" in text
