"""What the shop sells and what its magazine prints, read from the files beside this one."""

import tomllib
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent


def categories() -> list[dict[str, Any]]:
    """The categories in their order."""
    return _products_file()["category"]


def products() -> list[dict[str, Any]]:
    """The products in their order; `category` is a category's slug, `price` a decimal as text."""
    return _products_file()["product"]


def articles() -> list[dict[str, Any]]:
    """The articles in their order; each file is a head in TOML between two `+++` lines, then the text."""
    read = []
    for file in FOLDER.glob("articles/*.md"):
        _, head, body = file.read_text(encoding="utf-8").split("+++\n", 2)
        read.append({"slug": file.stem, "body": body.strip(), **tomllib.loads(head)})
    return sorted(read, key=lambda article: article["order"])


def _products_file() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((FOLDER / "products.toml").read_text(encoding="utf-8"))
