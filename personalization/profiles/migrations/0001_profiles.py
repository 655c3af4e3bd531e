"""The first tables of profiles."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Configuration",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.BigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "published configuration",
                "verbose_name_plural": "published configuration",
            },
        ),
        migrations.CreateModel(
            name="Profile",
            fields=[
                ("visitor_id", models.UUIDField(primary_key=True, serialize=False)),
                ("due_at", models.DateTimeField(null=True)),
                ("revision", models.BigIntegerField(default=0)),
                ("judged_version", models.BigIntegerField(default=0)),
                ("claimed_until", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "profile",
                "verbose_name_plural": "profiles",
                "indexes": [models.Index(fields=["due_at"], name="attune_profile_due")],
            },
        ),
        migrations.CreateModel(
            name="Trait",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("visitor_id", models.UUIDField()),
                ("name", models.CharField(max_length=100)),
                ("value", models.JSONField()),
                ("half_life", models.DurationField(null=True)),
                ("at", models.DateTimeField(null=True)),
                ("source", models.CharField(max_length=100)),
                ("updated_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "known about the visitor",
                "verbose_name_plural": "known about the visitor",
                "constraints": [models.UniqueConstraint(fields=("visitor_id", "name"), name="attune_trait_once")],
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("visitor_id", models.UUIDField()),
                ("key", models.CharField(max_length=100)),
                ("matches", models.BooleanField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "verdict",
                "verbose_name_plural": "verdicts",
                "indexes": [models.Index(fields=["key", "matches"], name="attune_verdict_members")],
                "constraints": [models.UniqueConstraint(fields=("visitor_id", "key"), name="attune_verdict_once")],
            },
        ),
    ]
