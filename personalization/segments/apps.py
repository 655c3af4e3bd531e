"""The app's name, label and what happens when Django starts."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SegmentsConfig(AppConfig):
    name = "personalization.segments"
    label = "attune_segments"
    verbose_name = _("Segments")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from personalization.segments import checks, usages
        from personalization.segments.admin_panels import register_panels
        from personalization.segments.selectors import segments_naming

        import_module("personalization.segments.receivers")
        usages.register("segments", segments_naming)
        register_panels()
        checks.connect()
