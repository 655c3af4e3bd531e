"""Rows of forms for editors that are left out where there is nothing to choose."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from personalization.content.languages import site_languages
from personalization.content.models import Campaign
from personalization.content.sites import own_sites


def where_there_is_a_choice(request: HttpRequest, fieldsets: Any) -> Any:
    """The fieldsets without what there is only one of; Django asks for them several times a page."""
    if not hasattr(request, "_attune_campaigns"):
        request._attune_campaigns = Campaign.objects.exists()  # type: ignore[attr-defined]  # a mark of ours
    hidden = set() if site_languages() else {"languages"}
    if not hasattr(request, "_attune_sites"):
        request._attune_sites = bool(own_sites())  # type: ignore[attr-defined]  # likewise
    if not request._attune_sites:  # type: ignore[attr-defined]
        hidden.add("sites")
    if not request._attune_campaigns:  # type: ignore[attr-defined]
        hidden.add("campaign")
    return [
        (title, {**options, "fields": tuple(field for field in options["fields"] if field not in hidden)})
        for title, options in fieldsets
    ]
