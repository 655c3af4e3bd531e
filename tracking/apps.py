"""The app's name, label and what happens when Django starts."""

from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class TrackingConfig(AppConfig):
    name = "tracking"
    label = "attune_tracking"
    verbose_name = _("Measuring")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from consent.stores import register
        from tracking.checks import check_databases, check_partitions, check_settings
        from tracking.receivers import make_partitions
        from tracking.stores import AccessStore, EventStore

        register(EventStore())
        register(AccessStore())
        checks.register(check_settings, "attune")
        checks.register(check_databases, "attune")
        checks.register(check_partitions, checks.Tags.database)
        post_migrate.connect(make_partitions, sender=self, dispatch_uid="tracking.make_partitions")
