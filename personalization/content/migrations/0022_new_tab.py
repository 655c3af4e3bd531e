"""Calls to action that open in a new tab."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0021_not_in_segments"),
    ]

    operations = [
        migrations.AddField(
            model_name="calltoaction",
            name="new_tab",
            field=models.BooleanField(
                default=False,
                help_text="So that your page stays open, for example beside a form of another site. Visitors are told.",
                verbose_name="opens in a new tab",
            ),
        ),
    ]
