"""The published rules, compiled once a process for each version: active segments and what other rooms bring."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final, NamedTuple

from personalization.profiles.versions import PerVersion
from personalization.rules import Facts, InvalidRule, Limits, Rule
from personalization.rules.nodes import NO, Answer
from personalization.scoring.engagement import ENGAGEMENT, Scoring
from personalization.scoring.selectors import current_scoring
from personalization.segments.models import Segment, Status
from personalization.segments.sources import sources
from tracking.event_types import registered

logger = logging.getLogger(__name__)

MEANING: Final = 1
"""Moves when the rule language changes what stored rules mean, so that everybody is judged anew."""
STORED_RULES: Final = Limits(levels=1_000, conditions=1_000_000)
"""A rule that was within the limits when it was saved stays a rule when they are lowered."""


@dataclass(frozen=True)
class PublishedRule:
    """One rule that may be asked."""

    key: str
    rule: Rule
    is_contextual: bool
    """It depends on the request, itself or through a segment: never stored, no members, no size."""
    is_request_only: bool
    """It is made of request conditions alone: what may be asked of those who did not agree to personalization."""
    trouble: str = ""
    """Why it cannot be asked, and so does not match; empty if it can."""


class Question(NamedTuple):
    """A rule as judging asks it. One that cannot be asked does not match, whatever its NOTs."""

    key: str
    answer: Callable[[Facts, datetime], Answer]
    segments: tuple[str, ...]
    asks_score: bool
    is_contextual: bool


def _no_answer(facts: Facts, now: datetime) -> Answer:
    return NO


@dataclass(frozen=True)
class Published:
    """All rules of one version, those that others depend on first."""

    version: int
    rules: Mapping[str, PublishedRule] = field(default_factory=dict)
    rules_version: int = 0
    """A digest of what is judged and stored: equal rules and weights, equal number, whatever else was published."""
    scoring: Scoring = field(default_factory=Scoring)
    """How the score is made that rules may ask for."""

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What is asked of each rule, in order: what judging reads in its loop."""
        return tuple(
            Question(
                published.key,
                _no_answer if published.trouble else published.rule.answer,
                tuple(sorted(published.rule.segments)),
                ENGAGEMENT in published.rule.traits,
                published.is_contextual,
            )
            for published in self.rules.values()
        )

    @property
    def segment_slugs(self) -> list[str]:
        """The active segments' slugs."""
        return [key for key in self.rules if ":" not in key]


def read_published(version: int) -> Published:
    """Read and compile all active segments and the rules of every source."""
    rules: dict[str, Any] = dict(
        Segment.objects.filter(status=Status.ACTIVE).order_by("slug").values_list("slug", "rule")
    )
    for source in sources():
        rules.update(source())
    left_out = [name for name, kind in registered().items() if not kind.by_visitor]
    return compile_rules(version, rules, left_out=left_out, scoring=current_scoring())


published = PerVersion(read_published)


def compile_rules(
    version: int, rules: Mapping[str, Any], *, left_out: Iterable[str] = (), scoring: Scoring | None = None
) -> Published:
    """Compile rules given as JSON. Pure: a rule that cannot be asked is kept with its trouble, and never matches.

    `left_out` names the events that no visitor causes: timelines are read without them, so they are part of what
    the rules say. `scoring` is how the score is made; None: by the defaults.
    """
    scoring = scoring or Scoring()
    parsed: dict[str, Rule] = {}
    broken: dict[str, str] = {}
    for key, data in rules.items():
        try:
            parsed[key] = Rule.parse(data, limits=STORED_RULES)
        except InvalidRule as error:
            logger.warning("The rule of %s is not a rule and matches nobody: %s", key, error)
            broken[key] = "The rule has mistakes."
    references = {key: rule.segments for key, rule in parsed.items()}
    compiled: dict[str, PublishedRule] = {}
    for key in in_order(references):
        rule = parsed[key]
        trouble = ""
        if missing := sorted(slug for slug in rule.segments if slug not in rules):
            trouble = f"There is no active segment “{missing[0]}”."
        elif any(slug not in compiled and slug in parsed for slug in rule.segments) or (
            any(compiled[slug].trouble for slug in rule.segments if slug in compiled) and cycle_through(key, references)
        ):
            trouble = "It depends on itself through other segments."
        compiled[key] = PublishedRule(
            key,
            rule,
            is_contextual=rule.is_contextual
            or any(slug in compiled and compiled[slug].is_contextual for slug in rule.segments),
            is_request_only=rule.asks_requests_only,
            trouble=trouble,
        )
    nobody = Rule.parse({"any": []})
    for key, trouble in broken.items():
        compiled[key] = PublishedRule(key, nobody, is_contextual=False, is_request_only=False, trouble=trouble)
    return Published(version, compiled, _digest(compiled.values(), sorted(left_out), scoring), scoring)


def in_order(references: Mapping[str, Iterable[str]]) -> list[str]:
    """The keys, each after those that it refers to; the members of cycles, and what depends on them, come last.

    >>> in_order({"a": ["b"], "b": [], "c": ["c"], "d": ["elsewhere"]})
    ['b', 'a', 'd', 'c']
    """
    ordered: dict[str, None] = {}
    entered: set[str] = set()
    caught: dict[str, None] = {}

    def visit(key: str) -> bool:
        if key in ordered:
            return True
        if key in entered:
            return False
        entered.add(key)
        # Every reference is visited, also after one that was not fine.
        fine = False not in {visit(other) for other in references[key] if other in references}
        (ordered if fine else caught)[key] = None
        return fine

    for key in references:
        visit(key)
    return [*ordered, *caught]


def cycle_through(slug: str, references: Mapping[str, Iterable[str]]) -> list[str]:
    """A way from the segment back to itself as a list that begins and ends with it; empty if there is none.

    >>> cycle_through("a", {"a": ["b"], "b": ["c", "a"], "c": []})
    ['a', 'b', 'a']
    """
    came_from: dict[str, str] = {}
    waiting = [slug]
    while waiting:
        key = waiting.pop(0)
        for other in sorted(references.get(key, ())):
            if other == slug:
                way = [slug, key]
                while way[-1] != slug:
                    way.append(came_from[way[-1]])
                return way[::-1]
            if other not in came_from:
                came_from[other] = key
                waiting.append(other)
    return []


def _digest(rules: Iterable[PublishedRule], left_out: list[str], scoring: Scoring) -> int:
    judged = sorted(
        (rule.key, rule.trouble, json.dumps(rule.rule.to_json(), sort_keys=True))
        for rule in rules
        if not rule.is_contextual
    )
    text = json.dumps([MEANING, judged, left_out, scoring.signature])
    # 63 bits, for a BIGINT; never 0, which stands for "never judged".
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) >> 1 or 1
