"""What a segment must hold to beyond its single fields."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from personalization.rules import InvalidRule, Rule
from personalization.segments.models import Segment, Status
from personalization.segments.published import STORED_RULES, cycle_through
from personalization.segments.selectors import references
from personalization.segments.usages import usages_of


def mistakes_of(segment: Segment) -> dict[str, list[ValidationError]]:
    """The mistakes by field; empty if there are none."""
    mistakes: dict[str, list[ValidationError]] = {}
    if circle := circle_of(segment.slug, segment.rule):
        mistakes["rule"] = [
            ValidationError(
                _("Segments may not depend on themselves: %(circle)s."),
                code="cycle",
                params={"circle": " → ".join(circle)},
            )
        ]
    before = Segment.objects.filter(pk=segment.pk).first() if segment.pk else None
    if before is None:
        return mistakes
    if before.slug != segment.slug:
        mistakes["slug"] = [
            ValidationError(
                _("It stays “%(slug)s”: rules, blocks and templates name the segment so."), params={"slug": before.slug}
            )
        ]
    if before.status == Status.ACTIVE and segment.status != Status.ACTIVE and (uses := usages_of(before.slug)):
        mistakes["status"] = [
            ValidationError(
                _("The segment is in use and stays active. Take it out here first: %(uses)s."),
                code="used",
                params={"uses": "; ".join(usage.label for usage in uses)},
            )
        ]
    return mistakes


def circle_of(slug: str, rule: object) -> list[str]:
    """The way by which a segment with this rule would depend on itself; empty if it does not (or is no rule)."""
    try:
        named = frozenset(Rule.parse(rule, STORED_RULES).segments)
    except InvalidRule:
        return []
    return cycle_through(slug, {**references(), slug: named}) if named else []
