"""Histories of blocks, their drafts, and who may publish them."""

import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0018_sites"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="block",
            options={
                "ordering": (django.db.models.functions.text.Lower("name"), "id"),
                "permissions": (
                    ("share_previews", "Can make links to previews that work without an account"),
                    ("publish_block", "Can publish drafts of blocks"),
                ),
                "verbose_name": "block",
                "verbose_name_plural": "blocks",
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("published", "Published"),
                            ("draft", "Draft"),
                            ("dropped", "Draft that was replaced or dropped"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "content",
                    models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name="content"),
                ),
                ("based_on", models.PositiveIntegerField(default=0, verbose_name="based on")),
                ("by", models.CharField(blank=True, default="", max_length=200, verbose_name="by")),
                ("published_by", models.CharField(blank=True, default="", max_length=200, verbose_name="published by")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "block",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="revisions",
                        to="attune_content.block",
                        verbose_name="block",
                    ),
                ),
            ],
            options={
                "verbose_name": "revision",
                "verbose_name_plural": "revisions",
                "ordering": ("-number",),
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("block", "number"), name="attune_content_one_revision")
                ],
            },
        ),
    ]
