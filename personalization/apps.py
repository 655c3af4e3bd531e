"""The app's name, label and what happens when Django starts."""

from types import ModuleType

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _


class PersonalizationConfig(AppConfig):
    """The face: checks, addresses, tags."""

    name = "personalization"
    label = "attune"
    verbose_name = _("Personalization")
    default_auto_field = "django.db.models.BigAutoField"

    def __init__(self, app_name: str, app_module: ModuleType | None) -> None:
        """Refuse to start on some of our apps, or on another package's modules: the models that load next need them."""
        from personalization.names import foreign_modules, missing_apps

        if errors := [*missing_apps(), *foreign_modules()]:
            raise ImproperlyConfigured("\n".join(str(error) for error in errors))
        super().__init__(app_name, app_module)

    def ready(self) -> None:
        """Register the checks of the installation, and have parts of pages kept by what they asked."""
        from personalization import checks
        from personalization.templatetags import attune_cache

        checks.connect()
        attune_cache.take_place()
