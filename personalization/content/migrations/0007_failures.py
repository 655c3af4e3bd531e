"""What failed, how often, and since when it is switched off."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0006_campaigns"),
    ]

    operations = [
        migrations.AddField(
            model_name="variant",
            name="broken_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="switched off after errors"),
        ),
        migrations.AddField(
            model_name="variant",
            name="failed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="variant",
            name="failure",
            field=models.CharField(default="", editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="variant",
            name="failures",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
    ]
