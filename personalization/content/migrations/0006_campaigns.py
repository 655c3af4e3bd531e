"""Campaigns, and the pause of everything."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import personalization.content.mixins


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0005_limits"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField(blank=True, null=True, verbose_name="from")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                (
                    "weekdays",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="None ticked: every day.",
                        validators=[personalization.content.mixins.validate_weekdays],
                        verbose_name="on these days",
                    ),
                ),
                ("hours_from", models.TimeField(blank=True, null=True, verbose_name="at these hours, from")),
                (
                    "hours_until",
                    models.TimeField(
                        blank=True,
                        help_text="Not later than “from”: of the next day. Both empty: the whole day.",
                        null=True,
                        verbose_name="at these hours, until",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Of all the dates and times here, such as “Europe/Berlin”. Left empty: the site’s.",
                        max_length=64,
                        validators=[personalization.content.mixins.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="name")),
                (
                    "status",
                    models.CharField(
                        choices=[("live", "Live"), ("paused", "Paused: nothing of it is shown")],
                        default="live",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
            ],
            options={
                "verbose_name": "campaign",
                "verbose_name_plural": "campaigns",
                "ordering": (django.db.models.functions.text.Lower("name"), "id"),
            },
        ),
        migrations.CreateModel(
            name="PausedEverything",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(auto_now_add=True, verbose_name="since")),
                ("by", models.CharField(blank=True, default="", max_length=200, verbose_name="by")),
            ],
            options={
                "verbose_name": "pause of everything",
                "verbose_name_plural": "pauses of everything",
                "permissions": (("pause_everything", "Can pause all blocks and calls to action"),),
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="block",
            name="campaign",
            field=models.ForeignKey(
                blank=True,
                help_text="All variants are shown only while it runs.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="blocks",
                to="attune_content.campaign",
                verbose_name="campaign",
            ),
        ),
        migrations.AddField(
            model_name="variant",
            name="campaign",
            field=models.ForeignKey(
                blank=True,
                help_text="Shown only while it runs.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="variants",
                to="attune_content.campaign",
                verbose_name="campaign",
            ),
        ),
    ]
