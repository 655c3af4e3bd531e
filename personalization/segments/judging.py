"""Judging: every rule asked about one visitor at one moment, those that others depend on first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from typing import Any

from personalization.rules import Facts, Reason, Verdict
from personalization.rules.facts import Traits
from personalization.scoring.engagement import ENGAGEMENT, engagement, next_contribution
from personalization.segments.published import Published, PublishedRule
from tracking.timeline import Timeline


def judge(
    published: Published,
    timeline: Timeline,
    traits: Traits,
    now: datetime,
    request: Mapping[str, Any] | None = None,
) -> dict[str, Verdict]:
    """The verdict on every rule: key → verdict. Rules about the request are left out while no request is under way.

    `traits` are what is stored; what is worked out is worked out here, of the timeline that is judged.
    A verdict's `until` counts in the segments that the rule names: it is never later than theirs.
    """
    verdicts: dict[str, Verdict] = {}
    # The evaluator looks into this set while it grows: what a rule names was judged before it.
    segments: set[str] = set()
    facts = Facts(timeline, with_computed(published, timeline, traits, now), segments, request)
    scored_anew = next_contribution(timeline, published.scoring, now)
    for key, published_rule in published.rules.items():
        if published_rule.is_contextual and request is None:
            continue
        verdict = ask(published_rule, facts, now)
        bounds = [verdicts[slug].until for slug in published_rule.rule.segments if slug in verdicts]
        if ENGAGEMENT in published_rule.rule.traits:
            bounds.append(scored_anew)
        until = earliest(verdict.until, *bounds)
        if until != verdict.until:
            verdict = Verdict(verdict.matches, until, verdict.reason)
        verdicts[key] = verdict
        if verdict.matches:
            segments.add(key)
    return verdicts


def with_computed(published: Published, timeline: Timeline, traits: Traits, now: datetime) -> Traits:
    """What is stored of a visitor, and what follows from the timeline in place of what was stored of that."""
    return {**traits, ENGAGEMENT: engagement(timeline, published.scoring, now)}


def ask(published_rule: PublishedRule, facts: Facts, now: datetime, *, explain: bool = False) -> Verdict:
    """The verdict on one rule. One that cannot be asked does not match, whatever its NOTs, and says why."""
    if published_rule.trouble:
        return Verdict(False, None, Reason(False, published_rule.trouble) if explain else None)
    return published_rule.rule.evaluate(facts, now, explain=explain)


def earliest(*instants: datetime | None) -> datetime | None:
    """The first of these; None stands for never."""
    return min((instant for instant in instants if instant is not None), default=None)


def next_due(verdicts: Iterable[Verdict]) -> datetime | None:
    """When time alone may change one of these first."""
    return earliest(*(verdict.until for verdict in verdicts))


def matching(verdicts: Mapping[str, Verdict]) -> Set[str]:
    """The keys of the verdicts that match."""
    return frozenset(key for key, verdict in verdicts.items() if verdict.matches)
