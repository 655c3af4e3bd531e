"""Examples in docstrings are run, so that they cannot rot."""

from __future__ import annotations

import doctest
import importlib

import pytest

from tests.architecture import PACKAGES, PROJECT, project_files

pytestmark = pytest.mark.once

MODULES = [
    ".".join(path.with_suffix("").parts).removesuffix(".__init__")
    for path in project_files(".py")
    if path.parts[0] in PACKAGES and ">>> " in (PROJECT / path).read_text()
]


@pytest.mark.parametrize("name", MODULES)
def test_doctest__each_module_with_examples__prints_what_they_say(name: str) -> None:
    results = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert results.attempted > 0
    assert results.failed == 0
