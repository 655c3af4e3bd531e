"""Blocks of which only one shows something."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0003_schedule"),
    ]

    operations = [
        migrations.CreateModel(
            name="BlockGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="name")),
            ],
            options={
                "verbose_name": "group of blocks",
                "verbose_name_plural": "groups: one of several blocks",
                "ordering": (django.db.models.functions.text.Lower("name"), "id"),
            },
        ),
        migrations.CreateModel(
            name="BlockGroupPlace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "order",
                    models.PositiveIntegerField(default=0, help_text="Lower numbers come first.", verbose_name="order"),
                ),
                (
                    "block",
                    models.OneToOneField(
                        error_messages={"unique": "This block is in a group already."},
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="place",
                        to="attune_content.block",
                        verbose_name="block",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="places",
                        to="attune_content.blockgroup",
                        verbose_name="group",
                    ),
                ),
            ],
            options={
                "verbose_name": "block",
                "verbose_name_plural": "only the first of these blocks that has a variant for the visitor shows it",
                "ordering": ("order", "id"),
            },
        ),
    ]
