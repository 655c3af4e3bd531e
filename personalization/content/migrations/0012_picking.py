"""How many variants a block shows, and by what they are ordered."""

import django.core.validators
from django.db import migrations, models

import personalization.content.strategies


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0011_missing_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="block",
            name="pick",
            field=models.CharField(
                choices=personalization.content.strategies.choices,
                default="first",
                max_length=40,
                verbose_name="What is shown of what fits",
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="pick_most",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Left empty: all that fit. Without meaning for “The first that fits”.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="how many at most",
            ),
        ),
        migrations.AddField(
            model_name="variant",
            name="score",
            field=models.CharField(
                blank=True,
                default="",
                help_text="The name of a number that is known about the visitor, such as “trousers_interest”: where the best score comes first, the variant with the highest number does.",
                max_length=100,
                verbose_name="Score",
            ),
        ),
    ]
