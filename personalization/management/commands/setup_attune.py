"""Prepare a site for Attune: what it needs in the database, and what is left to do by hand. May be run again."""

from typing import Any, Final

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.core.checks import CheckMessage, run_checks
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.migrations.executor import MigrationExecutor

import personalization

_EVERYTHING: Final = ("add", "change", "delete", "view")
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "Attune: editors": (
        *(
            f"attune_content.{action}_{model}"
            for model in ("block", "variant", "calltoaction", "calltoactionoverride")
            for action in _EVERYTHING
        ),
        *(f"attune_segments.{action}_segment" for action in _EVERYTHING),
        "attune_segments.recompute_segment",
    ),
    "Attune: visitors": ("attune_tracking.view_visitor", "attune_segments.view_segment"),
}
"""The groups that are made, each with its permissions: those who decide what is seen, and those who may see persons."""

LABELS: Final = ("consent", "tracking", "personalization", "attune_")
"""The beginnings of the ids of the checks that are ours."""


class Command(BaseCommand):
    """``manage.py setup_attune``: idempotent, and prints what it made and what is left to do."""

    help = "Make the groups that Attune brings, and say what is left to do. May be run again."
    requires_system_checks: list[str] = []  # Django's own declaration; the checks are run and shown here

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing, then list what is left."""
        _require_migrations()
        made = make_groups()
        for line in made or ["Everything was there already."]:
            self.stdout.write(self.style.SUCCESS(line))
        left = what_is_left()
        if not left:
            self.stdout.write("Nothing is left to do.")
            return
        self.stdout.write("Left to do:")
        for message in left:
            self.stdout.write(f"  - {message.msg} {message.hint or ''} ({message.id})".rstrip())


@transaction.atomic
def make_groups() -> list[str]:
    """Make the groups that are missing, and give them the permissions that they lack; takes none away."""
    for label in personalization.APPS:
        create_permissions(apps.get_app_config(_label_of(label)), verbosity=0)
    made: list[str] = []
    for name, wanted in GROUPS.items():
        group, is_new = Group.objects.get_or_create(name=name)
        held = {f"{app}.{code}" for app, code in group.permissions.values_list("content_type__app_label", "codename")}
        missing = [
            permission for permission in map(_permission, wanted) if permission and _name_of(permission) not in held
        ]
        group.permissions.add(*missing)
        if is_new:
            made.append(f"Made the group “{name}”.")
        elif missing:
            made.append(f"Gave the group “{name}” {len(missing)} more permissions.")
    return made


def what_is_left() -> list[CheckMessage]:
    """What our system checks find wrong with the installation."""
    return [
        message
        for message in run_checks()
        if message.id and message.id.startswith(LABELS) and not message.is_silenced()
    ]


def _require_migrations() -> None:
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The database lacks migrations. Run “manage.py migrate” first.")


def _permission(name: str) -> Permission | None:
    app, code = name.split(".")
    return Permission.objects.filter(content_type__app_label=app, codename=code).select_related("content_type").first()


def _name_of(permission: Permission) -> str:
    return f"{permission.content_type.app_label}.{permission.codename}"


def _label_of(app: str) -> str:
    return next(config.label for config in apps.get_app_configs() if config.name == app)
