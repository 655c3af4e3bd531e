"""What must hold before any models are loaded: all our apps are named, and the modules of their names are ours."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from django.conf import settings
from django.core.checks import Error

import personalization

LABELS: Final = {"consent": "attune_consent", "tracking": "attune_tracking"}


def missing_apps() -> Iterator[Error]:
    """What `INSTALLED_APPS` lacks of ours: models of the others fail then with a message that says neither."""
    named = [str(entry) for entry in settings.INSTALLED_APPS]
    missing = [
        name
        for name in personalization.APPS
        if not any(entry == name or entry.startswith(f"{name}.apps.") for entry in named)
    ]
    if missing:
        yield Error(
            f"INSTALLED_APPS lacks {', '.join(missing)}.",
            hint="Write INSTALLED_APPS += personalization.APPS, instead of naming some of them.",
            id="personalization.E007",
        )


def foreign_modules() -> Iterator[Error]:
    """Each module that another package put where ours should be.

    Imports no more than `AppConfig.create` does, so it may be asked before any models are loaded: what then imports
    one of our modules from a stranger fails with a message that names neither the stranger nor the way out.
    """
    for name, label in LABELS.items():
        try:
            module = import_module(name)
        except ModuleNotFoundError:
            continue  # Django says that an app is missing, and which
        if not _is_ours(module, label):
            yield Error(
                f"The module {name!r} comes from another package ({_place_of(module)}), not from Attune.",
                hint=(
                    f"One project cannot have two modules called {name!r}. Rename yours, or uninstall the other "
                    "package and install django-attune again."
                ),
                id="personalization.E008",
            )


def _is_ours(module: ModuleType, label: str) -> bool:
    try:
        apps = import_module(f"{module.__name__}.apps")
    except ImportError:
        return False
    configurations: list[Any] = list(vars(apps).values())
    return any(getattr(configuration, "label", None) == label for configuration in configurations)


def _place_of(module: ModuleType) -> str:
    # A folder without __init__.py has no file.
    return module.__file__ or ", ".join(getattr(module, "__path__", ())) or "built in"
