"""Which variant of a block a visitor sees. Pure: no Django, no clock, no I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

import msgspec

from personalization.content.deciding.reasons import DecisionReason, Outcome, Passed, Step
from personalization.content.deciding.schedule import ALWAYS, Opening, Schedule
from personalization.content.deciding.standing import Stand, may_meet
from personalization.content.strategies import BEST, FIRST, Trait, picked, score_of
from personalization.rules import Reason

Matches: TypeAlias = Callable[[str], bool]
"""Says whether the visitor matches what is judged under a key: a segment's slug or ``variant:<uuid>``."""
Explain: TypeAlias = Callable[[str], Reason]
"""Says why, under the same keys; asked only when somebody wants to know."""


class Showing(StrEnum):
    """When a block comes onto its page."""

    IN_PLACE = "in_place"
    DEFERRED = "deferred"
    """Right after the page, which itself holds the default and asks nothing."""
    REVEALED = "revealed"
    """Likewise, but nobody sees it before the visitor gives occasion to."""


class Occasion(StrEnum):
    """What brings a revealed block into view."""

    SCROLL = "scroll"
    DWELL = "dwell"
    IDLE = "idle"
    EXIT = "exit"


USUAL_AFTER: Mapping[Occasion, int] = {Occasion.SCROLL: 50, Occasion.DWELL: 30, Occasion.IDLE: 60, Occasion.EXIT: 0}
"""Percent scrolled, or seconds, where editors did not say."""
_CLOSED: Mapping[Opening, Passed] = {
    Opening.NOT_YET: Passed.NOT_YET,
    Opening.OVER: Passed.OVER,
    Opening.CLOSED: Passed.HOURS,
}


@dataclass(frozen=True, slots=True)
class PublishedCampaign:
    """A campaign as it is published."""

    name: str
    live: bool
    schedule: Schedule = ALWAYS
    team_only: bool = False
    """It is on trial, with all that belongs to it."""

    def is_running(self, now: datetime) -> bool:
        """Say whether what belongs to it may be shown."""
        return self.live and self.schedule.is_open(now)


class Body(Protocol):
    """What a variant shows, ready to be rendered (see `bodies`)."""

    @property
    def html(self) -> str:
        """What is shown, where that is known beforehand; else empty."""
        ...

    @property
    def layout(self) -> str:
        """The template of the site's list that it is, if it is one."""
        ...

    @property
    def is_personal(self) -> bool:
        """Whether it depends on more than the decision, so that no cache may keep a page with it."""
        ...

    def render(self, place: Any) -> str:
        """Render it at a place (`bodies.kinds.Place`); raises what goes wrong."""
        ...


@dataclass(frozen=True, slots=True)
class PublishedVariant:
    """A variant as it is published, ready to be shown."""

    uuid: str
    name: str
    audience: tuple[str, ...] | None
    """Any of these keys must match; ``None`` is everybody, and an empty tuple nobody."""
    schedule: Schedule = ALWAYS
    languages: frozenset[str] = frozenset()
    """The pages' languages in which it is shown; empty is all."""
    sites: frozenset[int] = frozenset()
    """The ids of the sites on which it is shown; empty is all."""
    campaigns: tuple[PublishedCampaign, ...] = ()
    """It is shown only while all of these run."""
    limits: tuple[tuple[str, Passed], ...] = ()
    """Who matches one of these keys does not see it, for that reason; nor does anybody who cannot be counted."""
    team_only: bool = False
    """It is on trial, by itself or with its block or a campaign: nobody but the site's own staff sees it."""
    tires: str = ""
    """For those who match this key, other variants that fit come first."""
    body: Body | None = None
    is_elsewhere: bool = False
    """What it shows is kept by the source that brought it, and rendered by it alone."""
    score: str = ""
    """The name of what is known about the visitor that says how well it suits them; for blocks with the best first."""
    rests_after: str = ""
    """The name of the goal that it rests after, if it is one."""
    not_in: tuple[str, ...] = ()
    """The segments that it is for those outside of, where its key judges just that."""

    @property
    def html(self) -> str:
        """What it shows, where that is known beforehand; else empty."""
        return self.body.html if self.body else ""

    @property
    def counted_as(self) -> str:
        """Its name where it is seen and clicked; another one while it is on trial, which no results count."""
        return f"trial:{self.uuid}" if self.team_only else self.uuid


