"""Runs of the simulator, and who was simulated in each."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SimulatedRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seed", models.PositiveBigIntegerField()),
                ("live", models.BooleanField(default=False)),
                ("until", models.DateTimeField()),
                ("visitors", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "simulated visitors",
                "verbose_name_plural": "simulated visitors",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("live", False)),
                        fields=("seed",),
                        name="demo_simulator_one_history_per_seed",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SimulatedVisitor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("intent", models.CharField(max_length=20)),
                ("visitor_id", models.UUIDField(db_index=True, null=True)),
                ("cookies", models.JSONField(default=dict)),
                ("sent", models.PositiveIntegerField(default=0)),
                ("stored", models.PositiveIntegerField(default=0)),
                ("rejected", models.JSONField(default=dict)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="people",
                        to="demo_simulator.simulatedrun",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("run", "number"), name="demo_simulator_each_visitor_once")
                ],
            },
        ),
    ]
