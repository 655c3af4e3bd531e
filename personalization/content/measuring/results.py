"""What came of a block: who saw what, who clicked, and who went on to a goal. As figures, and as a sentence first.

All figures are of visitors who agreed to measuring. Who sees a variant is chosen and not drawn by lot, so two variants
are seen by different people: what is said of a difference says so, too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from personalization.content.advising.audiences import audiences_of
from personalization.content.advising.lint import BlockFacts
from personalization.content.measuring.comparing import (
    Interval,
    Share,
    Verdict,
    compare,
    per_view,
)
from personalization.content.measuring.counting import (
    TAILORED,
    Counted,
    InSegment,
    count_calls,
    count_goals,
    count_in_segments,
    count_people,
    count_views,
    viewers,
)
from personalization.content.measuring.measured import MeasuredBlock, measured_block, measured_blocks, variant_ids
from personalization.content.models import CallToAction
from personalization.content.serving.rendering import DEFAULT_VARIANT
from personalization.segments.models import Segment, Status
from tracking.goals import CompiledGoal, counted_goals

USUAL_DAYS: Final = 28
"""The range of time where nobody says another one."""
USUAL: Final = timedelta(days=USUAL_DAYS)
NONE: Final = Share(0, 0)
UNKNOWN: Final = Interval(0.0, 1.0)
BEST: Final = 3
"""So many blocks are named as the best, and as the worst."""


@dataclass(frozen=True, slots=True)
class GoalResults:
    """Who of those that saw something reached a goal soon after."""

    goal: CompiledGoal
    people: Share
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class VariantResults:
    """What came of one variant, of the default, or of all variants together."""

    uuid: str
    """The id that events carry; `default`, or empty for all variants together."""
    name: str
    views: int = 0
    """Times that half of it was visible for a second."""
    clicks: int = 0
    """Of a person's clicks no more than the person has views."""
    clicked: Share = NONE
    """How many of the people who saw it clicked in it at least once."""
    interval: Interval = UNKNOWN
    """Of clicks per view."""
    goals: tuple[GoalResults, ...] = ()
    verdict: Verdict = Verdict.NOTHING
    """Whether it was clicked by more or less people than the default, if that can be told."""
    first: datetime | None = None
    """When it was first seen in this time."""
    is_named: bool = True
    """The name is its editor's; else it says what it is."""

    @property
    def people(self) -> int:
        """How many people saw it."""
        return self.clicked.of

    @property
    def is_default(self) -> bool:
        """Whether it is what everyone else sees."""
        return self.uuid == DEFAULT_VARIANT

    @property
    def clicks_per_view(self) -> float:
        """The rate that `interval` is about."""
        return self.clicks / self.views if self.views else 0.0


@dataclass(frozen=True, slots=True)
class SegmentResults:
    """What the people saw and clicked who are in a segment now."""

    slug: str
    name: str
    tailored: Share
    default: Share


@dataclass(frozen=True, slots=True)
class CallResults:
    """How often a call to action was clicked, and by how many people."""

    key: str
    name: str
    people: int = 0
    clicks: int = 0


@dataclass(frozen=True, slots=True)
class BlockResults:
    """What came of a block in a range of time."""

    key: str
    name: str
    since: datetime
    until: datetime
    variants: tuple[VariantResults, ...]
    """In the block's order; those that nobody saw are there, too."""
    default: VariantResults
    tailored: VariantResults
    """All variants together: each person once."""
    pk: int | None = None
    """Where the admin edits the block; None if another room brought it."""


def block_results(
    block_key: str, *, since: datetime, until: datetime, segment: str | None = None, with_goals: bool = True
) -> BlockResults:
    """Count a block from `since` to before `until`: four queries, and one for each length of goals' time.

    With a `segment`, of those alone who are in it now. A block that nobody knows has no variants and no results.
    """
    block = measured_block(block_key) or MeasuredBlock(block_key, block_key, {})
    counted = count_views([block.key], list(block.variants), since=since, until=until, segment=segment)
    reached: dict[str, list[GoalResults]] = {}
    if with_goals and counted:
        reached = _goals(block, counted, since=since, until=until, segment=segment)
    return _results(block, counted, since, until, reached)


def all_results(*, since: datetime, until: datetime, keys: Collection[str] | None = None) -> list[BlockResults]:
    """Count every block, without goals, those that most people saw first: three queries, however many there are.

    With `keys`, those blocks alone, as far as anybody knows them.
    """
    blocks = {key: block for key, block in measured_blocks().items() if keys is None or key in keys}
    counted: dict[str, list[Counted]] = {}
    for row in count_views(list(blocks), variant_ids(blocks.values()), since=since, until=until) if blocks else ():
        if row.variant in (TAILORED, DEFAULT_VARIANT) or row.variant in blocks[row.block].variants:
            counted.setdefault(row.block, []).append(row)
    results = [_results(block, counted.get(block.key, ()), since, until, {}) for block in blocks.values()]
    return sorted(results, key=lambda one: (-(one.tailored.people + one.default.people), one.name.casefold()))


