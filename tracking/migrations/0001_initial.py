"""The first tables of what happened; the events lie in monthly partitions on PostgreSQL."""

import uuid

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from tracking.partitions import CreatePartitionedModel


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="EventType",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="The name that the site sends, such as add_to_cart.",
                        max_length=100,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9_]*\\Z", "Small letters, digits and underscores; a letter first."
                            )
                        ],
                        verbose_name="name",
                    ),
                ),
                ("label", models.CharField(help_text="How people call it.", max_length=200, verbose_name="label")),
                (
                    "purposes",
                    models.PositiveSmallIntegerField(
                        help_text="Kept only if the visitor agreed to one.", verbose_name="serves"
                    ),
                ),
                ("properties", models.JSONField(blank=True, default=dict, verbose_name="what comes with it")),
                (
                    "by_visitor",
                    models.BooleanField(
                        default=True,
                        help_text="Switch off for what happens without the visitor, such as a refund.",
                        verbose_name="caused by the visitor",
                    ),
                ),
                ("enabled", models.BooleanField(default=True, verbose_name="measured")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
            ],
            options={
                "verbose_name": "event that we measure",
                "verbose_name_plural": "what we measure",
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(help_text="The file's name.", max_length=200, verbose_name="name")),
                (
                    "source",
                    models.CharField(help_text="Where the data comes from.", max_length=200, verbose_name="source"),
                ),
                ("file_digest", models.CharField(editable=False, max_length=64, verbose_name="file digest")),
                ("mapping_digest", models.CharField(editable=False, max_length=64, verbose_name="mapping digest")),
                (
                    "basis",
                    models.TextField(help_text="Why this data may be used for these purposes.", verbose_name="basis"),
                ),
                ("purposes", models.PositiveSmallIntegerField(verbose_name="purposes")),
                ("shift_microseconds", models.BigIntegerField(verbose_name="shift in microseconds")),
                (
                    "last_event_at",
                    models.DateTimeField(help_text="As the file says, before the move.", verbose_name="last event at"),
                ),
                ("rows", models.PositiveBigIntegerField(verbose_name="rows in the file")),
                ("position", models.PositiveBigIntegerField(default=0, verbose_name="rows done")),
                ("counts", models.JSONField(default=dict, verbose_name="report")),
                ("problems", models.JSONField(default=list, verbose_name="first rows that could not be read")),
                ("started_at", models.DateTimeField(verbose_name="started")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ("-started_at",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("file_digest", "mapping_digest"), name="one_import_per_file_and_mapping"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RefusedEvents",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("reason", models.CharField(max_length=40, verbose_name="reason")),
                ("count", models.PositiveBigIntegerField(verbose_name="how many")),
            ],
            options={
                "verbose_name": "refused events",
                "verbose_name_plural": "refused events",
                "ordering": ("-day", "reason"),
                "constraints": [
                    models.UniqueConstraint(fields=("day", "reason"), name="attune_one_count_per_day_and_reason")
                ],
            },
        ),
        CreatePartitionedModel(
            name="StoredEvent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        editable=False,
                        help_text="UUIDv7, made by the sender.",
                        primary_key=True,
                        serialize=False,
                        verbose_name="event",
                    ),
                ),
                ("visitor_id", models.UUIDField(verbose_name="visitor")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("occurred_at", models.DateTimeField(verbose_name="occurred at")),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                ("url", models.TextField(blank=True, verbose_name="page address")),
                ("title", models.TextField(blank=True, verbose_name="page title")),
                ("referrer", models.TextField(blank=True, verbose_name="came from")),
                ("properties", models.JSONField(blank=True, default=dict, verbose_name="properties")),
                ("device", models.CharField(blank=True, max_length=10, verbose_name="device")),
                ("purposes", models.PositiveSmallIntegerField(verbose_name="purposes")),
                (
                    "imported_from",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="attune_tracking.import",
                        verbose_name="imported from",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "ordering": ("occurred_at", "id"),
                "indexes": [models.Index(fields=["visitor_id", "occurred_at", "id"], name="attune_event_timeline")],
            },
        ),
        migrations.CreateModel(
            name="Visitor",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False, verbose_name="visitor"
                    ),
                ),
                (
                    "purposes",
                    models.PositiveSmallIntegerField(
                        help_text="What the visitor's events serve, as bits.", verbose_name="purposes"
                    ),
                ),
                ("first_seen", models.DateTimeField(verbose_name="first seen")),
                (
                    "imported_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visitors",
                        to="attune_tracking.import",
                        verbose_name="imported from",
                    ),
                ),
            ],
            options={
                "verbose_name": "visitor",
                "verbose_name_plural": "visitors",
                "ordering": ("-first_seen", "id"),
                "indexes": [models.Index(fields=["-first_seen", "id"], name="attune_visitor_first_seen")],
            },
        ),
    ]
