"""Judging: every rule asked about one visitor at one moment, those that others depend on first. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import datetime
from typing import Any, Final, NamedTuple

from personalization.rules import Decaying, Facts, Reason, Verdict
from personalization.rules.facts import Traits
from personalization.rules.rule import in_utc
from personalization.scoring.engagement import ENGAGEMENT, engagement, next_contribution
from personalization.segments.published import Published, PublishedRule
from tracking.timeline import Timeline

NEVER: Final = Verdict(False)
"""It does not match, and time alone will not change that."""


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
    return judge_scored(published, timeline, traits, now, scored(published, timeline, now), request)


class Scored(NamedTuple):
    """The score as of now, and when it changes by more than fading."""

    score: Decaying
    anew: datetime | None


def scored(published: Published, timeline: Timeline, now: datetime) -> Scored:
    """What is worked out of the timeline."""
    return Scored(engagement(timeline, published.scoring, now), next_contribution(timeline, published.scoring, now))


def judge_scored(
    published: Published,
    timeline: Timeline,
    traits: Traits,
    now: datetime,
    found: Scored,
    request: Mapping[str, Any] | None = None,
) -> dict[str, Verdict]:
    """The same, for whoever has the score already."""
    now = in_utc(now)
    verdicts: dict[str, Verdict] = {}
    # The evaluator looks into this set while it grows: what a rule names was judged before it.
    segments: set[str] = set()
    facts = Facts(timeline, {**traits, ENGAGEMENT: found.score}, segments, request)
    for key, answer, named, asks_score, is_contextual in published.questions:
        if is_contextual and request is None:
            continue
        matches, until = answer(facts, now)
        for slug in named:
            verdict = verdicts.get(slug)
            if verdict is not None and verdict.until is not None and (until is None or verdict.until < until):
                until = verdict.until
        if asks_score and found.anew is not None and (until is None or found.anew < until):
            until = found.anew
        if matches:
            segments.add(key)
            verdicts[key] = Verdict(True, until)
        else:
            verdicts[key] = NEVER if until is None else Verdict(False, until)
    return verdicts


def with_computed(published: Published, timeline: Timeline, traits: Traits, now: datetime) -> Traits:
    """What is stored of a visitor, and what follows from the timeline in place of what was stored of that."""
    return {**traits, ENGAGEMENT: engagement(timeline, published.scoring, now)}


def ask(published_rule: PublishedRule, facts: Facts, now: datetime, *, explain: bool = False) -> Verdict:
    """The verdict on one rule. One that cannot be asked does not match, whatever its NOTs, and says why."""
    if published_rule.trouble:
        return Verdict(False, None, Reason(False, published_rule.trouble) if explain else None)
    return published_rule.rule.evaluate(facts, now, explain=explain)


def matching(verdicts: Mapping[str, Verdict]) -> Set[str]:
    """The keys of the verdicts that match."""
    return frozenset(key for key, verdict in verdicts.items() if verdict.matches)
