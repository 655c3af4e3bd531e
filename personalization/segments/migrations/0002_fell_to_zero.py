"""Since when nobody is in a segment that had people."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("attune_segments", "0001_segments")]

    operations = [
        migrations.AddField(
            "segment",
            "emptied_at",
            models.DateTimeField(editable=False, null=True, verbose_name="fell to zero"),
        ),
    ]
