"""Texts in several languages beside the English ones, and topics as something of their own."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def forget_articles(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Their topics were plain words; the catalog's files bring all of them back at the next start."""
    apps.get_model("demo_site", "Article").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("demo_site", "0001_catalog_and_orders")]

    operations = [
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("translations", models.JSONField(blank=True, default=dict)),
                ("slug", models.SlugField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("introduction", models.TextField()),
                ("order", models.PositiveSmallIntegerField()),
            ],
            options={"ordering": ("order",)},
        ),
        *(
            migrations.AddField(model_name=name, name="translations", field=models.JSONField(blank=True, default=dict))
            for name in ("article", "category", "product")
        ),
        *(
            migrations.AddField(model_name=name, name="words", field=models.JSONField(blank=True, default=dict))
            for name in ("article", "product")
        ),
        migrations.RunPython(forget_articles, forget_articles),
        migrations.RemoveField(model_name="article", name="topic"),
        migrations.AddField(
            model_name="article",
            name="topic",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="articles", to="demo_site.topic"
            ),
        ),
    ]
