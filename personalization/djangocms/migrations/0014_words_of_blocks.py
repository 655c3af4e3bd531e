"""What the form of a block says of how it appears, and of several variants."""

import django.core.validators
from django.db import migrations, models

import personalization.content.strategies


class Migration(migrations.Migration):
    dependencies = [
        ("attune_djangocms", "0013_blocks_in_pages"),
    ]

    operations = [
        migrations.AlterField(
            model_name="personalizedblock",
            name="is_exempt",
            field=models.BooleanField(
                default=False,
                help_text="For what is part of the page rather than an offer.",
                verbose_name="not counted in “Limits over everything”, nor held back by it",
            ),
        ),
        migrations.AlterField(
            model_name="personalizedblock",
            name="pick",
            field=models.CharField(
                choices=personalization.content.strategies.choices,
                default="first",
                max_length=40,
                verbose_name="If several variants fit",
            ),
        ),
        migrations.AlterField(
            model_name="personalizedblock",
            name="pick_most",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Left empty: all that fit.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="how many at most",
            ),
        ),
        migrations.AlterField(
            model_name="personalizedblock",
            name="reveal_after",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Left empty: 50 percent, 30 seconds on the page, 60 seconds without doing anything.",
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(3600),
                ],
                verbose_name="so many percent, or seconds",
            ),
        ),
        migrations.AlterField(
            model_name="personalizedblock",
            name="reveal_on",
            field=models.CharField(
                choices=[
                    ("scroll", "they have scrolled so many percent of the page"),
                    ("dwell", "they have been on the page for so many seconds"),
                    ("idle", "they have done nothing for so many seconds"),
                    ("exit", "their mouse leaves the page at its top"),
                ],
                default="scroll",
                help_text="On each page one such block appears, and can be closed.",
                max_length=10,
                verbose_name="It appears when",
            ),
        ),
        migrations.AlterField(
            model_name="personalizedblock",
            name="room",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="About as high as what is shown: then nothing on the page jumps when it comes after the page. Left empty, what everyone else sees keeps its room until it is out of view.",
                null=True,
                validators=[django.core.validators.MaxValueValidator(1000)],
                verbose_name="Room kept free, in pixels",
            ),
        ),
        migrations.AlterField(
            model_name="personalizedblock",
            name="show",
            field=models.CharField(
                choices=[
                    ("in_place", "In place"),
                    ("deferred", "Right after the page"),
                    ("revealed", "When they scroll, wait or leave"),
                ],
                default="in_place",
                help_text="“Right after the page” keeps pages fast behind any cache: they come with what everyone else sees, and a small script then puts in what this visitor sees. For a moment, everyone sees what everyone else sees.",
                max_length=10,
                verbose_name="When it is shown",
            ),
        ),
    ]
