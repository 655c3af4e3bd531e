"""The wheel holds the three roofs, whole, and nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.architecture import build_wheel, project_files

pytestmark = pytest.mark.once

ROOFS = ("consent", "tracking", "personalization")


def test_wheel__built__holds_exactly_the_three_roofs(tmp_path: Path) -> None:
    wheel = build_wheel(tmp_path)
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = {str(path) for path in project_files("") if path.parts[0] in ROOFS}
    assert held == expected
    for roof in ROOFS:
        assert f"{roof}/py.typed" in held
    assert any(name.endswith(".toml") and "mappings" in name for name in held)
