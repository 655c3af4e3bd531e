"""The app's name, label and what happens when Django starts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrackingConfig(AppConfig):
    name = "tracking"
    label = "attune_tracking"
    verbose_name = _("Measuring")
    default_auto_field = "django.db.models.BigAutoField"