@dataclass(frozen=True, slots=True)
class PublishedBlock:
    """A block as it is published, its variants in order; those switched off are not here."""

    key: str
    live: bool
    default: str
    variants: tuple[PublishedVariant, ...] = ()
    name: str = ""
    others: str = ""
    """What its editor calls what everyone else sees, if that has a name of its own."""
    ahead: tuple[PublishedBlock, ...] = ()
    """The blocks that come before it in its group: if one of them shows a variant, this one shows its default."""
    all_paused: bool = False
    """It is not live because nothing is."""
    by_language: bool = False
    """The page's language decides about one of its variants, or of those that come before it."""
    show: Showing = Showing.IN_PLACE
    room: int = 0
    """Pixels that are kept free for it where it comes after the page."""
    reveal_on: Occasion = Occasion.SCROLL
    reveal_after: int = USUAL_AFTER[Occasion.SCROLL]
    pick: str = FIRST
    """The name of the strategy that picks what is shown."""
    most: int | None = None
    """So many variants at most where several are shown; ``None`` is all that fit."""
    group: int | None = None
    """The group that it is in, and its number there: of blocks that their source puts into one."""
    order: int | None = None
    is_exempt: bool = False
    """It is left out of the limits over everything."""
    stands: Stand | None = None
    """The one page that it is on; of blocks in groups, if it is known."""
    around: tuple[tuple[PublishedBlock, str], ...] = ()
    """Of one that comes before others: the blocks that it stands in, each with the variant, as `Stand.within`."""
    usual: dict[str, Decision] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What it comes to where nothing is explained, by the id of the one variant that is shown, or by none."""


class Decision(msgspec.Struct, frozen=True):
    """What a block shows to one visitor at one moment; without a variant, the default."""

    block: str
    variants: tuple[PublishedVariant, ...]
    """All that are shown, in this order."""
    reason: DecisionReason
    default: str = ""
    """What everyone else sees; empty: what the page's template says."""

    @property
    def variant(self) -> PublishedVariant | None:
        """The first that is shown."""
        return self.variants[0] if self.variants else None

    def to_json(self) -> dict[str, Any]:
        """What is shown and why, as plain JSON data; what it looks like is not in it."""
        variants = [{"id": variant.uuid, "name": variant.name} for variant in self.variants]
        return {"block": self.block, "variants": variants, "reason": self.reason.to_json()}


_PAUSED = DecisionReason(Outcome.PAUSED)
_ALL_PAUSED = DecisionReason(Outcome.ALL_PAUSED)
_UNKNOWN = DecisionReason(Outcome.UNKNOWN)
_FAILED = DecisionReason(Outcome.FAILED)


def nothing_known(name: str) -> None:
    """What is known about a visitor of whom nothing is."""