def best_and_worst(
    *, since: datetime, until: datetime, results: Sequence[BlockResults] | None = None
) -> tuple[list[BlockResults], list[BlockResults]]:
    """The blocks whose variants were clicked by more people than their default, most first; and by less, least first.

    Only where that can be told, and at most three each. `results` of `all_results` need not be counted again.
    """
    found = all_results(since=since, until=until) if results is None else results
    told = sorted(found, key=lambda one: one.tailored.clicked.rate - one.default.clicked.rate, reverse=True)
    best = [one for one in told if one.tailored.verdict is Verdict.MORE]
    worst = [one for one in reversed(told) if one.tailored.verdict is Verdict.LESS]
    return best[:BEST], worst[:BEST]


def call_results(*, since: datetime, until: datetime) -> list[CallResults]:
    """Count the clicks on each call to action, most clicked first; two queries."""
    names = dict(CallToAction.objects.values_list("key", "name"))
    counted = {row.key: row for row in count_calls(names, since=since, until=until)} if names else {}
    found = [
        CallResults(key, name, counted[key].people, counted[key].clicks) if key in counted else CallResults(key, name)
        for key, name in names.items()
    ]
    return sorted(found, key=lambda one: (-one.clicks, one.name.casefold()))


def segment_results(block_key: str, *, since: datetime, until: datetime) -> list[SegmentResults]:
    """Count a block by the segments that its viewers are in now, most people first. Somebody may be in several."""
    block = measured_block(block_key)
    if block is None:
        return []
    names = dict(Segment.objects.filter(status=Status.ACTIVE).values_list("slug", "name"))
    shares: dict[str, dict[bool, Share]] = {}
    rows: Sequence[InSegment] = count_in_segments(
        block.key, list(block.variants), list(names), since=since, until=until
    )
    for row in rows:
        shares.setdefault(row.segment, {})[row.is_default] = Share(row.clicked, row.people)
    found = [
        SegmentResults(slug, names[slug], share.get(False, NONE), share.get(True, NONE))
        for slug, share in shares.items()
    ]
    return sorted(found, key=lambda one: (-(one.tailored.of + one.default.of), one.name.casefold()))


def likely_people(block_key: str, audience: Sequence[str] | None, *, now: datetime | None = None) -> int | None:
    """How many people will really see a variant for `audience` in the next 28 days, judged by the last.

    Counted are those who saw the block, whatever it showed, and are in the audience now; `audience` is as in
    `deciding.PublishedVariant`: segments' slugs or rules' keys, None for everybody. None if nobody saw the block at
    all: then nothing can be said.
    """
    until = now or timezone.now()
    people = count_people(block_key, since=until - USUAL, until=until, audience=audience)
    if people or audience is None:
        return people or None
    return 0 if count_people(block_key, since=until - USUAL, until=until) else None


def likely_audiences(key: str, block: BlockFacts, *, now: datetime) -> dict[str, int | None]:
    """How many people will really see each variant that is switched on, by its id: who came by in the last 28 days.

    Of those who saw the block and agreed to personalization, each variant's are those that it fits now and no earlier
    one does. None where that is decided at each visit.

    Args:
        key: the block's.
        block: as lint sees it.
        now: an aware datetime.
    """
    people = audiences_of(block, now=now, among=viewers(key, since=now - USUAL, until=now))
    return {one.variant: one.left for one in people}


def _results(
    block: MeasuredBlock,
    counted: Sequence[Counted],
    since: datetime,
    until: datetime,
    reached: Mapping[str, Sequence[GoalResults]],
) -> BlockResults:
    rows = {row.variant: row for row in counted}
    default_row = rows.get(DEFAULT_VARIANT)
    default = Share(default_row.clicked, default_row.people) if default_row else NONE

    def results(uuid: str, name: str) -> VariantResults:
        row = rows.get(uuid)
        is_named = uuid in block.variants or (uuid == DEFAULT_VARIANT and bool(block.others))
        if row is None:
            return VariantResults(uuid, name, is_named=is_named)
        clicked = Share(row.clicked, row.people)
        return VariantResults(
            uuid,
            name,
            row.views,
            row.clicks,
            clicked,
            per_view(
                people=row.people,
                views=row.views,
                clicks=row.clicks,
                views_squared=row.views_squared,
                both=row.both,
                clicks_squared=row.clicks_squared,
            ),
            tuple(reached.get(uuid, ())),
            Verdict.NOTHING if uuid == DEFAULT_VARIANT else compare(clicked, default),
            row.first,
            is_named,
        )

    return BlockResults(
        key=block.key,
        name=block.name,
        since=since,
        until=until,
        variants=tuple(results(uuid, name) for uuid, name in block.variants.items()),
        default=results(DEFAULT_VARIANT, block.others or _("Everyone else sees")),
        tailored=results(TAILORED, _("All variants together")),
        pk=block.pk,
    )


def _goals(
    block: MeasuredBlock, counted: Sequence[Counted], *, since: datetime, until: datetime, segment: str | None
) -> dict[str, list[GoalResults]]:
    """Of each variant that was seen: all goals, those that nobody reached, too."""
    goals = counted_goals()
    rows = count_goals(
        block.key, list(block.variants), goals, since=since, until=until, now=timezone.now(), segment=segment
    )
    reached = {(row.variant, row.goal): row for row in rows}
    found: dict[str, list[GoalResults]] = {}
    for seen in counted:
        for goal in goals:
            row = reached.get((seen.variant, goal.pk))
            share = Share(row.people if row else 0, seen.people)
            found.setdefault(seen.variant, []).append(GoalResults(goal, share, row.value if row else 0.0))
    return found
