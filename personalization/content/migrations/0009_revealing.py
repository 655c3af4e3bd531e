"""What brings a block into view, and after how much of it."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0008_showing"),
    ]

    operations = [
        migrations.AddField(
            model_name="block",
            name="reveal_after",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Left empty: 50 percent, 30 seconds on the page, 60 seconds without doing anything.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(3600),
                ],
                verbose_name="so many",
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="reveal_on",
            field=models.CharField(
                choices=[
                    ("scroll", "they have scrolled so many percent of the page"),
                    ("dwell", "they have been on the page for so many seconds"),
                    ("idle", "they have done nothing for so many seconds"),
                    ("exit", "their mouse leaves the page at its top"),
                ],
                default="scroll",
                help_text="For “When they scroll, wait or leave”. On each page one such block appears, and can be closed.",
                max_length=10,
                verbose_name="It appears when",
            ),
        ),
    ]
