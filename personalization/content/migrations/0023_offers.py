"""Variants that make offers, and stocks of codes that offers give away."""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0022_new_tab"),
    ]

    operations = [
        migrations.CreateModel(
            name="CodeStock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="By which variants choose it. Visitors do not see it.",
                        max_length=200,
                        unique=True,
                        verbose_name="name",
                    ),
                ),
                ("is_sold_out", models.BooleanField(default=True, editable=False)),
            ],
            options={
                "verbose_name": "stock of codes",
                "verbose_name_plural": "stocks of codes",
                "ordering": (django.db.models.functions.text.Lower("name"), "id"),
            },
        ),
        migrations.AlterField(
            model_name="variant",
            name="body_kind",
            field=models.CharField(
                choices=[
                    ("rich_text", "Text"),
                    ("template", "A ready-made layout"),
                    ("cta", "A call to action"),
                    ("items", "A list of items"),
                    ("image", "A picture"),
                    ("offer", "An offer"),
                ],
                default="rich_text",
                max_length=10,
                verbose_name="What they see",
            ),
        ),
        migrations.AddField(
            model_name="variant",
            name="code_stock",
            field=models.ForeignKey(
                blank=True,
                help_text="Each visitor gets one code, once, by a click. Shown only to those who agreed to personalization, as it is noted who has which; when none is left, the next variant is shown.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="variants",
                to="attune_content.codestock",
                verbose_name="or a code for each from this stock",
            ),
        ),
        migrations.CreateModel(
            name="OfferCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=100, verbose_name="code")),
                ("handed_at", models.DateTimeField(editable=False, null=True, verbose_name="given away")),
                ("visitor_id", models.UUIDField(db_index=True, editable=False, null=True)),
                (
                    "stock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codes",
                        to="attune_content.codestock",
                        verbose_name="stock",
                    ),
                ),
            ],
            options={
                "verbose_name": "code",
                "verbose_name_plural": "codes",
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("handed_at__isnull", True)),
                        fields=["stock", "id"],
                        name="attune_content_codes_left",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("stock", "code"), name="attune_content_one_code"),
                    models.UniqueConstraint(fields=("stock", "visitor_id"), name="attune_content_one_code_a_visitor"),
                ],
            },
        ),
    ]
