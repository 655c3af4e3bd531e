"""Variants for visitors who are in none of some segments."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0020_pictures"),
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
                ],
                default="everybody",
                max_length=10,
                verbose_name="Who sees it",
            ),
        ),
    ]
