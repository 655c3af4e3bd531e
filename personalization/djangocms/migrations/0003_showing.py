"""How many variants a block of a page shows, when, by what they are ordered, and trials."""

import django.core.validators
from django.db import migrations, models

import personalization.content.strategies


class Migration(migrations.Migration):
    dependencies = [
        ("attune_djangocms", "0002_campaigns"),
    ]

    operations = [
        migrations.AddField(
            model_name="personalizedblock",
            name="pick",
            field=models.CharField(
                choices=personalization.content.strategies.choices,
                default="first",
                max_length=40,
                verbose_name="What is shown of what fits",
            ),
        ),
        migrations.AddField(
            model_name="personalizedblock",
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
                verbose_name="so many",
            ),
        ),
        migrations.AddField(
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
                help_text="For “When they scroll, wait or leave”. On each page one such block appears, and can be closed.",
                max_length=10,
                verbose_name="It appears when",
            ),
        ),
        migrations.AddField(
            model_name="personalizedblock",
            name="room",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="In pixels, about as high as what is shown: then nothing on the page jumps when it comes after the page.",
                null=True,
                validators=[django.core.validators.MaxValueValidator(1000)],
                verbose_name="Room kept free",
            ),
        ),
        migrations.AddField(
            model_name="personalizedblock",
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
