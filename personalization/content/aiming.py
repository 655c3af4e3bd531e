"""Whom a variant is for, as decisions and judges ask it: the same for variants of the admin and of pages."""

from __future__ import annotations

from typing import Any, Final, Protocol

EVERYBODY: Final = "everybody"
SEGMENTS: Final = "segments"
NOT_IN: Final = "not_in"
RULE: Final = "rule"
OF_SEGMENTS: Final = (SEGMENTS, NOT_IN)
"""The kinds for which segments are chosen."""


class Aimed(Protocol):
    """What says whom it is for."""

    audience_kind: Any
    segments: Any
    rule: Any

    @property
    def verdict_key(self) -> str:
        """The key under which its own rule is judged and stored."""
        ...


def keys_of(variant: Aimed) -> tuple[str, ...] | None:
    """The keys of which any must match; None is everybody, and none at all nobody."""
    if variant.audience_kind == EVERYBODY:
        return None
    if variant.audience_kind == SEGMENTS:
        return _slugs(variant)
    return (variant.verdict_key,) if rule_of(variant) is not None else ()


def rule_of(variant: Aimed) -> Any:
    """The rule that is judged under the variant's own key, as JSON; None if it has none.

    Not being in segments is a rule like those that are written: it holds of those of whom it is known.
    """
    if variant.audience_kind == RULE:
        return variant.rule
    if variant.audience_kind != NOT_IN or not (slugs := _slugs(variant)):
        return None
    return {"not": {"any": [{"segment": slug} for slug in slugs]}}


def _slugs(variant: Aimed) -> tuple[str, ...]:
    return tuple(sorted(segment.slug for segment in variant.segments.all()))
