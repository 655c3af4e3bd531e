"""The app's name, label and what happens when Django starts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PersonalizationConfig(AppConfig):
    """The face: checks, addresses, tags."""

    name = "personalization"
    label = "attune"
    verbose_name = _("Personalization")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks of the installation."""
        from personalization import checks

        checks.connect()
