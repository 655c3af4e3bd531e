"""The table of withdrawal marks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="WithdrawalMark",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("withdrawn_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "verbose_name": "withdrawal mark",
                "verbose_name_plural": "withdrawal marks",
                "default_permissions": (),
            },
        ),
    ]
