"""The app's name, label and what happens when Django starts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsentConfig(AppConfig):
    name = "consent"
    label = "attune_consent"
    verbose_name = _("Consent")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from consent import checks, marks, stores

        checks.register_all()
        stores.register(marks.WithdrawalMarks())
