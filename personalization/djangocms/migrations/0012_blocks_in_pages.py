"""Blocks of pages are called alike wherever they are listed."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("attune_djangocms", "0011_campaigns_of_blocks")]

    operations = [
        migrations.AlterModelOptions(
            name="personalizedblock",
            options={"verbose_name": "personalized block", "verbose_name_plural": "blocks in pages"},
        ),
    ]
