"""What scoring adds to a visitor's page: the items that the visitor had most to do with."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from personalization.scoring.selectors import item_scores_of
from tracking.admin_panels import register_panel
from tracking.pseudonyms import without_addresses

SHOWN: Final = 10


def items_panel(visitor_id: UUID, /, *, person: bool) -> SafeString:
    """The first ten items, each with its score as it is now; what looks like an address is none of an item's."""
    now = timezone.now()
    rows = [
        (one.item_id if person else without_addresses(one.item_id), f"{one.score.value_at(now):.4g}")
        for one in item_scores_of(visitor_id, now=now)[:SHOWN]
    ]
    return render_to_string("admin/attune_scoring/items.html", {"rows": rows})


def register_panels() -> None:
    """Add the panel; called once the app is ready."""
    register_panel(_("Items by engagement"), items_panel)
