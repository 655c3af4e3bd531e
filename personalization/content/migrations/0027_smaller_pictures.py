"""Smaller versions of pictures, kept with them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("attune_content", "0026_failed_for")]

    operations = [
        migrations.AddField("picture", "smaller", models.JSONField(default=dict, editable=False)),
    ]
