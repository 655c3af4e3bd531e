"""What the shop sells and what its magazine prints, read from the files beside this one."""

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent


def categories() -> list[dict[str, Any]]:
    """The categories in their order; `translations` is language → field → text, as everywhere here."""
    return _read("products")["category"]


def products() -> list[dict[str, Any]]:
    """The products in their order; `category` is a category's slug, `price` a decimal as text."""
    return _read("products")["product"]


def topics() -> list[dict[str, Any]]:
    """The magazine's topics in their order."""
    return _read("topics")["topic"]


def articles() -> list[dict[str, Any]]:
    """The articles in their order; `topic` is a topic's slug.

    Each file is a head in TOML between two `+++` lines, then the text. What another language says instead lies in a
    folder of its code, under the same name.
    """
    read = []
    for file in FOLDER.glob("articles/*.md"):
        translations = {path.parent.name: _article(path) for path in FOLDER.glob(f"articles/*/{file.name}")}
        read.append({"slug": file.stem, **_article(file), "translations": translations})
    return sorted(read, key=lambda article: article["order"])


def _article(file: Path) -> dict[str, Any]:
    _, head, body = file.read_text(encoding="utf-8").split("+++\n", 2)
    return {**tomllib.loads(head), "body": body.strip()}


def _read(name: str) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
