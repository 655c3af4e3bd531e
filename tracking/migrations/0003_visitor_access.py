"""Who of the staff looked at which visitor and why, and the rights to see persons and small counts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("attune_tracking", "0002_undo_import"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="visitor",
            options={
                "ordering": ("-first_seen", "id"),
                "permissions": (
                    ("identify_visitor", "Can see visitors by their whole ids, without stating a reason"),
                    ("see_small_counts", "Can see exactly how many people, also under 10"),
                ),
                "verbose_name": "visitor",
                "verbose_name_plural": "visitors",
            },
        ),
        migrations.CreateModel(
            name="VisitorAccess",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("visitor_id", models.UUIDField(editable=False, verbose_name="visitor")),
                ("who", models.CharField(editable=False, max_length=254, verbose_name="who")),
                ("reason", models.CharField(editable=False, max_length=500, verbose_name="why")),
                ("at", models.DateTimeField(editable=False, verbose_name="when")),
            ],
            options={
                "verbose_name": "look at a visitor",
                "verbose_name_plural": "who looked at visitors",
                "ordering": ("-at", "-id"),
                "indexes": [
                    models.Index(fields=["visitor_id", "who", "at"], name="attune_access_by_visitor"),
                    models.Index(fields=["at"], name="attune_access_at"),
                ],
            },
        ),
    ]
