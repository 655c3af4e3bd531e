"""What the rows of the admin can say of a rule: all of the language, or it is named as text only."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from personalization.profiles.services import set_traits
from personalization.rules import parsing
from personalization.rules.conditions.request import CLOCK_FIELDS
from personalization.rules.errors import Mistake
from personalization.rules.measures import MEASURES, NUMERIC, OF_PROPERTY
from personalization.segments.fields import rule_mistakes
from personalization.segments.plain_mistakes import marked, plainly
from personalization.segments.request_fields import _FIELDS
from personalization.segments.vocabulary import ROWS, TEXT_ONLY, vocabulary
from tests.personalization.segments.people import NOW, VIEWED, segment, visitor_with
from tracking.asking import TESTS
from tracking.event_types import registered
from tracking.models import EventType
from tracking.timeline import OWN_FIELDS

pytestmark = pytest.mark.django_db

URL = reverse("admin:attune_segments_segment_rule_vocabulary")


def values(offered: list[dict[str, Any]]) -> set[str]:
    return {one["value"] for one in offered}


@pytest.mark.once
def test_rows__every_kind_key_test_and_measure_of_the_language__is_offered_or_text_only(settings: Any) -> None:
    settings.PERSONALIZATION_RULE_COOKIES = ["plan"]
    said = vocabulary()
    assert set(ROWS["event"]) == set(parsing.EVENT_KEYS)
    assert set(ROWS["abandoned"]) == set(parsing.ABANDONED_KEYS)
    assert set(ROWS["step"]) == set(parsing.STEP_KEYS)
    boxes = {"all", "any", "not"}
    assert boxes | {kind for kind in parsing.KINDS if kind in ROWS} | TEXT_ONLY >= set(parsing.KINDS)
    # "missing" is `exists: false`, "between" both bounds.
    assert values(said["tests"]) - {"missing", "between"} | TEXT_ONLY >= set(TESTS)
    assert values(said["measures"]) == set(MEASURES)
    assert {one["value"] for one in said["measures"] if one["of"]} == OF_PROPERTY
    assert {one["value"] for one in said["measures"] if one["of"] == "number"} == NUMERIC
    assert values(said["request"]) == {*_FIELDS, *CLOCK_FIELDS, "query.", "cookie.plan"}
    assert values(said["own"]) == OWN_FIELDS
    assert values(said["choices"]["weekday"]) == set(CLOCK_FIELDS["weekday"])


def test_vocabulary__what_is_measured_known_and_made__has_its_labels_and_kinds() -> None:
    cache.clear()
    EventType.objects.create(
        name="waved", label="Waved at us", purposes=3, properties={"hand": "text", "price": "text"}, enabled=True
    )
    set_traits(visitor_with(), {"likes_boots": 3, "plan": "gold", "member": True}, source="test", now=NOW)
    segment("fans", VIEWED)
    segment("gone", VIEWED, status="archived")
    said = vocabulary()
    assert values(said["events"]) == set(registered())
    (waved,) = (one for one in said["events"] if one["value"] == "waved")
    assert waved == {"value": "waved", "label": "Waved at us", "properties": ["hand", "price"]}
    assert said["properties"]["price"] == {"label": "Price", "kind": "any"}  # a number of items, a text of this
    assert said["properties"]["quantity"]["kind"] == "number"
    assert [(one["value"], one["kind"]) for one in said["traits"]] == [
        ("engagement", "number"),
        ("likes_boots", "number"),
        ("member", "boolean"),
        ("plan", "text"),
    ]
    assert said["segments"] == [{"value": "fans", "label": "Fans"}]
    for offered in (*said["kinds"], *said["examples"]):
        assert rule_mistakes(offered["rule"]) == [], offered["label"]


@pytest.mark.once
def test_vocabulary__few_and_many_names__costs_the_same_queries(admin_client: Client) -> None:
    registered()  # compiled once in the process
    costs = []
    for count in (1, 12):
        for number in range(count):
            segment(f"s{count}-{number}", VIEWED)
        set_traits(visitor_with(), {f"t{count}-{number}": number for number in range(count)}, source="test", now=NOW)
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert len(admin_client.get(URL).json()["segments"]) >= count
        costs.append(len(queries))
    assert costs[0] == costs[1]


@pytest.mark.once
@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({"event": "view_item", "within": "d"}, "Say how long: a whole number over 0."),
        ({"seen": "first", "within": "0d"}, "Say how long: a whole number over 0."),
        ({"event": "view_item", "at_least": 3, "at_most": 1}, "The first number may not be larger than the second."),
        ({"event": "view_item", "at_least": -1}, "The number may not be under 0."),
        ({"trait": "plan", "matches": "("}, "This pattern is not understood."),
        ({"segment": ""}, "Something is missing here."),
        ({"trait": "plan", "is": None}, "Something is missing here."),
    ],
)
def test_marked__mistake_that_a_row_can_make__is_said_without_its_place(rule: dict[str, Any], text: str) -> None:
    (mistake,) = marked({"all": [rule]})
    assert mistake["place"].startswith("$.all[0]")
    assert mistake["text"] == text


@pytest.mark.once
def test_plainly__anything_else__says_what_was_found_and_what_is_allowed() -> None:
    assert plainly(Mistake("$.of", '"a"', "nothing: …")) == 'This cannot stand here: "a". Allowed: nothing: ….'
