"""Relations, migrations and imports go down only, and no folder stands outside the plan."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

from tests.architecture import FLOORS, PACKAGES, PROJECT, project_files

pytestmark = pytest.mark.once


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in FLOORS]


def test_folders__all_of_them__are_named_by_the_plan() -> None:
    holding_python = {path.parts[0] for path in project_files(".py") if len(path.parts) > 1}
    assert holding_python <= {*PACKAGES, "tests", "docs"}
    configuration = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    contracts = {contract["id"]: contract for contract in configuration["tool"]["importlinter"]["contracts"]}
    assert tuple(contracts["roofs"]["layers"]) == PACKAGES
    assert contracts["rooms"]["exhaustive"] is True


def test_apps__all_of_ours__have_a_floor() -> None:
    ours = {config.label for config in apps.get_app_configs() if config.name.split(".")[0] in PACKAGES}
    assert ours <= FLOORS.keys()


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_relations__each_model__point_to_its_own_floor_or_below(model: type[models.Model]) -> None:
    own = FLOORS[model._meta.app_label]
    for field in model._meta.get_fields(include_hidden=True):
        if field.auto_created and not field.concrete:
            continue  # the far side of somebody else's relation
        target = field.related_model
        if isinstance(target, type) and target._meta.app_label in FLOORS:
            assert FLOORS[target._meta.app_label] <= own, f"{model._meta.label}.{field.name} points up"


def test_migrations__dependencies__go_down_only() -> None:
    for (label, name), migration in MigrationLoader(None).disk_migrations.items():
        for dependency, _ in [*migration.dependencies, *migration.run_before]:
            if label in FLOORS and dependency in FLOORS:
                assert FLOORS[dependency] <= FLOORS[label], f"{label}.{name} depends on {dependency}"


def test_model_names_in_strings__each_module__name_no_upper_floor() -> None:
    """`apps.get_model("upper", …)` would pass by the import contract."""
    rooms = {config.name: config.label for config in apps.get_app_configs() if config.label in FLOORS}
    for path in project_files(".py"):
        module = ".".join(path.with_suffix("").parts)
        room = max((name for name in rooms if module.startswith(f"{name}.")), key=len, default=None)
        if room is None or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse((PROJECT / path).read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"get_model", "get_app_config"}:
                for argument in node.args[:1]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        label = argument.value.split(".")[0]
                        assert FLOORS.get(label, 0) <= FLOORS[rooms[room]], f"{path}:{node.lineno} asks for {label}"


@pytest.mark.parametrize("module", ["personalization", "personalization.rules", "tracking.timeline"])
def test_import__names_for_everybody__bring_nothing_heavy(module: str) -> None:
    heavy = {"django", "celery", "redis", "psycopg", "sklearn", "numpy", "tqdm"}
    code = f"import sys, {module}; print(*({heavy!r} & {{name.split('.')[0] for name in sys.modules}}))"
    answer = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []
