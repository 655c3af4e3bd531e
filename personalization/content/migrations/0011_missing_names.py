"""What pages asked for and nobody configured."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0010_team_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="MissingName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=10, verbose_name="kind")),
                ("key", models.CharField(max_length=80, verbose_name="Name in templates")),
                ("page", models.CharField(blank=True, max_length=200, verbose_name="page")),
                ("asked_at", models.DateTimeField(verbose_name="asked for last")),
            ],
            options={
                "verbose_name": "name that pages asked for",
                "verbose_name_plural": "names that pages asked for",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "key"), name="attune_content_one_missing_name")
                ],
            },
        ),
    ]