def decide_block(
    block: PublishedBlock,
    *,
    matches: Matches,
    now: datetime,
    language: str = "",
    site: Callable[[], int | None] = lambda: None,
    counted: bool = True,
    is_team: Callable[[], bool] = lambda: False,
    trait: Trait = nothing_known,
    visitor: str = "",
    empty: Set[str] = frozenset(),
    path: Callable[[], str] = str,
    explain: Explain | None = None,
) -> Decision:
    """Choose among the variants whose schedule, languages, audience and limits fit, as the block's strategy does.

    Args:
        block: the block as it is published.
        matches: says what the visitor matches.
        now: an aware datetime.
        language: the page's.
        site: says the id of the page's site; asked only for variants that are for some sites.
        counted: whether it is known what the visitor has seen; of those who did not agree nothing is.
        is_team: says whether it is one of the site's own staff; asked only for variants on trial.
        trait: says what is known about the visitor.
        visitor: the visitor's id; empty for those who did not agree.
        empty: the ids of variants that were found to have nothing for the visitor.
        path: says the path of the page; asked only in groups with blocks that are on one page.
        explain: says why, for each step.

    >>> from datetime import UTC
    >>> fans = PublishedVariant("1f", "Trousers", ("trouser-fans",))
    >>> block = PublishedBlock("hero", live=True, default="", variants=(fans,))
    >>> now = datetime(2026, 11, 20, tzinfo=UTC)
    >>> decide_block(block, matches={"trouser-fans"}.__contains__, now=now).variant is fans
    True
    >>> decide_block(block, matches=set().__contains__, now=now).reason.text
    'No variant fits the visitor: what everyone else sees is shown.'
    """
    return Looker(matches, now, language, site, counted, is_team, trait, visitor, empty, path).decide(block, explain)


def unknown_block(key: str) -> Decision:
    """Decide for a name that no block has."""
    return Decision(key, (), _UNKNOWN)


def failed_decision(key: str, block: PublishedBlock | None = None) -> Decision:
    """Decide when what is needed to decide could not be read; `block` as it was last known, if it was."""
    return Decision(key, (), _FAILED, block.default if block else "")


