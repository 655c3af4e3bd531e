"""Blocks and campaigns that only the team sees."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0028_histories"),
    ]

    operations = [
        migrations.AddField(
            model_name="block",
            name="team_only",
            field=models.BooleanField(
                default=False,
                help_text="For a trial on the live site: those of your team who are logged in see it, and all others what they would see without it. No results count the trial.",
                verbose_name="Show it to my team only",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
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
