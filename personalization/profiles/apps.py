"""The app's name, label and what happens when Django starts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProfilesConfig(AppConfig):
    name = "personalization.profiles"
    label = "attune_profiles"
    verbose_name = _("Profiles")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from consent import stores
        from personalization.profiles import checks
        from personalization.profiles.services import follow_events
        from personalization.profiles.stores import ProfileStore
        from tracking.recording import register_follower

        checks.connect()
        register_follower(follow_events)
        stores.register(ProfileStore())
