"""The pictures: the files are what the code draws, and nothing in them runs or is loaded from elsewhere."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from config.site.artwork import pictures
from config.site.catalog import articles, categories, products
from config.site.management.commands.draw_pictures import FOLDER

PICTURES = pictures()


def test_pictures__the_files__are_what_the_code_draws() -> None:
    files = {file.stem: file.read_text() for file in Path(FOLDER).glob("*.svg")}
    assert files == PICTURES, "Run `manage.py draw_pictures`."


def test_pictures__all_that_the_catalog_shows__are_drawn_and_differ() -> None:
    names = {entry["slug"] for entry in (*products(), *articles())} | {f"category-{c['slug']}" for c in categories()}
    assert names <= PICTURES.keys()
    assert len(set(PICTURES.values())) == len(PICTURES)


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_picture__its_elements__are_only_shapes(name: str) -> None:
    root = ElementTree.fromstring(PICTURES[name])  # noqa: S314  # drawn by our own code
    shapes = {element.tag.partition("}")[2] for element in root.iter()}
    allowed = {"svg", "g", "path", "circle", "ellipse", "rect", "clipPath", "linearGradient", "stop"}
    assert shapes <= allowed
    assert all(key not in ("style", "href") for element in root.iter() for key in element.attrib)
    marks = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(marks) == len(set(marks)), "Names in one picture must differ."
