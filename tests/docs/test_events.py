"""The reference of events is what the code declares."""

from __future__ import annotations

import re

from tests.architecture import PROJECT
from tests.docs.events import PAGE, written
from tests.docs.reading import document
from tracking.event_types import BOTH, BUILTIN

TRACKER = PROJECT / "tracking" / "static" / "tracking" / "tracker.js"


def test_events__tables__are_those_of_the_code() -> None:
    page = document(PAGE)
    assert page == written(page), "write them anew: python -m tests.docs.events"


def test_events__purposes_and_refunds__are_as_told() -> None:
    assert "Each of them serves both purposes" in document(PAGE)
    assert {kind.purposes for kind in BUILTIN.values()} == {BOTH}
    assert "A refund happens without the visitor" in document(PAGE)
    assert [kind.name for kind in BUILTIN.values() if not kind.by_visitor] == ["refund"]


def test_events__of_the_tracker__are_all_told() -> None:
    (sentence,) = re.findall(r"The tracker sends (.+?) by itself", document(PAGE))
    told = set(re.findall(r"`([a-z_]+)`", sentence))
    assert told == set(re.findall(r'\btrack\("([a-z_]+)"', TRACKER.read_text()))
