"""The settings of the engagement score."""

import django.core.validators
from django.db import migrations, models

import personalization.scoring.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="EngagementScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "half_life_days",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="After so many days, what somebody did counts half; after twice as many, a quarter; and so on. There is one such time for the whole score.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(3650),
                        ],
                        verbose_name="old behavior counts less after (days)",
                    ),
                ),
                (
                    "weights",
                    models.JSONField(
                        blank=True,
                        default=personalization.scoring.models.default_weights,
                        verbose_name="what counts, and how much",
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
            ],
            options={
                "verbose_name": "engagement score",
                "verbose_name_plural": "engagement score",
                "default_permissions": ("change", "view"),
            },
        ),
    ]
