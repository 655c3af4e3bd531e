"""What failed and what is paused of blocks that others bring."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0012_picking"),
    ]

    operations = [
        migrations.CreateModel(
            name="FailingElsewhere",
            fields=[
                ("failures", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("failed_at", models.DateTimeField(editable=False, null=True)),
                ("failure", models.CharField(default="", editable=False, max_length=200)),
                (
                    "broken_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="switched off after errors"),
                ),
                ("uuid", models.UUIDField(primary_key=True, serialize=False)),
                ("block", models.CharField(db_index=True, max_length=200, verbose_name="block")),
            ],
            options={
                "verbose_name": "variant of a page that failed",
                "verbose_name_plural": "variants of pages that failed",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="PausedElsewhere",
            fields=[
                ("key", models.CharField(max_length=200, primary_key=True, serialize=False, verbose_name="block")),
                ("since", models.DateTimeField(auto_now_add=True, verbose_name="since")),
            ],
            options={
                "verbose_name": "pause of a block in a page",
                "verbose_name_plural": "pauses of blocks in pages",
                "default_permissions": (),
            },
        ),
    ]
