"""Variants that rest after a goal was reached."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0024_publishing"),
        ("attune_tracking", "0004_goals"),
    ]

    operations = [
        migrations.AddField(
            model_name="variant",
            name="rest_goal",
            field=models.ForeignKey(
                blank=True,
                help_text="Counted for as long as the goal itself is counted.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="attune_tracking.goal",
                verbose_name="this goal",
            ),
        ),
        migrations.AlterField(
            model_name="variant",
            name="rest_after",
            field=models.CharField(
                blank=True,
                choices=[
                    ("block_click", "a click in it"),
                    ("purchase", "a purchase"),
                    ("sign_up", "a sign-up"),
                    ("generate_lead", "a form that was sent"),
                    ("goal", "a goal that they reached"),
                ],
                default="",
                max_length=20,
                verbose_name="Not again after",
            ),
        ),
    ]
