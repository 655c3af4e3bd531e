"""Whom a variant is for, as decisions and judges ask it: the same for variants of the admin and of pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from personalization.rules import InvalidRule, Rule
from personalization.segments.models import Segment, Status

if TYPE_CHECKING:
    from personalization.content.mixins import Aimed

EVERYBODY: Final = "everybody"
SEGMENTS: Final = "segments"
NOT_IN: Final = "not_in"
RULE: Final = "rule"
OF_SEGMENTS: Final = (SEGMENTS, NOT_IN)
"""The kinds for which segments are chosen."""


def keys_of(variant: Aimed) -> tuple[str, ...] | None:
    """The keys of which any must match; None is everybody, and none at all nobody."""
    if variant.audience_kind == EVERYBODY:
        return None
    if variant.audience_kind == SEGMENTS:
        return _slugs(variant)
    return (variant.verdict_key,) if rule_of(variant) is not None else ()


def not_in(variant: Aimed) -> tuple[str, ...]:
    """The segments that it is for those outside of; none, if it is for others."""
    return _slugs(variant) if variant.audience_kind == NOT_IN else ()


def rule_of(variant: Aimed) -> Any:
    """The rule that is judged under the variant's own key, as JSON; None if it has none.

    Not being in segments is a rule like those that are written: it holds of those of whom it is known. Segments about
    the request alone are asked by their own rules, and so of everybody.
    """
    if variant.audience_kind == RULE:
        return variant.rule
    if variant.audience_kind != NOT_IN or not (slugs := _slugs(variant)):
        return None
    asked = {"not": {"any": [_asked(segment) for segment in sorted(variant.segments.all(), key=lambda one: one.slug)]}}
    # With the rules of its segments in it, a rule can become too deep or too long.
    return asked if _parsed(asked) else {"not": {"any": [{"segment": slug} for slug in slugs]}}


def _asked(segment: Segment) -> Any:
    """How it is asked whether somebody is in a segment."""
    rule = _parsed(segment.rule)
    is_open = rule is not None and rule.asks_requests_only and segment.status == Status.ACTIVE
    return segment.rule if is_open else {"segment": segment.slug}


def _parsed(data: Any) -> Rule | None:
    try:
        return Rule.parse(data)
    except InvalidRule:
        return None


def _slugs(variant: Aimed) -> tuple[str, ...]:
    return tuple(sorted(segment.slug for segment in variant.segments.all()))
