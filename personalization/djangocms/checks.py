"""System checks of what pages of django CMS need."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Warning

from personalization.content.conf import conf
from personalization.djangocms.versions import VERSIONING


def check_pages(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn where pages have no drafts, so that nobody could be asked to look at them."""
    if not conf.PERSONALIZATION_FOUR_EYES or apps.is_installed(VERSIONING):
        return []
    return [
        Warning(
            "PERSONALIZATION_FOUR_EYES does not reach pages of django CMS: they have no drafts.",
            hint="Install djangocms-versioning, or give the permission to change pages to few.",
            id="personalization.W034",
        )
    ]
