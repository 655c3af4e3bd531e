"""Variants that only the site's own staff see, for a trial."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0009_revealing"),
    ]

    operations = [
        migrations.AddField(
            model_name="variant",
            name="team_only",
            field=models.BooleanField(
                default=False,
                help_text="For a trial on the live site: shown to staff who are logged in, and to nobody else.",
                verbose_name="Only my team sees it",
            ),
        ),
    ]
