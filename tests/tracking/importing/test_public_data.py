"""The public data sets imported whole: the segments over them have the sizes that a count of the files gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from personalization.rules import Facts, Rule
from personalization.segments.models import Segment
from tests.tracking.importing.straight import count_clothing, count_multi
from tracking.importing.models import Import
from tracking.models import StoredEvent, Visitor
from tracking.selectors import timelines

HOW_TO = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "import-history.md"
ROW = re.compile(r"^\| \*(.+?)\* \|.*\| ([0-9,]+) \|$", re.MULTILINE)

CLOTHING: Mapping[str, dict[str, Any]] = {
    "10 or more views in a session": {"event": "view_item", "per": "session", "at_least": 10},
    "three or more views in one category of a session": {"event": "view_item", "per": "item_category", "at_least": 3},
    "one view and gone": {
        "all": [{"event": "view_item", "at_least": 1, "at_most": 1}, {"seen": "last", "beyond": "30m"}]
    },
}
MULTI: Mapping[str, dict[str, Any]] = {
    "cart abandoners": {"event": "add_to_cart", "not_followed_by": {"event": "purchase"}, "after": "15m"},
    "buyers": {"event": "purchase"},
}

LAST = timezone.now() - timedelta(days=2)
"""Where the tests move the last event."""


def import_file(path: Path, mapping: str, tmp_path: Path, *, shift_to: datetime = LAST) -> str:
    out = StringIO()
    call_command(
        "import_events",
        str(path),
        mapping=mapping,
        shift_to=shift_to,
        report=tmp_path / "bad.csv",
        verbosity=0,
        stdout=out,
    )
    return out.getvalue()


def sizes(rules: Mapping[str, dict[str, Any]], now: datetime) -> dict[str, int]:
    """How many visitors match each rule, by their timelines."""
    parsed = {name: Rule.parse(rule) for name, rule in rules.items()}
    found = dict.fromkeys(rules, 0)
    for _, timeline in timelines(None, purpose="personalization"):
        facts = Facts(timeline=timeline, traits={}, segments=frozenset(), request=None)
        for name, rule in parsed.items():
            found[name] += rule.evaluate(facts, now).matches
    return found


def recomputed(rules: Mapping[str, dict[str, Any]], now: datetime) -> dict[str, int]:
    """What the command prints for segments of these rules."""
    slugs = {name.replace(" ", "-"): name for name in rules}
    for slug, name in slugs.items():
        Segment.objects.create(slug=slug, name=name, rule=rules[name], status="active")
    out = StringIO()
    call_command("recompute_segments", at=now.isoformat(), stdout=out)
    printed = dict(line.split("\t") for line in out.getvalue().splitlines())
    return {slugs[slug]: int(size) for slug, size in printed.items() if slug in slugs}


def told() -> dict[str, int]:
    """The sizes that the how-to tells."""
    return {name: int(size.replace(",", "")) for name, size in ROW.findall(HOW_TO.read_text(encoding="utf-8"))}


@pytest.mark.django_db
def test_clothing__imported_whole__sessions_and_segments_are_those_of_the_file(data_dir: Path, tmp_path: Path) -> None:
    path = data_dir / "eshop_clothing" / "eshop_clothing_2008.csv.gz"
    truth = count_clothing(data_dir)
    expected = {
        "10 or more views in a session": truth.ten_or_more_views,
        "three or more views in one category of a session": truth.three_or_more_in_one_category,
        "one view and gone": truth.one_view,
    }

    report = import_file(path, "eshop_clothing", tmp_path)

    assert re.search(r"165,474 events added\n +0 were there", report), report
    assert (truth.clicks, truth.sessions) == (StoredEvent.objects.count(), Visitor.objects.count())
    sessions = {len(timeline.sessions) for _, timeline in timelines(None, purpose="personalization")}
    assert sessions == {1}
    # Half an hour after its last event, everybody in the file has been gone for half an hour.
    now = LAST + timedelta(minutes=30)
    assert sizes(CLOTHING, now) == expected
    assert recomputed(CLOTHING, now) == expected
    assert {name: told()[name] for name in expected} == expected
    again = import_file(path, "eshop_clothing", tmp_path, shift_to=LAST + timedelta(days=1))
    assert re.search(r" 0 events added\n +165,474 were there", again), again
    record = Import.objects.get()
    assert record.last_event_at + record.shift == LAST


@pytest.mark.django_db
def test_multi_category__imported__segments_have_the_sizes_of_the_file(data_dir: Path, tmp_path: Path) -> None:
    truth = count_multi(data_dir)
    expected = {"cart abandoners": truth.cart_abandoners, "buyers": truth.buyers}

    report = import_file(data_dir / "rees46_sample" / "2019-Oct-head.csv.gz", "rees46", tmp_path)

    assert StoredEvent.objects.count() == truth.rows - truth.cut_off - truth.repeated
    assert Visitor.objects.count() == truth.visitors
    assert f"{truth.repeated} repeat an identical row" in report
    assert "line 17436: too few columns" in report
    assert sizes(MULTI, LAST) == expected
    assert recomputed(MULTI, LAST) == expected
    assert {name: told()[name] for name in expected} == expected


def test_how_to__without_the_files__tells_all_sizes() -> None:
    assert told().keys() == CLOTHING.keys() | MULTI.keys()
