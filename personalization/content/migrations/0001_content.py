"""Blocks with variants, calls to action with overrides."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import personalization.content.models
import personalization.segments.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("attune_segments", "0001_segments"),
    ]

    operations = [
        migrations.CreateModel(
            name="Block",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        help_text="Your developer puts this name where the block goes. It cannot be changed later.",
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:[-_][a-z0-9]+)*\\Z",
                                "Use lower-case letters, digits, hyphens and underscores, such as “home-hero”.",
                                code="key",
                            )
                        ],
                        verbose_name="Name in templates",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "status",
                    models.CharField(
                        choices=[("live", "Live"), ("paused", "Paused: everyone sees the same")],
                        default="live",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "default",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="Left empty, they see what the page's template says.",
                        verbose_name="Everyone else sees",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
            ],
            options={
                "verbose_name": "block",
                "verbose_name_plural": "blocks",
                "ordering": (django.db.models.functions.text.Lower("name"), "id"),
            },
        ),
        migrations.CreateModel(
            name="CallToAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        help_text="Your developer puts this name where the button goes. It cannot be changed later.",
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "\\A[a-z0-9]+(?:[-_][a-z0-9]+)*\\Z",
                                "Use lower-case letters, digits, hyphens and underscores, such as “home-hero”.",
                                code="key",
                            )
                        ],
                        verbose_name="Name in templates",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("label", models.CharField(max_length=200, verbose_name="label")),
                (
                    "url",
                    models.CharField(
                        max_length=2000, validators=[personalization.content.models.validate_link], verbose_name="link"
                    ),
                ),
                (
                    "style",
                    models.CharField(
                        choices=[("primary", "Main button"), ("secondary", "Second button"), ("link", "Plain link")],
                        default="primary",
                        max_length=10,
                        verbose_name="style",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
            ],
            options={
                "verbose_name": "call to action",
                "verbose_name_plural": "calls to action",
                "ordering": (django.db.models.functions.text.Lower("name"), "id"),
            },
        ),
        migrations.CreateModel(
            name="Variant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "order",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="The first that fits the visitor is shown; lower numbers come first.",
                        verbose_name="order",
                    ),
                ),
                ("enabled", models.BooleanField(default=True, verbose_name="switched on")),
                (
                    "body_kind",
                    models.CharField(
                        choices=[("rich_text", "Text"), ("template", "A ready-made layout")],
                        default="rich_text",
                        max_length=10,
                        verbose_name="What they see",
                    ),
                ),
                ("body", models.TextField(blank=True, default="", verbose_name="text")),
                ("template_name", models.CharField(blank=True, default="", max_length=200, verbose_name="layout")),
                (
                    "audience_kind",
                    models.CharField(
                        choices=[
                            ("everybody", "Everybody"),
                            ("segments", "Visitors in any of these segments"),
                            ("rule", "Visitors who match a rule"),
                        ],
                        default="everybody",
                        max_length=10,
                        verbose_name="Who sees it",
                    ),
                ),
                ("rule", personalization.segments.fields.RuleField(blank=True, null=True, verbose_name="rule")),
                ("starts_at", models.DateTimeField(blank=True, null=True, verbose_name="from")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                (
                    "block",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="variants",
                        to="attune_content.block",
                        verbose_name="block",
                    ),
                ),
                (
                    "segments",
                    models.ManyToManyField(
                        blank=True, related_name="+", to="attune_segments.segment", verbose_name="segments"
                    ),
                ),
            ],
            options={
                "verbose_name": "variant",
                "verbose_name_plural": "variants",
                "ordering": ("order", "id"),
            },
        ),
        migrations.CreateModel(
            name="CallToActionOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "order",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="The first that fits the visitor counts; lower numbers come first.",
                        verbose_name="order",
                    ),
                ),
                ("label", models.CharField(blank=True, default="", max_length=200, verbose_name="label")),
                (
                    "url",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=2000,
                        validators=[personalization.content.models.validate_link],
                        verbose_name="link",
                    ),
                ),
                (
                    "style",
                    models.CharField(
                        blank=True,
                        choices=[("primary", "Main button"), ("secondary", "Second button"), ("link", "Plain link")],
                        default="",
                        max_length=10,
                        verbose_name="style",
                    ),
                ),
                (
                    "cta",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overrides",
                        to="attune_content.calltoaction",
                        verbose_name="call to action",
                    ),
                ),
                (
                    "segment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="attune_segments.segment",
                        verbose_name="segment",
                    ),
                ),
            ],
            options={
                "verbose_name": "exception for a segment",
                "verbose_name_plural": "exceptions for segments",
                "ordering": ("order", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("cta", "segment"), name="attune_content_one_override_a_segment")
                ],
            },
        ),
    ]
