"""What segments and profiles add to a visitor's page: what is known, and which segments, and why."""

from __future__ import annotations

from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from personalization.profiles.models import Trait
from personalization.profiles.traits import known_value, value_at
from personalization.segments.selectors import explain_visitor, may_personalize
from tracking.admin_panels import register_panel


def known_panel(visitor_id: UUID) -> SafeString:
    """What is known about the visitor, each value as it is now."""
    now = timezone.now()
    rows = [
        {"trait": trait, "value": value_at(known_value(trait), now)}
        for trait in Trait.objects.filter(visitor_id=visitor_id).order_by("name")
    ]
    return render_to_string("admin/attune_segments/known.html", {"rows": rows})


def segments_panel(visitor_id: UUID) -> SafeString:
    """Every active segment, those that match first, clause by clause."""
    agreed = may_personalize(visitor_id)
    explained = explain_visitor(visitor_id, now=timezone.now()) if agreed else []
    return render_to_string("admin/attune_segments/explained.html", {"agreed": agreed, "explained": explained})


def register_panels() -> None:
    """Put both on the visitor's page."""
    register_panel(_("Known about the visitor"), known_panel)
    register_panel(_("Segments, and why"), segments_panel)
