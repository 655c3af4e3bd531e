"""The app's name, label and what happens when Django starts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProfilesConfig(AppConfig):
    name = "personalization.profiles"
    label = "attune_profiles"
    verbose_name = _("Profiles")
    default_auto_field = "django.db.models.BigAutoField"
