"""The app's name, label and what happens when Django starts."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoringConfig(AppConfig):
    name = "personalization.scoring"
    label = "attune_scoring"
    verbose_name = _("Scores")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from personalization.profiles.traits import reserve
        from personalization.scoring.admin_panels import register_panels
        from personalization.scoring.engagement import ENGAGEMENT

        import_module("personalization.scoring.receivers")
        reserve(ENGAGEMENT)
        register_panels()
