"""Another package's `tracking` or `consent` is found before it does harm, and named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

import personalization
from personalization.names import foreign_modules, missing_apps
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


def test_missing_apps__names_and_configurations__are_known(settings: Settings) -> None:
    assert list(missing_apps()) == []
    settings.INSTALLED_APPS = [
        f"{name}.apps.TrackingConfig" if name == "tracking" else name
        for name in personalization.APPS
        if name != "consent"
    ]
    (found,) = missing_apps()
    assert (found.id, found.msg) == ("personalization.E007", "INSTALLED_APPS lacks consent.")


@pytest.mark.once
@pytest.mark.parametrize(
    "apps", ['["personalization"]', '[name for name in personalization.APPS if name != "tracking"]']
)
def test_start__some_apps_alone__is_refused_with_the_way_out(apps: str) -> None:
    started = subprocess.run(
        [sys.executable, "-c", START.replace("*personalization.APPS", f"*{apps}")],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "(personalization.E007) INSTALLED_APPS lacks " in started.stderr, started.stderr
    assert "HINT: Write INSTALLED_APPS += personalization.APPS" in started.stderr


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
