"""The tutorial, done word by word in an empty folder and in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.architecture import PROJECT
from tests.docs.reading import document
from tests.docs.tutorial import DESK, PAGE, SENTENCES, USER_AGENT, Reader, Terminal, action_of, follow, parts

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext


def test_tutorial__done_word_by_word__is_true(
    tmp_path: Path, new_visitor: Callable[..., BrowserContext], sqlite_only: None
) -> None:
    pytest.importorskip("ensurepip", reason="the tutorial makes a virtual environment")

    def reader(address: str) -> Reader:
        return Reader(address, lambda: new_visitor(viewport=DESK, locale="en", user_agent=USER_AGENT))

    shown: list[str] = []
    with Terminal(tmp_path) as terminal:
        follow(terminal, reader, photograph=lambda page, name: shown.append(name))
    assert all((PROJECT / "docs" / "images" / name).is_file() for name in shown)


def test_tutorial__its_sentences__are_known_and_all_that_are_known() -> None:
    said = {action_of(part.text)[0] for part in parts(document(PAGE)) if part.kind == "sentence"}
    assert said == {pattern for pattern, _ in SENTENCES}
