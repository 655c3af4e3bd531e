"""Lets campaigns tell which variants of pages belong to them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0013_elsewhere"),
        ("attune_djangocms", "0001_plugins"),
    ]

    operations = [
        migrations.AlterField(
            model_name="variant",
            name="campaign",
            field=models.ForeignKey(
                blank=True,
                help_text="Shown only while it runs.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="variants_in_pages",
                to="attune_content.campaign",
                verbose_name="campaign",
            ),
        ),
    ]
