"""Which variant of a block a visitor sees, and what a call to action says. Pure: no Django, no clock, no I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from personalization.content.schedule import ALWAYS, Opening, Schedule
from personalization.rules import Reason

Matches: TypeAlias = Callable[[str], bool]
"""Says whether the visitor matches what is judged under a key: a segment's slug or ``variant:<uuid>``."""
Explain: TypeAlias = Callable[[str], Reason]
"""Says why, under the same keys; asked only when somebody wants to know."""


class Outcome(StrEnum):
    """Why a decision came out as it did."""

    VARIANT = "variant"
    NO_VARIANT_FITS = "no_variant_fits"
    GROUP = "group"
    PAUSED = "paused"
    UNKNOWN = "unknown"
    FAILED = "failed"


class Passed(StrEnum):
    """What became of one variant on the way to the decision."""

    SHOWN = "shown"
    NOT_YET = "not_yet"
    OVER = "over"
    HOURS = "hours"
    LANGUAGE = "language"
    AUDIENCE = "audience"
    GROUP = "group"
    LATER = "later"


_OUTCOMES: Mapping[Outcome, str] = {
    Outcome.VARIANT: "“{variant}” is the first that fits the visitor.",
    Outcome.NO_VARIANT_FITS: "No variant fits the visitor: the default is shown.",
    Outcome.GROUP: "Only one block of its group shows something, and “{other}” comes first: the default is shown.",
    Outcome.PAUSED: "The block is paused: the default is shown.",
    Outcome.UNKNOWN: "No block has this name: the default is shown.",
    Outcome.FAILED: "What is known about the visitor could not be read: the default is shown.",
}
_STEPS: Mapping[Passed, str] = {
    Passed.SHOWN: "“{variant}” is shown.",
    Passed.NOT_YET: "“{variant}” has not started yet.",
    Passed.OVER: "“{variant}” is over.",
    Passed.HOURS: "“{variant}” is shown on other days or at other hours.",
    Passed.LANGUAGE: "“{variant}” is for other languages.",
    Passed.AUDIENCE: "“{variant}” is for others.",
    Passed.GROUP: "“{variant}” gives way to the block “{other}”.",
    Passed.LATER: "“{variant}” comes later in the order.",
}
_CLOSED: Mapping[Opening, Passed] = {
    Opening.NOT_YET: Passed.NOT_YET,
    Opening.OVER: Passed.OVER,
    Opening.CLOSED: Passed.HOURS,
}


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
    html: str = ""
    template_name: str = ""


@dataclass(frozen=True, slots=True)
class PublishedBlock:
    """A block as it is published, its variants in order; those switched off are not here."""

    key: str
    live: bool
    default: str
    variants: tuple[PublishedVariant, ...] = ()
    name: str = ""
    ahead: tuple[PublishedBlock, ...] = ()
    """The blocks that come before it in its group: if one of them shows a variant, this one shows its default."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a call to action says, where it leads, and how it looks."""

    label: str
    url: str
    style: str


@dataclass(frozen=True, slots=True)
class PublishedOverride:
    """What a call to action says to some."""

    look: Look
    segment: str | None
    """``None`` is everybody."""
    languages: frozenset[str] = frozenset()
    """The pages' languages in which it counts; empty is all."""


