"""The first tables of segments."""

import django.core.validators
from django.db import migrations, models

import personalization.segments.fields
import personalization.segments.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Recomputation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField()),
                ("parts", models.PositiveIntegerField(null=True)),
                ("parts_done", models.PositiveIntegerField(default=0)),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "update of all segments",
                "verbose_name_plural": "updates of all segments",
            },
        ),
        migrations.CreateModel(
            name="Segment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.CharField(
                        help_text="Lower-case letters, digits and dashes. It stays as it is once saved.",
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(?:[-_][a-z0-9]+)*\\Z", "Lower-case letters, digits and single dashes only."
                            )
                        ],
                        verbose_name="name in templates",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("description", models.TextField(blank=True, verbose_name="what it is for")),
                (
                    "rule",
                    personalization.segments.fields.RuleField(
                        default=personalization.segments.models.everybody, verbose_name="rule"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("active", "Active"), ("archived", "Archived")],
                        default="draft",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("size", models.PositiveIntegerField(editable=False, null=True, verbose_name="people")),
                ("size_at", models.DateTimeField(editable=False, null=True, verbose_name="counted")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
            ],
            options={
                "verbose_name": "segment",
                "verbose_name_plural": "segments",
                "ordering": ("name",),
                "permissions": (("recompute_segment", "Can update the segments of all visitors now"),),
            },
        ),
    ]
