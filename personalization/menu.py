"""The menu of the admin in the order of an editor's day; analysts' and operators' pages in groups of their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EDITORS: Final = "attune"
ANALYSTS: Final = "attune_analysts"
OPERATORS: Final = "attune_operators"
GROUPS: Final[tuple[tuple[str, str | Promise, tuple[str, ...]], ...]] = (
    (
        EDITORS,
        _("Personalization"),
        (
            "attune_content.Block",
            "attune_djangocms.PersonalizedBlock",
            "attune_content.CallToAction",
            "attune_content.Campaign",
            "attune_content.BlockGroup",
            "attune_content.OverallLimit",
            "attune_segments.Segment",
        ),
    ),
    (
        ANALYSTS,
        _("Visitors and numbers"),
        (
            "attune_tracking.Goal",
            "attune_tracking.EventType",
            "attune_scoring.EngagementScore",
            "attune_tracking.Visitor",
        ),
    ),
    (
        OPERATORS,
        _("Running it"),
        ("attune_tracking.RefusedEvents", "attune_tracking.Import", "attune_tracking.VisitorAccess"),
    ),
)
"""Label, name and models of each group, in order. Models of ours that stand nowhere here come last in the first one."""


class PersonalizationMenu:
    """For an `AdminSite` of your own: ``class MySite(PersonalizationMenu, AdminSite)``.

    It changes nothing but the order of the index and of the sidebar: pages, addresses and permissions stay.
    """

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Django's list of apps, with ours first and in groups; the page of a single app stays as it is."""
        apps: list[Any] = super().get_app_list(request, app_label)  # type: ignore[misc]  # the site's
        return apps if app_label is not None else arranged(request, apps, site_name=self.name)  # type: ignore[attr-defined]  # likewise


def arranged(request: HttpRequest, apps: Iterable[dict[str, Any]], *, site_name: str = "admin") -> list[dict[str, Any]]:
    """Take our models out of Django's list of apps and put them before the others, in groups.

    Args:
        request: of the person who will see the list.
        apps: as `AdminSite.get_app_list` returns them.
        site_name: the admin site's, to find the start page in it.
    """
    ours: dict[str, dict[str, Any]] = {}
    others: list[dict[str, Any]] = []
    for app in apps:
        if app["app_label"].startswith("attune"):
            ours |= {f"{app['app_label']}.{model['object_name']}": model for model in app["models"]}
        else:
            others.append(app)
    groups = []
    placed = {name for _label, _title, names in GROUPS for name in names}
    for label, title, names in GROUPS:
        models = [ours[name] for name in names if name in ours]
        if label == EDITORS:
            models += [model for name, model in ours.items() if name not in placed]
            models = [*_start(request, site_name), *models]
        if label == ANALYSTS:
            models = [*_results(request, site_name), *models]
        if models:
            groups.append(
                {
                    "name": title,
                    "app_label": label,
                    "app_url": models[0]["admin_url"] or models[0]["add_url"],
                    "has_module_perms": True,
                    "models": models,
                }
            )
    return [*groups, *others]


def _start(request: HttpRequest, site_name: str) -> list[dict[str, Any]]:
    """The start page as an entry of the list, for those who may see it."""
    from personalization.content.admin_start import may_see_start

    return _entry("attune_content_start", _("Start page"), "Start", site_name) if may_see_start(request) else []


def _results(request: HttpRequest, site_name: str) -> list[dict[str, Any]]:
    """The results of all blocks, likewise."""
    from personalization.content.admin_results import may_see_results

    page = "attune_content_block_results"
    return _entry(page, _("Results"), "Results", site_name) if may_see_results(request) else []


def _entry(page: str, name: str | Promise, object_name: str, site_name: str) -> list[dict[str, Any]]:
    """A page of the admin as if it were the list of a model; none where the site has no blocks."""
    from personalization.content.models import Block

    try:
        url = reverse(f"admin:{page}", current_app=site_name)
    except NoReverseMatch:
        return []
    return [
        {
            "model": Block,
            "name": name,
            "object_name": object_name,
            "perms": {"add": False, "change": False, "delete": False, "view": True},
            "admin_url": url,
            "add_url": None,
            "view_only": True,
        }
    ]
