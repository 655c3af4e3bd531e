"""Limits of campaigns and over everything."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0015_share_previews"),
    ]

    operations = [
        migrations.CreateModel(
            name="OverallLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "times",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="How often at most"
                    ),
                ),
                (
                    "within",
                    models.CharField(
                        choices=[
                            ("session", "in one visit"),
                            ("24h", "in 24 hours"),
                            ("7d", "in 7 days"),
                            ("30d", "in 30 days"),
                        ],
                        error_messages={"unique": "There is a limit for this time already: change that one."},
                        max_length=10,
                        unique=True,
                        verbose_name="counted",
                    ),
                ),
            ],
            options={
                "verbose_name": "limit over everything",
                "verbose_name_plural": "limits over everything",
                "ordering": ("id",),
            },
        ),
        migrations.AddField(
            model_name="block",
            name="is_exempt",
            field=models.BooleanField(
                default=False,
                help_text="For what is part of the page rather than an offer: it neither counts nor is held back.",
                verbose_name="left out of the limits over everything",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="cap_times",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="How often at most",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="cap_within",
            field=models.CharField(
                choices=[
                    ("session", "in one visit"),
                    ("24h", "in 24 hours"),
                    ("7d", "in 7 days"),
                    ("30d", "in 30 days"),
                ],
                default="7d",
                max_length=10,
                verbose_name="counted",
            ),
        ),
    ]
