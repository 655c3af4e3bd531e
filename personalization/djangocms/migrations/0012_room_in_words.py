"""What the form says of the room that is kept free."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_djangocms", "0011_campaigns_of_blocks"),
    ]

    operations = [
        migrations.AlterField(
            model_name="personalizedblock",
            name="room",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="In pixels, about as high as what is shown: then nothing on the page jumps when it comes after the page. Left empty, what everyone else sees keeps its room until it is out of view.",
                null=True,
                validators=[django.core.validators.MaxValueValidator(1000)],
                verbose_name="Room kept free",
            ),
        ),
    ]
