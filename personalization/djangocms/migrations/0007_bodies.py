"""Lists of items, pictures and offers as plugins."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0023_offers"),
        ("attune_djangocms", "0006_languages_in_words"),
        ("cms", "0045_pageurl_site_unique_path"),
    ]

    operations = [
        migrations.CreateModel(
            name="BodyPlugin",
            fields=[
                (
                    "cmsplugin_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        related_name="%(app_label)s_%(class)s",
                        serialize=False,
                        to="cms.cmsplugin",
                    ),
                ),
                ("uuid", models.UUIDField(db_index=True, default=uuid.uuid4, editable=False)),
                ("body", models.TextField(blank=True, default="", verbose_name="text")),
                ("content", models.JSONField(blank=True, default=dict)),
                (
                    "code_stock",
                    models.ForeignKey(
                        blank=True,
                        help_text="Each visitor gets one code, once, by a click. Shown only to those who agreed to personalization, as it is noted who has which, and while some are left. A variant that holds nothing else then makes room for the next.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plugins",
                        to="attune_content.codestock",
                        verbose_name="or a code for each from this stock",
                    ),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plugins",
                        to="attune_content.picture",
                        verbose_name="picture",
                    ),
                ),
            ],
            options={
                "verbose_name": "content in a page",
                "verbose_name_plural": "contents in pages",
            },
            bases=("cms.cmsplugin",),
        ),
    ]
