"""What segments and profiles add to a visitor's page: what is known, and which segments, and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from personalization.profiles.discretion import names_nobody
from personalization.profiles.models import Trait
from personalization.profiles.traits import known_value, value_at
from personalization.rules.durations import spell_duration, write_duration
from personalization.segments.selectors import explain_visitor, may_personalize
from tracking.admin_panels import register_panel
from tracking.pseudonyms import without_addresses

MANY: Final = 1_000
"""From here on numbers are shown with all their digits."""


def known_panel(visitor_id: UUID, /, *, person: bool) -> SafeString:
    """What is known about the visitor, each value as it is now, or that there is one."""
    now = timezone.now()
    rows = [
        {
            "trait": trait,
            "value": _value(trait, now, person=person),
            "half_life": _half_life(trait),
            "source": trait.source if person else without_addresses(trait.source),
        }
        for trait in Trait.objects.filter(visitor_id=visitor_id).order_by("name")
    ]
    return render_to_string("admin/attune_segments/known.html", {"rows": rows})


def _value(trait: Trait, now: datetime, *, person: bool) -> str:
    value = known_value(trait.value, trait.half_life, trait.at)
    if person or names_nobody(trait.name, value):
        return in_words(value_at(value, now))
    return gettext("known, not shown")


def in_words(value: object) -> str:
    """A value as people read it.

    >>> in_words(4.204306195717552), in_words(3), in_words("gold")
    ('4.204', '3', 'gold')
    """
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return f"{value:.4g}" if isinstance(value, float) and abs(value) < MANY else str(value)


def _half_life(trait: Trait) -> str:
    """After how long a fading number is half of what it was, in words."""
    if trait.half_life is None:
        return "–"
    whole = timedelta(seconds=max(1, round(trait.half_life.total_seconds())))
    return spell_duration(write_duration(whole), gettext)


def segments_panel(visitor_id: UUID, /, *, person: bool) -> SafeString:
    """Every active segment, those that match first, clause by clause."""
    agreed = may_personalize(visitor_id)
    explained = explain_visitor(visitor_id, now=timezone.now(), person=person) if agreed else []
    return render_to_string("admin/attune_segments/explained.html", {"agreed": agreed, "explained": explained})


def register_panels() -> None:
    """Put both on the visitor's page."""
    register_panel(_("Known about the visitor"), known_panel)
    register_panel(_("Segments, and why"), segments_panel)
