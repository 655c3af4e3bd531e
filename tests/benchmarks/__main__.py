"""Runs every benchmark of this folder and writes what they measured into docs/reference/benchmarks.md.

Each benchmark is a module with a docstring, which becomes its section's text, and `main() -> None`, which prints a
table in Markdown. It runs in a process of its own: `python -m tests.benchmarks.<name>` prints that one alone, and
`python -m tests.benchmarks <name> …` runs some and writes their sections anew.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

from django import get_version

FOLDER = Path(__file__).resolve().parent
PROJECT = FOLDER.parent.parent
TABLE = PROJECT / "docs" / "reference" / "benchmarks.md"


def names() -> list[str]:
    """The benchmarks, in the order of their names."""
    return sorted(
        path.stem
        for path in FOLDER.glob("*.py")
        if not path.stem.startswith(("_", "test_")) and "def main()" in path.read_text()
    )


def heading(name: str) -> str:
    """A benchmark's heading."""
    return name.replace("_", " ").capitalize()


def section(name: str) -> str:
    """One benchmark's heading, text and table."""
    print(f"== {name}", flush=True)
    run = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{name}"], cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True
    )
    print(run.stdout, flush=True)
    source = (FOLDER / f"{name}.py").read_text()
    text = source.split('"""')[1].strip()
    return f"## {heading(name)}\n\n{text}\n\n{run.stdout.strip()}\n"


def written() -> dict[str, str]:
    """The sections that the document has, by their headings."""
    parts = TABLE.read_text().split("\n## ")[1:] if TABLE.exists() else []
    return {part.partition("\n")[0]: f"## {part.rstrip()}\n" for part in parts}


def main() -> None:
    """Run all or those that are named, one after another; if one fails, what was written stays as it was."""
    head = (
        "# Benchmarks\n\n"
        "Written by `make bench`. Ratios are taken within one run and travel; absolute figures belong to the machine:\n"
        f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, Django {get_version()}.\n"
    )
    chosen = sys.argv[1:] or names()
    if unknown := set(chosen) - set(names()):
        raise SystemExit(f"No benchmark is called {', '.join(sorted(unknown))}. There are {', '.join(names())}.")
    ran = {heading(name): section(name) for name in chosen}
    known = {heading(name) for name in names()}
    sections = {title: text for title, text in (written() | ran).items() if title in known}
    TABLE.parent.mkdir(parents=True, exist_ok=True)
    TABLE.write_text("\n".join([head, *(sections[title] for title in sorted(sections))]))
    print(f"Written: {TABLE.relative_to(PROJECT)}")


if __name__ == "__main__":
    main()
