"""Blocks and campaigns that only the team sees."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_djangocms", "0009_last_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="personalizedblock",
            name="team_only",
            field=models.BooleanField(
                default=False,
                help_text="For a trial on the live site: those of your team who are logged in see it, and all others what they would see without it. No results count the trial.",
                verbose_name="Show it to my team only",
            ),
        ),
        migrations.AlterField(
            model_name="variant",
            name="team_only",
            field=models.BooleanField(
                default=False,
                help_text="For a trial on the live site: those of your team who are logged in see it, and all others what they would see without it. No results count the trial.",
                verbose_name="Show it to my team only",
            ),
        ),
    ]
