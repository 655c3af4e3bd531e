"""Variants at some hours of some days only, by the clocks of a time zone."""

from django.db import migrations, models

import personalization.content.mixins


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0002_languages"),
    ]

    operations = [
        migrations.AddField(
            model_name="variant",
            name="hours_from",
            field=models.TimeField(blank=True, null=True, verbose_name="at these hours, from"),
        ),
        migrations.AddField(
            model_name="variant",
            name="hours_until",
            field=models.TimeField(
                blank=True,
                help_text="Not later than “from”: of the next day. Both empty: the whole day.",
                null=True,
                verbose_name="at these hours, until",
            ),
        ),
        migrations.AddField(
            model_name="variant",
            name="time_zone",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Of all the dates and times here, such as “Europe/Berlin”. Left empty: the site’s.",
                max_length=64,
                validators=[personalization.content.mixins.validate_time_zone],
                verbose_name="time zone",
            ),
        ),
        migrations.AddField(
            model_name="variant",
            name="weekdays",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="None ticked: every day.",
                validators=[personalization.content.mixins.validate_weekdays],
                verbose_name="on these days",
            ),
        ),
    ]