class Looker(msgspec.Struct, frozen=True):
    """What variants are asked about, for one visitor at one moment: the same for all blocks of a page."""

    matches: Matches
    now: datetime
    language: str
    site: Callable[[], int | None]
    counted: bool
    is_team: Callable[[], bool]
    trait: Trait
    visitor: str
    empty: Set[str]
    path: Callable[[], str]

    def decide(self, block: PublishedBlock, explain: Explain | None = None) -> Decision:
        """Choose what the block shows; see `decide_block`."""
        if not block.live:
            return Decision(block.key, (), _ALL_PAUSED if block.all_paused else _PAUSED, block.default)
        shown = self.picked_of(block)
        other = self.winner_over(block) if shown else None
        if explain is None and other is None and len(shown) < 2:
            return _usual(block, shown)
        return _decided(block, shown, other, self.steps(block, shown, other, explain) if explain else ())

    def picked_of(self, block: PublishedBlock) -> tuple[PublishedVariant, ...]:
        """What the block's strategy picks."""
        return picked(block, lambda: self.fitting(block), self)

    def fitting(self, block: PublishedBlock) -> Iterator[PublishedVariant]:
        """Those that fit, in order; those that have tired come last."""
        tired: list[PublishedVariant] = []
        for variant in block.variants:
            if self.why_not(variant) is None:
                if self.is_tired(variant):
                    tired.append(variant)
                else:
                    yield variant
        yield from tired

    def winner_over(self, block: PublishedBlock) -> PublishedBlock | None:
        """The first block before this one in its group that shows something on the page."""
        for other in block.ahead:
            is_here = other.live and may_meet(block.stands, other.stands, self.path)
            if is_here and self.picked_of(other) and all(self.shows(*outer) for outer in other.around):
                return other
        return None

    def shows(self, block: PublishedBlock, variant: str) -> bool:
        """Whether the block shows the variant of this id, or, if that is empty, what everyone else sees."""
        picked = self.picked_of(block) if block.live else ()
        return any(one.uuid == variant for one in picked) if variant else not picked

    def why_not(self, variant: PublishedVariant) -> Passed | None:
        """What keeps the variant from this visitor; what costs nothing is asked first."""
        ruled_out = self.ruled_out(variant)
        if ruled_out is None and variant.audience is not None and not any(map(self.matches, variant.audience)):
            return Passed.AUDIENCE
        return ruled_out or (self.limit(variant) if variant.limits else None)

    def ruled_out(self, variant: PublishedVariant) -> Passed | None:
        """What rules the variant out before anybody is asked about."""
        if variant.uuid in self.empty:
            return Passed.EMPTY
        if variant.schedule is not ALWAYS and (closed := _CLOSED.get(variant.schedule.at(self.now))):
            return closed
        if variant.campaigns and self.idle_campaign(variant):
            return Passed.CAMPAIGN
        if variant.languages and self.language not in variant.languages:
            return Passed.LANGUAGE
        if variant.sites and self.site() not in variant.sites:
            return Passed.SITE
        if variant.team_only and not self.is_team():
            return Passed.TEAM
        return None

    def idle_campaign(self, variant: PublishedVariant) -> PublishedCampaign | None:
        """The campaign of the variant that is not running."""
        return next((campaign for campaign in variant.campaigns if not campaign.is_running(self.now)), None)

    def limit(self, variant: PublishedVariant) -> Passed | None:
        """The limit that the visitor has reached."""
        if not self.counted:
            return Passed.NOT_COUNTED
        return next((passed for key, passed in variant.limits if self.matches(key)), None)

    def is_tired(self, variant: PublishedVariant) -> bool:
        """Whether others that fit come first."""
        return bool(variant.tires) and self.counted and self.matches(variant.tires)

    def steps(
        self,
        block: PublishedBlock,
        shown: tuple[PublishedVariant, ...],
        other: PublishedBlock | None,
        explain: Explain,
    ) -> tuple[Step, ...]:
        """What became of each variant."""
        steps: list[Step] = []
        for variant in block.variants:
            passed = self.why_not(variant)
            score = score_of(variant, self.trait) if block.pick == BEST and passed is None else None
            if variant in shown:
                passed = Passed.GROUP if other else Passed.SHOWN
            elif passed is None:
                passed = Passed.TIRED if self.is_tired(variant) else Passed.LATER
            keys = _keys(variant, passed)
            reasons = tuple(explain(key) for key in keys)
            steps.append(Step(variant.name, passed, reasons, keys, self._name_of_other(variant, passed, other), score))
        return tuple(steps)

    def _name_of_other(self, variant: PublishedVariant, passed: Passed, other: PublishedBlock | None) -> str:
        if passed is Passed.CAMPAIGN and (campaign := self.idle_campaign(variant)):
            return campaign.name
        if passed is Passed.TEAM:
            return next((campaign.name for campaign in variant.campaigns if campaign.team_only), "")
        if passed is Passed.RESTS:
            return variant.rests_after
        return other.name if passed is Passed.GROUP and other else ""


def _decided(
    block: PublishedBlock, shown: tuple[PublishedVariant, ...], other: PublishedBlock | None, steps: tuple[Step, ...]
) -> Decision:
    reason = DecisionReason(
        Outcome.NO_VARIANT_FITS if not shown else Outcome.GROUP if other else Outcome.VARIANT,
        tuple(variant.name for variant in shown),
        steps,
        other.name if other else "",
        block.pick,
        not other and any(variant.team_only for variant in shown),
    )
    return Decision(block.key, () if other else shown, reason, block.default)


def _usual(block: PublishedBlock, shown: tuple[PublishedVariant, ...]) -> Decision:
    """The decision for one variant or none, made once for all visitors: most pages make many of them."""
    uuid = shown[0].uuid if shown else ""
    return block.usual.get(uuid) or block.usual.setdefault(uuid, _decided(block, shown, None, ()))


def _keys(variant: PublishedVariant, passed: Passed) -> tuple[str, ...]:
    """What explains how far a variant came."""
    if limits := tuple(key for key, kind in variant.limits if kind is passed):
        return limits
    if passed is Passed.TIRED:
        return (variant.tires,)
    return variant.audience or () if passed in (Passed.AUDIENCE, Passed.SHOWN, Passed.GROUP) else ()
