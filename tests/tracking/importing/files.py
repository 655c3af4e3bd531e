"""Small mappings and files for the tests of importing."""

from __future__ import annotations

from pathlib import Path

from tracking.importing.mapping import Mapping, parse_mapping

CLOCK = """
source = "Old shop"
basis = "Consent of 2025, text 3"
purposes = ["analytics", "personalization"]
visitor = "who"

[time]
columns = ["at"]
format = "iso"
zone = "Europe/Berlin"

[event]
column = "what"
values = {view = "view_item", cart = "add_to_cart", bought = "purchase"}
leave_out = ["ping"]

[properties.item_id]
column = "item"

[properties.price]
column = "price"
kind = "number"
"""
"""A mapping of a file with the columns who, at, what, item, price."""

HEADER = "who,at,what,item,price\n"

ORDERED = """
source = "Very old shop"
basis = "Published"
purposes = ["personalization"]
visitor = "who"
session = "visit"

[time]
columns = ["year", "month", "day"]
format = "%Y %m %d"
order = "order"

[event]
name = "view_item"

[properties.item_id]
column = "item"
"""
"""A mapping of a file with the columns who, visit, year, month, day, order, item."""


def mapped(text: str, *changes: tuple[str, str]) -> Mapping:
    """A mapping with some of its text changed."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return parse_mapping(text)


def written(path: Path, text: str, *, encoding: str = "utf-8") -> Path:
    """The file at `path`, holding `text` exactly."""
    path.write_bytes(text.encode(encoding))
    return path
