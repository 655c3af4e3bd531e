"""Another package's `tracking` or `consent` is found before it does harm, and named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from personalization.names import foreign_modules
from tests.architecture import PROJECT

START = """
import django, personalization
from django.conf import settings
settings.configure(INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", *personalization.APPS])
django.setup()
"""
FILES = {
    "a package without apps": {"{name}/__init__.py": ""},
    "an app": {
        "{name}/__init__.py": "",
        "{name}/apps.py": "from django.apps import AppConfig\nclass Own(AppConfig):\n    name = '{name}'\n",
    },
    "an app that cannot start alone": {
        "{name}/__init__.py": "",
        "{name}/models.py": "raise ValueError\n",
    },
    "a single file": {"{name}.py": ""},
}


def test_foreign_modules__ours_alone__none() -> None:
    assert list(foreign_modules()) == []


@pytest.mark.parametrize("name", ["consent", "tracking"])
@pytest.mark.parametrize("kind", FILES)
def test_start__another_module_of_the_name__is_refused_with_the_way_out(name: str, kind: str, tmp_path: Path) -> None:
    for path, text in FILES[kind].items():
        file = tmp_path / path.format(name=name)
        file.parent.mkdir(exist_ok=True)
        file.write_text(text.format(name=name))
    started = subprocess.run(
        [sys.executable, "-c", START],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join([str(tmp_path), str(PROJECT)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert "(personalization.E008)" in started.stderr, started.stderr
    assert f"'{name}' comes from another package ({tmp_path / name}" in started.stderr
    assert "HINT: " in started.stderr
