"""When a block comes onto its page, and how much room is kept free for it."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0007_failures"),
    ]

    operations = [
        migrations.AddField(
            model_name="block",
            name="room",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                help_text="In pixels, about as high as what is shown: then nothing on the page jumps when it comes after the page.",
                validators=[django.core.validators.MaxValueValidator(1000)],
                verbose_name="Room kept free",
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="show",
            field=models.CharField(
                choices=[
                    ("in_place", "In place"),
                    ("deferred", "Right after the page"),
                    ("revealed", "When they scroll, wait or leave"),
                ],
                default="in_place",
                help_text="“Right after the page” keeps pages fast behind any cache: they come with what everyone else sees, and a small script then puts in what this visitor sees.",
                max_length=10,
                verbose_name="When it is shown",
            ),
        ),
    ]
