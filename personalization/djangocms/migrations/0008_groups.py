"""Blocks of pages in groups of which only one shows something."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0025_rest_after_goals"),
        ("attune_djangocms", "0007_bodies"),
    ]

    operations = [
        migrations.AddField(
            model_name="personalizedblock",
            name="group",
            field=models.ForeignKey(
                blank=True,
                help_text="Of its blocks on a page only the first shows something that has a variant for the visitor.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="blocks_in_pages",
                to="attune_content.blockgroup",
                verbose_name="Only one of this group",
            ),
        ),
        migrations.AddField(
            model_name="personalizedblock",
            name="group_order",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Lower numbers come first. Left empty: after those that have one.",
                null=True,
                verbose_name="its number in the group",
            ),
        ),
    ]
