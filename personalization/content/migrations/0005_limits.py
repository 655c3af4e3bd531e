"""How often at most, when to rest, and when others come first."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0004_groups"),
    ]

    operations = [
        migrations.AddField(
            model_name="block",
            name="cap_times",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="How often at most",
            ),
        ),
        migrations.AddField(
            model_name="block",
            name="cap_within",
            field=models.CharField(
                choices=[
                    ("session", "in one visit"),
                    ("24h", "in 24 hours"),
                    ("7d", "in 7 days"),
                    ("30d", "in 30 days"),
                ],
                default="7d",
                max_length=10,
                verbose_name="counted",
            ),
        ),
        migrations.AddField(
            model_name="variant",
            name="cap_times",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="How often at most",
            ),
        ),
        migrations.AddField(
            model_name="variant",
            name="cap_within",
            field=models.CharField(
                choices=[
                    ("session", "in one visit"),
                    ("24h", "in 24 hours"),
                    ("7d", "in 7 days"),
                    ("30d", "in 30 days"),
                ],
                default="7d",
                max_length=10,
                verbose_name="counted",
            ),
        ),
        migrations.AddField(
            model_name="variant",
            name="rest_after",
            field=models.CharField(
                blank=True,
                choices=[
                    ("block_click", "a click in it"),
                    ("purchase", "a purchase"),
                    ("sign_up", "a sign-up"),
                    ("generate_lead", "a form that was sent"),
                ],
                default="",
                max_length=20,
                verbose_name="Not again after",
            ),
        ),
        migrations.AddField(
            model_name="variant",
            name="rest_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(365)],
                verbose_name="for so many days",
            ),
        ),
        migrations.AddField(
            model_name="variant",
            name="tires_after",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="So many times seen without a click in 7 days; then other variants that fit are preferred.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="Others first after",
            ),
        ),
    ]
