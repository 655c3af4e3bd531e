"""Each address counts once in a row of failures: which drawers of addresses a variant failed for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0025_rest_after_goals"),
    ]

    operations = [
        migrations.AddField(
            model_name="failingelsewhere",
            name="failed_for",
            field=models.BigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="variant",
            name="failed_for",
            field=models.BigIntegerField(default=0, editable=False),
        ),
    ]
