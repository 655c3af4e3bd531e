"""The app's name, label and what happens when Django starts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContentConfig(AppConfig):
    name = "personalization.content"
    label = "attune_content"
    verbose_name = _("Content")
    default_auto_field = "django.db.models.BigAutoField"
