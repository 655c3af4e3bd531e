"""Publishing asks for a permission of its own: whoever could publish so far by the right to change keeps that."""

from typing import Any

import django.db.models.functions.text
from django.conf import settings
from django.db import migrations

CHANGING = ("change_block", "change_blockgroup", "change_calltoaction", "change_campaign", "change_picture")


def keep_rights(apps: Any, schema_editor: Any) -> None:
    """Give it to all who may change something; not where it was asked for already, as somebody chose who has it."""
    if getattr(settings, "PERSONALIZATION_FOUR_EYES", False):
        return
    using = schema_editor.connection.alias
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    changing = permissions.filter(content_type__app_label="attune_content", codename__in=CHANGING)
    if not changing.exists():
        return  # a new site: Django makes the permissions in a moment
    blocks, _ = (
        apps.get_model("contenttypes", "ContentType")
        .objects.using(using)
        .get_or_create(app_label="attune_content", model="block")
    )
    publish, _ = permissions.get_or_create(
        content_type=blocks, codename="publish_block", defaults={"name": "Can publish what visitors see"}
    )
    for group in apps.get_model("auth", "Group").objects.using(using).filter(permissions__in=changing).distinct():
        group.permissions.add(publish)
    users = apps.get_model(settings.AUTH_USER_MODEL)
    if hasattr(users, "user_permissions"):
        for user in users._default_manager.using(using).filter(user_permissions__in=changing).distinct():
            user.user_permissions.add(publish)


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0023_offers"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="block",
            options={
                "ordering": (django.db.models.functions.text.Lower("name"), "id"),
                "permissions": (
                    ("share_previews", "Can make links to previews that work without an account"),
                    ("publish_block", "Can publish what visitors see"),
                ),
                "verbose_name": "block",
                "verbose_name_plural": "blocks",
            },
        ),
        migrations.RunPython(keep_rights, migrations.RunPython.noop),
    ]
