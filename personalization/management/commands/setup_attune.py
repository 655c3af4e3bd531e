"""Prepare a site for Attune: what it needs in the database, and what is left to do by hand. May be run again."""

from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.core.checks import CheckMessage, run_checks
from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q

import personalization
from personalization.content.models import Block
from personalization.schedule import SCHEDULE
from personalization.segments.models import Segment
from tracking.models import Goal

_EVERYTHING: Final = ("add", "change", "delete", "view")
_LOOKING: Final = (
    "attune_segments.view_segment",
    "attune_scoring.view_engagementscore",
    "attune_tracking.view_eventtype",
    "attune_tracking.view_goal",
    "attune_tracking.view_refusedevents",
    "attune_tracking.view_results",
    "attune_tracking.view_import",
    "attune_tracking.view_visitor",
)
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "Attune: editors": (
        *(
            f"attune_content.{action}_{model}"
            for model in (
                "block",
                "blockgroup",
                "blockgroupplace",
                "campaign",
                "overalllimit",
                "picture",
                "codestock",
                "variant",
                "calltoaction",
                "calltoactionoverride",
            )
            for action in _EVERYTHING
        ),
        "attune_content.pause_everything",
        "attune_content.share_previews",
        "attune_content.publish_block",
        # With django CMS; without it there are no such permissions to give.
        *(
            f"attune_djangocms.{action}_{model}"
            for model in ("personalizedblock", "variant", "bodyplugin", "calltoactionplugin", "ifsegment")
            for action in _EVERYTHING
        ),
        *(f"attune_segments.{action}_segment" for action in _EVERYTHING),
        "attune_segments.recompute_segment",
        *(f"attune_tracking.{action}_{model}" for model in ("eventtype", "goal") for action in _EVERYTHING),
        "attune_tracking.view_results",
        *(f"attune_scoring.{action}_engagementscore" for action in ("change", "view")),
        "attune_tracking.view_refusedevents",
        "attune_tracking.view_import",
    ),
    "Attune: analysts": _LOOKING,
    "Attune: privacy officers": (
        *_LOOKING,
        "attune_tracking.identify_visitor",
        "attune_tracking.see_small_counts",
        "attune_tracking.undo_import",
        "attune_tracking.view_visitoraccess",
    ),
}
"""The groups that are made, each with its permissions: those who decide what is seen, those who look at visitors
without learning who they are and say why, and those who answer for all of it. The names begin with ours: sites and
other packages have groups called Editors, too."""

PRESETS: Final[dict[str, dict[str, str]]] = {
    "purchase": {"name": "Purchase", "value_property": "value"},
    "sign_up": {"name": "Sign-up"},
    "generate_lead": {"name": "Contact data left", "value_property": "value"},
}
"""The goals that are made: event and what is known of it. Where some goal has the event already, none is made."""

FORMER: Final = {"Attune: visitors": "Attune: analysts"}
"""Groups that were called otherwise once: they keep their members."""

LABELS: Final = ("consent", "tracking", "personalization", "attune_")
"""The beginnings of the ids of the checks that are ours."""


class Command(BaseCommand):
    """``manage.py setup_attune``: idempotent, and prints what it made and what is left to do."""

    help = "Make the groups and goals that Attune brings, and say what is left to do. May be run again."
    requires_system_checks: list[str] = []  # Django's own declaration; the checks are run and shown here

    def handle(self, *args: Any, **options: Any) -> None:
        """Make what is missing, then list what is left."""
        _require_migrations()
        made = make_groups() + make_goals()
        for line in made or ["Everything was there already."]:
            self.stdout.write(self.style.SUCCESS(line))
        left = [f"{message.msg} {message.hint or ''} ({message.id})" for message in mistakes()] + next_steps()
        self.stdout.write("Left to do:" if left else "Nothing is left to do.")
        for line in left:
            self.stdout.write(f"  - {line}")


@transaction.atomic
def make_groups() -> list[str]:
    """Make the groups that are missing, and give them the permissions that they lack; takes none away."""
    for label in personalization.APPS:
        create_permissions(apps.get_app_config(_label_of(label)), verbosity=0)
    made: list[str] = []
    for former, name in FORMER.items():
        if not Group.objects.filter(name=name).exists() and Group.objects.filter(name=former).update(name=name):
            made.append(f"Renamed the group “{former}” to “{name}”; its members now state why they look at a visitor.")
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


@transaction.atomic
def make_goals() -> list[str]:
    """Make a goal of each event of `PRESETS` that no goal is about."""
    made: list[str] = []
    for event, fields in PRESETS.items():
        if not Goal.objects.filter(Q(event=event) | Q(name=fields["name"])).exists():
            Goal.objects.create(event=event, **fields)
            made.append(f"Made the goal “{fields['name']}”.")
    return made


def next_steps() -> list[str]:
    """What a new site still needs, from outside of its settings."""
    steps = []
    scheduled = {entry.get("task") for entry in getattr(settings, "CELERY_BEAT_SCHEDULE", {}).values()}
    if not scheduled.intersection(entry["task"] for entry in SCHEDULE.values()):
        steps.append(
            "Let Celery's beat keep segments up to date: CELERY_BEAT_SCHEDULE = personalization.schedule.SCHEDULE."
        )
    if not Segment.objects.exists():
        steps.append("Create a segment in the admin: say who your visitors are.")
    if not Block.objects.exists():
        steps.append(
            'Put {% attune_head %}, {% attune_body %} and {% personalized_block "name" %}…{% endpersonalized_block %} '
            "into your templates, and create the block of that name in the admin."
        )
    return steps


def mistakes() -> list[CheckMessage]:
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
