"""Who changed a placeholder last, for pages where two people must look."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_djangocms", "0008_groups"),
        ("cms", "0045_pageurl_site_unique_path"),
    ]

    operations = [
        migrations.CreateModel(
            name="LastChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by", models.CharField(max_length=200)),
                (
                    "placeholder",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="cms.placeholder"
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
    ]
