"""Who may hand on links to previews."""

import django.db.models.functions.text
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0014_kinds_of_bodies"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="block",
            options={
                "ordering": (django.db.models.functions.text.Lower("name"), "id"),
                "permissions": (("share_previews", "Can make links to previews that work without an account"),),
                "verbose_name": "block",
                "verbose_name_plural": "blocks",
            },
        ),
    ]
