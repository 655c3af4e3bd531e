"""The menu of the admin in the order of an editor's day; analysts' and operators' pages in groups of their own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from personalization.content.rights import START

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
            "attune_content.Picture",
            "attune_content.CodeStock",
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


@dataclass(frozen=True, slots=True)
class MenuPage:
    """A page that is no list of a model; in the menu it stands before the lists of its group."""

    group: str
    name: str | Promise
    url_name: str
    permissions: tuple[str, ...]
    """Who has any of these may see it."""


PAGES: Final = (
    MenuPage(EDITORS, _("Start page"), "attune_content_start", START),
    MenuPage(ANALYSTS, _("Results"), "attune_content_block_results", ("attune_tracking.view_results",)),
    MenuPage(OPERATORS, _("Pages in the cache"), "attune_content_block_cached_pages", ("attune_content.view_block",)),
)


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
    shown = {url for page in PAGES if (url := _url_of(page, site_name))}
    ours: dict[str, dict[str, Any]] = {}
    others: list[dict[str, Any]] = []
    for app in apps:
        if app["app_label"].startswith("attune"):
            for model in app["models"]:
                ours[f"{app['app_label']}.{model['object_name']}"] = dict(model)
        else:
            others.append(app)
    if request.path in shown:  # Django would mark the list that the page lies beneath as the current page, too
        for model in ours.values():
            if model["admin_url"] and model["admin_url"] in request.path:
                model["admin_url"] += "?"
    groups = []
    placed = {name for _label, _title, names in GROUPS for name in names}
    for label, title, names in GROUPS:
        models = [ours[name] for name in names if name in ours]
        if label == EDITORS:
            models += [model for name, model in ours.items() if name not in placed]
        models = [*_pages(request, label, site_name), *models]
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


def _pages(request: HttpRequest, label: str, site_name: str) -> list[dict[str, Any]]:
    """The pages of a group that are no lists of models, as entries, for those who may see them."""
    from personalization.content.models import Block

    entries = []
    for page in PAGES:
        if page.group != label or not any(map(request.user.has_perm, page.permissions)):
            continue
        url = _url_of(page, site_name)
        if not url:
            continue
        entries.append(
            {
                "model": Block,
                "name": page.name,
                "object_name": page.url_name,
                "perms": {"add": False, "change": False, "delete": False, "view": True},
                "admin_url": url,
                "add_url": None,
                "view_only": True,
            }
        )
    return entries


def _url_of(page: MenuPage, site_name: str) -> str:
    try:
        return reverse(f"admin:{page.url_name}", current_app=site_name)
    except NoReverseMatch:  # the site has no blocks
        return ""
