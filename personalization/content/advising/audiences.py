"""How many visitors each variant of a block is for, and how many of them an earlier one takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from personalization.content.advising.lint import BlockFacts, VariantFacts, speaks_all
from personalization.content.advising.states import SHOWN, State, state_of
from personalization.profiles.head import configuration_version
from personalization.segments.published import published
from personalization.segments.selectors import MOST_TOGETHER, halvings, people_together
from personalization.segments.services import count_everybody


@dataclass(frozen=True, slots=True)
class Audience:
    """Those who agreed to personalization and fit one variant."""

    variant: str
    """The variant's id."""
    name: str
    people: int | None
    """None: decided at each visit, nothing stored."""
    taken: Mapping[str, int] = field(default_factory=dict)
    """How many of them an earlier variant takes, by that one's name."""
    within: int = 0
    """The numbers were drawn: nearly all are right within so many. 0: they are exact."""
    everybody: int = 0
    """All who were counted."""
    state: State = SHOWN
    """Whether anybody sees it at this moment."""
    languages: frozenset[str] = frozenset()
    """The pages' languages in which it is shown, of which nothing is stored about visitors; empty is all."""

    @property
    def left(self) -> int | None:
        """How many of them see this one."""
        return None if self.people is None else self.people - sum(self.taken.values())


def audiences_of(block: BlockFacts, *, now: datetime, among: QuerySet[Any, Any] | None = None) -> list[Audience]:
    """Count for each variant that is switched on, in order, from what is stored.

    Two queries and the configuration's, three where very many agreed: then a part of them is drawn and stands for all
    (see `segments.selectors.SAMPLE`).

    Args:
        block: as lint sees it.
        now: an aware datetime.
        among: yields the ids of those who count, all of whom agreed, and of whom none is left out; without it,
            everybody who did.
    """
    variants = [one for one in block.variants if not one.failure]
    rules = published(configuration_version()).rules
    keys = sorted({key for one in variants for key in one.audience or () if key in rules})
    unknown = {key for key in keys if rules[key].is_contextual}
    counted = [key for key in keys if key not in unknown][:MOST_TOGETHER]
    unknown |= set(keys) - set(counted)
    everybody = count_everybody() if among is None else among.count()
    halved = halvings(everybody) if among is None else 0
    drawn = count_everybody(halved=halved) if halved else everybody
    together = people_together(counted, among, halved=halved)
    together[frozenset()] = max(0, drawn - sum(together.values()))
    if halved and drawn:  # by what was drawn, not by how many halves: that is the surer
        together = {keys: round(people * everybody / drawn) for keys, people in together.items()}
    found = audiences(variants, together, unknown=unknown, at_most=block.at_most if block.in_order else None, now=now)
    return [replace(one, everybody=everybody, within=-(-everybody // 100) if halved else 0) for one in found]


def audiences(
    variants: Sequence[VariantFacts],
    together: Mapping[frozenset[str], int],
    *,
    unknown: set[str] | frozenset[str] = frozenset(),
    at_most: int | None = 1,
    now: datetime,
) -> list[Audience]:
    """Share people out among variants in their order. Pure.

    Args:
        variants: in the order in which they are tried.
        together: how many match which keys, and no other.
        unknown: keys of which nobody knows who matches them.
        at_most: so many are shown at once; None: all that fit, or not in this order, so that none takes another's.
        now: an aware datetime; what is not open then takes nobody.

    >>> all_, fans = VariantFacts("1", "All", ("a", "b")), VariantFacts("2", "Fans", ("a",))
    >>> [one.left for one in audiences([fans, all_], {frozenset("a"): 5, frozenset("ab"): 2}, now=datetime.max)]
    [7, 0]
    """
    known = [not unknown.intersection(variant.audience or ()) for variant in variants]
    takers = [
        {place for place in range(later) if at_most is not None and _takes(variants[place], variant, now)}
        for later, variant in enumerate(variants)
    ]
    people, taken = [0] * len(variants), [dict[str, int]() for _ in variants]
    for keys, count in together.items():
        fitting = [place for place, variant in enumerate(variants) if _fits(variant, keys)]
        for nth, place in enumerate(fitting):
            people[place] += count
            first = [earlier for earlier in fitting[:nth] if earlier in takers[place]] if count else []
            if first and len(first) >= (at_most or 1):
                name = variants[first[0]].name
                taken[place][name] = taken[place].get(name, 0) + count
    return [
        Audience(
            variant.uuid,
            variant.name,
            people[place] if known[place] else None,
            taken[place] if known[place] else {},
            state=state_of(variant.schedule, variant.campaigns, now=now),
            languages=variant.languages,
        )
        for place, variant in enumerate(variants)
    ]


def _fits(variant: VariantFacts, keys: frozenset[str]) -> bool:
    return variant.audience is None or not keys.isdisjoint(variant.audience)


def _takes(other: VariantFacts, variant: VariantFacts, now: datetime) -> bool:
    """Whether the other one is shown at this moment to all who fit both."""
    return (
        not other.is_limited
        and not other.is_empty
        and other.schedule.is_open(now)
        and all(campaign.is_running(now) for campaign in other.campaigns)
        and speaks_all(other, variant)
    )
