"""Reads the documents: sections, code blocks, tables."""

from __future__ import annotations

import re
from typing import NamedTuple

from tests.architecture import PROJECT

_FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


class CodeBlock(NamedTuple):
    """A fenced block: what is said after the fence, and what stands in it."""

    info: str
    text: str


def document(name: str) -> str:
    """The document at this path."""
    return (PROJECT / name).read_text()


def section(name: str, heading: str) -> str:
    """What stands under a heading of the second level."""
    _, found, rest = document(name).partition(f"\n## {heading}\n")
    assert found, f"{name} has no section {heading!r}"
    return rest.partition("\n## ")[0]


def code_blocks(text: str, info: str | None = None) -> list[CodeBlock]:
    """The fenced blocks, of one kind or all."""
    blocks = [CodeBlock(match["info"].strip(), match["text"]) for match in _FENCE.finditer(text)]
    return blocks if info is None else [block for block in blocks if block.info == info]


def rows(text: str) -> list[list[str]]:
    """The cells of every row of every table, without heads and rules."""
    table = [line.strip() for line in text.splitlines() if line.lstrip().startswith("|")]
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table]
    heads = {number - 1 for number, row in enumerate(cells) if set("".join(row)) <= set("-: ")}
    return [row for number, row in enumerate(cells) if number not in heads and number - 1 not in heads]
