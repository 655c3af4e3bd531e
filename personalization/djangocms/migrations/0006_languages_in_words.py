"""The languages of a variant are asked for in the words of the admin."""

from django.db import migrations, models

import personalization.content.languages


class Migration(migrations.Migration):
    dependencies = [
        ("attune_djangocms", "0005_rest_after_goals"),
    ]

    operations = [
        migrations.AlterField(
            model_name="variant",
            name="languages",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Of the page. None ticked: all of them.",
                validators=[personalization.content.languages.validate_languages],
                verbose_name="Languages",
            ),
        ),
    ]
