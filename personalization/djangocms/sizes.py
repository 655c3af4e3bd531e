"""How many people match what decides about a variant, as judged by now."""

from __future__ import annotations

from collections.abc import Sequence

from personalization.profiles.head import configuration_version
from personalization.profiles.models import Verdict
from personalization.segments.published import published


def is_judged(key: str) -> bool:
    """Whether visitors are judged by it: the rule of a draft waits until it is published."""
    return key in published(configuration_version()).rules


def people_in(keys: Sequence[str]) -> int | None:
    """How many visitors match any of these keys; None where one is decided at each visit, and nothing stored.

    Args:
        keys: segments' slugs, or the keys of rules that are judged beside them.
    """
    rules = published(configuration_version()).rules
    if any(key in rules and rules[key].is_contextual for key in keys):
        return None
    return Verdict.objects.filter(key__in=keys, matches=True).values("visitor_id").distinct().count()
