"""The shop's own admin: what editors do every day stands first, what keeps the machine running last."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest

ORDER = ("attune_content", "attune_segments", "attune_scoring", "attune_tracking", "attune_consent", "demo_site")
"""The labels of the apps that come first, in this order; all others follow by their names."""
LAST = ("auth", "django_celery_beat")


class BackOffice(AdminSite):
    """Behind the counter at Larkmoor."""

    site_header = "Larkmoor"
    site_title = "Larkmoor"
    index_title = "Behind the counter"

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The apps as an editor needs them, each with its models as Django sorts them."""
        apps: list[Any] = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: _place_of(app["app_label"]))


def _place_of(label: str) -> int:
    if label in ORDER:
        return ORDER.index(label)
    return len(ORDER) + (1 + LAST.index(label) if label in LAST else 0)
