"""Blocks of pages are called alike wherever they are listed."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("attune_djangocms", "0012_room_in_words")]

    operations = [
        migrations.AlterModelOptions(
            name="personalizedblock",
            options={"verbose_name": "personalized block", "verbose_name_plural": "blocks in pages"},
        ),
    ]
