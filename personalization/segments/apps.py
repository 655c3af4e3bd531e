"""The app's name, label and what happens when Django starts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SegmentsConfig(AppConfig):
    name = "personalization.segments"
    label = "attune_segments"
    verbose_name = _("Segments")
    default_auto_field = "django.db.models.BigAutoField"
