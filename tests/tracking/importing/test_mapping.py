"""The mapping file: what it must say, and that every mistake in it is told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.tracking.importing.files import CLOCK, ORDERED, mapped
from tracking.importing.errors import InvalidMapping
from tracking.importing.mapping import parse_mapping
from tracking.management.commands.import_events import BUNDLED


def mistakes(text: str) -> dict[str, str]:
    with pytest.raises(InvalidMapping) as caught:
        parse_mapping(text)
    return dict(caught.value.errors)


def test_mapping__complete__says_what_it_says() -> None:
    mapping = parse_mapping(ORDERED)

    assert mapping.purposes == {"personalization"}
    assert mapping.columns == {"who", "visit", "year", "month", "day", "order", "item"}
    assert mapping.time.step == timedelta(minutes=1)


@pytest.mark.parametrize("missing", ["purposes", "basis", "source"])
def test_mapping__without_what_makes_it_lawful__is_refused(missing: str) -> None:
    text = "\n".join(line for line in CLOCK.splitlines() if not line.startswith(missing))

    assert missing in mistakes(text)


def test_mapping__many_mistakes__are_all_told_at_their_place() -> None:
    text = """
basis = ""
source = 5
purposes = ["analytics", "advertising"]
sesion = "x"
[file]
delimiter = ";;"
encoding = "utf-16"
decimal = "x"
[time]
columns = []
format = "yesterday"
zone = "Mars/Base"
order = "n"
step = "2h"
[event]
name = "view_item"
column = "what"
[page]
adress = {column = "a"}
[properties.price]
kind = "money"
[properties.size]
column = "size"
constant = 5
[properties.color]
column = "color"
values = 3
"""
    assert set(mistakes(text)) == {
        "basis",
        "source",
        "purposes",
        "sesion",
        "file.delimiter",
        "file.encoding",
        "file.decimal",
        "time.columns",
        "time.format",
        "time.zone",
        "time.order",
        "time.step",
        "event",
        "visitor",
        "page.adress",
        "properties.price",
        "properties.price.kind",
        "properties.size",
        "properties.color.values",
    }


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('visitor = "who"', 'visitor = "who"\nsession = "visit"', "session"),
        ('zone = "Europe/Berlin"', 'step = "1m"', "time.step"),
        ('column = "price"\nkind', "constant = 5\nkind", "properties.price.kind"),
        ("[event]", "[[event]]", "event"),
        ('column = "what"\nvalues', 'name = "view_item"\nvalues', "event.values"),
        ("[time]", "[time]\nformat_ = 1", "time.format_"),
    ],
)
def test_mapping__one_mistake__is_told(old: str, new: str, place: str) -> None:
    assert place in mistakes(CLOCK.replace(old, new))


def test_mapping__no_toml__is_told() -> None:
    assert "not TOML" in mistakes("source = ")["file"]


def test_mapping__digest__depends_on_what_it_says_only() -> None:
    assert mapped(CLOCK, ("[time]", "# a remark\n\n[time]")).digest == parse_mapping(CLOCK).digest
    assert mapped(CLOCK, ("Europe/Berlin", "UTC")).digest != parse_mapping(CLOCK).digest


@pytest.mark.parametrize("path", sorted(BUNDLED.glob("*.toml")), ids=lambda path: path.stem)
def test_mapping__that_comes_along__is_valid(path: Path) -> None:
    mapping = parse_mapping(path.read_text(encoding="utf-8"), basis="Consent", purposes=["analytics"])

    assert (mapping.purposes, mapping.basis) == (frozenset({"analytics"}), "Consent")


def test_mapping__of_data_that_only_its_owner_knows__is_not_read_without_a_basis() -> None:
    assert {"basis", "purposes"} == mistakes((BUNDLED / "ga4_bigquery.toml").read_text()).keys()
