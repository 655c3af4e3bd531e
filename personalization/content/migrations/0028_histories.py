"""Histories of calls to action, campaigns, groups and pictures; exceptions that stay the same through them."""

import uuid
from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def give_ids(apps: Any, schema_editor: Any) -> None:
    """Each exception gets one of its own."""
    overrides = apps.get_model("attune_content", "CallToActionOverride").objects.using(schema_editor.connection.alias)
    for pk in list(overrides.values_list("pk", flat=True)):
        overrides.filter(pk=pk).update(uuid=uuid.uuid4())


def forget_others(apps: Any, schema_editor: Any) -> None:
    """On the way back there is no place for them: only blocks have histories there."""
    revisions = apps.get_model("attune_content", "Revision").objects.using(schema_editor.connection.alias)
    revisions.filter(block=None).delete()


def belongs(model: str, label: str) -> Any:
    """The column of one kind of things."""
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.CASCADE,
        related_name="revisions",
        to=f"attune_content.{model}",
        verbose_name=label,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0027_smaller_pictures"),
    ]

    operations = [
        migrations.AddField("calltoactionoverride", "uuid", models.UUIDField(editable=False, null=True)),
        migrations.RunPython(give_ids, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            "calltoactionoverride", "uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
        ),
        migrations.AlterField("revision", "block", belongs("block", "block")),
        migrations.RunPython(migrations.RunPython.noop, forget_others),
        migrations.AddField("revision", "cta", belongs("calltoaction", "call to action")),
        migrations.AddField("revision", "campaign", belongs("campaign", "campaign")),
        migrations.AddField("revision", "group", belongs("blockgroup", "group")),
        migrations.AddField("revision", "picture", belongs("picture", "picture")),
        *(
            migrations.AddConstraint(
                "revision",
                models.UniqueConstraint(fields=[name, "number"], name=f"attune_content_one_revision_{name}"),
            )
            for name in ("cta", "campaign", "group", "picture")
        ),
    ]
