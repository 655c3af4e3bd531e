"""The shop's own admin: what editors do every day stands first, what keeps the machine running last."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest

from personalization.menu import PersonalizationMenu

LAST = ("sites", "djangocms_versioning", "auth", "django_celery_beat")
"""The labels of the apps that come last, in this order; all others stand before them as they were."""


class BackOffice(PersonalizationMenu, AdminSite):
    """Behind the counter at Larkmoor."""

    site_header = "Larkmoor"
    site_title = "Larkmoor"
    index_title = "Behind the counter"

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The menu of an editor's day, then the shop, then the machine."""
        apps: list[Any] = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: LAST.index(app["app_label"]) + 1 if app["app_label"] in LAST else 0)