@dataclass(frozen=True, slots=True)
class PublishedCallToAction:
    """A call to action as it is published, with what others see, in order."""

    key: str
    look: Look
    overrides: tuple[PublishedOverride, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One variant on the way to a decision, and why it was passed over or shown."""

    variant: str
    passed: Passed
    reasons: tuple[Reason, ...] = ()
    other: str = ""
    """The name of the block that it gives way to."""

    @property
    def text(self) -> str:
        """One sentence for people."""
        return _STEPS[self.passed].format(variant=self.variant, other=self.other)


@dataclass(frozen=True, slots=True)
class DecisionReason:
    """Why a block shows what it shows; the steps are there when an explanation was asked for."""

    outcome: Outcome
    variant: str = ""
    steps: tuple[Step, ...] = ()
    other: str = ""
    """The name of the block of its group that shows something instead."""

    @property
    def text(self) -> str:
        """One sentence for people."""
        return _OUTCOMES[self.outcome].format(variant=self.variant, other=self.other)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a block shows to one visitor at one moment; without a variant, the default."""

    block: str
    variant: PublishedVariant | None
    reason: DecisionReason
    default: str = ""
    """What everyone else sees; empty: what the page's template says."""


@dataclass(frozen=True, slots=True)
class CallToActionDecision:
    """What a call to action says to one visitor; ``segment`` names whose override counted, if it was one's."""

    cta: str
    look: Look | None
    segment: str | None


_NO_VARIANT_FITS = DecisionReason(Outcome.NO_VARIANT_FITS)
_PAUSED = DecisionReason(Outcome.PAUSED)
_UNKNOWN = DecisionReason(Outcome.UNKNOWN)
_FAILED = DecisionReason(Outcome.FAILED)


def decide_block(
    block: PublishedBlock, *, matches: Matches, now: datetime, language: str = "", explain: Explain | None = None
) -> Decision:
    """Choose the first variant whose schedule, languages and audience fit.

    >>> from datetime import UTC
    >>> fans = PublishedVariant("1f", "Trousers", ("trouser-fans",))
    >>> block = PublishedBlock("hero", live=True, default="", variants=(fans,))
    >>> now = datetime(2026, 11, 20, tzinfo=UTC)
    >>> decide_block(block, matches={"trouser-fans"}.__contains__, now=now).variant is fans
    True
    >>> decide_block(block, matches=set().__contains__, now=now).reason.text
    'No variant fits the visitor: the default is shown.'
    """
    if not block.live:
        return Decision(block.key, None, _PAUSED, block.default)
    shown = _first(block, matches, now, language)
    other = _winner(block, matches, now, language) if shown else None
    steps = _steps(block, matches, now, language, other, explain) if explain else ()
    if shown and other:
        return Decision(block.key, None, DecisionReason(Outcome.GROUP, shown.name, steps, other.name), block.default)
    if shown:
        return Decision(block.key, shown, DecisionReason(Outcome.VARIANT, shown.name, steps), block.default)
    reason = DecisionReason(Outcome.NO_VARIANT_FITS, steps=steps) if steps else _NO_VARIANT_FITS
    return Decision(block.key, None, reason, block.default)


def unknown_block(key: str) -> Decision:
    """Decide for a name that no block has."""
    return Decision(key, None, _UNKNOWN)


def failed_decision(key: str, block: PublishedBlock | None = None) -> Decision:
    """Decide when what is needed to decide could not be read; `block` as it was last known, if it was."""
    return Decision(key, None, _FAILED, block.default if block else "")


def decide_cta(cta: PublishedCallToAction, *, matches: Matches, language: str = "") -> CallToActionDecision:
    """Take the first override whose languages and segment fit, else what the call to action says to everybody."""
    for override in cta.overrides:
        if override.languages and language not in override.languages:
            continue
        if override.segment is None or matches(override.segment):
            return CallToActionDecision(cta.key, override.look, override.segment)
    return CallToActionDecision(cta.key, cta.look, None)


def _first(block: PublishedBlock, matches: Matches, now: datetime, language: str) -> PublishedVariant | None:
    for variant in block.variants:
        if _fits(variant, matches, now, language):
            return variant
    return None


def _winner(block: PublishedBlock, matches: Matches, now: datetime, language: str) -> PublishedBlock | None:
    """The first block before it in its group that shows something."""
    for other in block.ahead:
        if other.live and _first(other, matches, now, language):
            return other
    return None


def _fits(variant: PublishedVariant, matches: Matches, now: datetime, language: str) -> bool:
    return _ruled_out(variant, now, language) is None and (
        variant.audience is None or any(matches(key) for key in variant.audience)
    )


def _ruled_out(variant: PublishedVariant, now: datetime, language: str) -> Passed | None:
    """What rules the variant out for whoever it is."""
    if variant.schedule is not ALWAYS and (closed := _CLOSED.get(variant.schedule.at(now))):
        return closed
    if variant.languages and language not in variant.languages:
        return Passed.LANGUAGE
    return None


def _steps(
    block: PublishedBlock,
    matches: Matches,
    now: datetime,
    language: str,
    other: PublishedBlock | None,
    explain: Explain,
) -> tuple[Step, ...]:
    steps: list[Step] = []
    shown = False
    for variant in block.variants:
        if shown:
            steps.append(Step(variant.name, Passed.LATER))
            continue
        if passed := _ruled_out(variant, now, language):
            steps.append(Step(variant.name, passed))
            continue
        shown = _fits(variant, matches, now, language)
        reasons = tuple(explain(key) for key in variant.audience or ())
        passed = Passed.AUDIENCE if not shown else Passed.GROUP if other else Passed.SHOWN
        steps.append(Step(variant.name, passed, reasons, other.name if shown and other else ""))
    return tuple(steps)
