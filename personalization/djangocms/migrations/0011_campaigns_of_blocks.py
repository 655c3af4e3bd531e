"""Blocks of pages in campaigns and out of limits over everything, and variants of pages for some sites."""

import django.db.models.deletion
from django.db import migrations, models

import personalization.content.sites


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0029_trials"),
        ("attune_djangocms", "0010_trials"),
    ]

    operations = [
        migrations.AddField(
            model_name="personalizedblock",
            name="campaign",
            field=models.ForeignKey(
                blank=True,
                help_text="Shown only while it runs.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="blocks_in_pages",
                to="attune_content.campaign",
                verbose_name="campaign",
            ),
        ),
        migrations.AddField(
            model_name="personalizedblock",
            name="is_exempt",
            field=models.BooleanField(
                default=False,
                help_text="For what is part of the page rather than an offer: it neither counts nor is held back.",
                verbose_name="left out of the limits over everything",
            ),
        ),
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
