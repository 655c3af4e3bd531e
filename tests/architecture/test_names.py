"""Names and first lines: every file says what it is for, and tests say what they show."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture import PROJECT, project_files

pytestmark = pytest.mark.once

JUNK_DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "data"}
OPENINGS = {
    ".py": ('"""', 'r"""'),
    ".js": ("//", "/*"),
    ".css": ("/*",),
    ".html": ("{#", "{% comment"),
    ".toml": ("#",),
    ".txt": ("{#", "{% comment", "#"),
}
TEST_NAME = re.compile(r"test_[a-z0-9_]+?__[a-z0-9_]+?__[a-z0-9_]+")
# Folders under tests/ that mirror no package.
BESIDE_THE_MIRROR = {"architecture", "benchmarks", "browser", "conformance", "faults", "services"}
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|work|Users)/[A-Za-z]")


def is_written_by_hand(path: Path) -> bool:
    return "migrations" not in path.parts


@pytest.mark.parametrize("suffix", sorted(OPENINGS))
def test_first_line__each_file__says_what_the_file_is_for(suffix: str) -> None:
    silent = []
    for path in filter(is_written_by_hand, project_files(suffix)):
        lines = (PROJECT / path).read_text().splitlines()
        # An interpreter's line and the template that a template extends come before it by habit.
        opening = next((line for line in lines if line.strip() and not line.startswith(("#!", "{% extends"))), "")
        if not opening.startswith(OPENINGS[suffix]):
            silent.append(str(path))
    assert silent == []


def test_module_names__all_of_them__are_no_junk_drawers() -> None:
    named = {part for path in project_files(".py") for part in (path.stem, *path.parent.parts)}
    assert named & JUNK_DRAWERS == set()


def test_test_names__all_of_them__say_subject_condition_and_outcome() -> None:
    wrong = []
    for path in project_files(".py"):
        if path.parts[0] != "tests" or not path.name.startswith("test_"):
            continue
        for node in ast.walk(ast.parse((PROJECT / path).read_text())):
            if (
                isinstance(node, ast.FunctionDef)
                and node.name.startswith("test")
                and not TEST_NAME.fullmatch(node.name)
            ):
                wrong.append(f"{path}: {node.name}")
    assert wrong == []


def test_tests__each_folder__mirrors_a_folder_of_the_tree() -> None:
    for folder in {path.parent for path in project_files(".py") if path.parts[0] == "tests"}:
        inside = folder.parts[1:]
        if inside and inside[0] not in BESIDE_THE_MIRROR:
            assert (PROJECT / Path(*inside)).is_dir(), f"{folder} mirrors nothing"


def test_migrations__each__has_a_telling_name() -> None:
    nameless = [
        path for path in project_files(".py") if re.search(r"migrations/\d{4}_(auto_|alter_.*_and_more)", str(path))
    ]
    assert nameless == []


def test_texts__all_of_them__name_no_path_of_somebodys_machine() -> None:
    found = []
    for path in project_files(".py", ".md", ".toml", ".lock", ".html", ".js", ".css", ".sh", "Makefile", "/run"):
        text = (PROJECT / path).read_text()
        if MACHINE_PATH.search(text):
            found.append(str(path))
    assert found == []


def test_lock__each_line__names_no_host() -> None:
    lock = (PROJECT / "requirements.lock").read_text()
    assert "://" not in lock
    assert "--index-url" not in lock
