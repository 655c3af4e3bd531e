"""Variants and exceptions in some of the site's languages only."""

import django.db.models.deletion
from django.db import migrations, models

import personalization.content.languages


class Migration(migrations.Migration):
    dependencies = [
        ("attune_content", "0001_content"),
        ("attune_segments", "0001_segments"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="calltoactionoverride",
            options={"ordering": ("order", "id"), "verbose_name": "exception", "verbose_name_plural": "exceptions"},
        ),
        migrations.RemoveConstraint(
            model_name="calltoactionoverride",
            name="attune_content_one_override_a_segment",
        ),
        migrations.AddField(
            model_name="calltoactionoverride",
            name="languages",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Of the page. None ticked: all of them.",
                validators=[personalization.content.languages.validate_languages],
                verbose_name="Languages",
            ),
        ),
        migrations.AddField(
            model_name="variant",
            name="languages",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="Of the page. None ticked: all of them.",
                validators=[personalization.content.languages.validate_languages],
                verbose_name="Languages",
            ),
        ),
        migrations.AlterField(
            model_name="calltoactionoverride",
            name="segment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="attune_segments.segment",
                verbose_name="segment",
            ),
        ),
        migrations.AddConstraint(
            model_name="calltoactionoverride",
            constraint=models.UniqueConstraint(
                fields=("cta", "segment", "languages"),
                name="attune_content_one_override_a_segment",
                violation_error_message="There is an exception for this segment and these languages already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="calltoactionoverride",
            constraint=models.UniqueConstraint(
                condition=models.Q(("segment__isnull", True)),
                fields=("cta", "languages"),
                name="attune_content_one_override_for_all",
                violation_error_message="There is an exception for this segment and these languages already.",
            ),
        ),
    ]
