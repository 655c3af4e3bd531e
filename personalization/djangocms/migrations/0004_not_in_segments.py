"""Variants for visitors who are in none of some segments."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_djangocms", "0003_showing"),
    ]

    operations = [
        migrations.AlterField(
            model_name="variant",
            name="audience_kind",
            field=models.CharField(
                choices=[
                    ("everybody", "Everybody"),
                    ("segments", "Visitors in any of these segments"),
                    ("not_in", "Visitors in none of these segments"),
                    ("rule", "Visitors who match a rule"),
                    ("others", "Everyone else: whom no other variant fits"),
                ],
                default="everybody",
                max_length=10,
                verbose_name="Who sees it",
            ),
        ),
    ]
