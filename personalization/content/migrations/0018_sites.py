"""The sites on which a variant is shown."""

from django.db import migrations, models

import personalization.content.sites


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0017_targets_and_emphasis"),
    ]

    operations = [
        migrations.AddField(
            model_name="variant",
            name="sites",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="On which it is shown. None ticked: all of them.",
                validators=[personalization.content.sites.validate_sites],
                verbose_name="Sites",
            ),
        ),
    ]
