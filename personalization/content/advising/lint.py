"""What is probably wrong with a block, in editors' words, and what to do about it. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from personalization.content.advising.states import opens_at
from personalization.content.deciding.blocks import PublishedCampaign
from personalization.content.deciding.schedule import ALWAYS, Opening, Schedule


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that an editor should look at."""

    code: str
    text: str
    """What is wrong and what to do, in one or two sentences."""
    variant: str = ""
    """The id of the variant that it is about; empty: the block."""
    is_note: bool = False
    """It may well be meant so."""


@dataclass(frozen=True, slots=True)
class SegmentFacts:
    """What lint is told of a segment."""

    name: str
    active: bool = True
    size: int | None = None
    """The people in it as counted last; None: not counted, or decided at each visit."""


@dataclass(frozen=True, slots=True)
class CodesFacts:
    """What lint is told of a stock of codes."""

    name: str
    left: int
    total: int

    @property
    def are_few(self) -> bool:
        """Whether a tenth is left, or less."""
        return self.left * 10 <= self.total


@dataclass(frozen=True, slots=True)
class VariantFacts:
    """What lint is told of a variant that is switched on."""

    uuid: str
    name: str
    audience: tuple[str, ...] | None = None
    """The slugs of its segments, or the key of its rule, any of which must match; None is everybody."""
    rule: str = ""
    """The rule itself, where it has one: variants with the same rule are for the same visitors."""
    order: int = 0
    schedule: Schedule = ALWAYS
    campaigns: tuple[PublishedCampaign, ...] = ()
    languages: frozenset[str] = frozenset()
    is_limited: bool = False
    """Not everybody who fits sees it each time: how often at most, a rest, others first after a while, or a trial."""
    is_text: bool = False
    """What it shows was written in one language; what translates itself is none."""
    is_empty: bool = False
    failure: str = ""
    """Why it was switched off after errors, if it was."""
    codes: CodesFacts | None = None
    """The stock that it gives codes from, if it does."""
    unknown_score: str = ""
    """The number that orders it, if nobody has one under that name."""

    @property
    def own_key(self) -> str:
        """The key under which a rule of its own is judged, if that decides who sees it; else empty."""
        key = f"variant:{self.uuid}"
        return key if self.audience == (key,) else ""


@dataclass(frozen=True, slots=True)
class BlockFacts:
    """What lint is told of a block: its variants in the order in which they are tried."""

    has_default: bool
    variants: tuple[VariantFacts, ...] = ()
    at_most: int | None = 1
    """So many variants are shown at once; None is all that fit."""
    in_order: bool = True
    """The order alone says which variant comes first."""
    template_says: bool | None = None
    """Whether those whom no variant fits find something in the page's template; None: nobody knows."""
    has_template: bool = True
    """Without one, as in a page of a CMS, those whom no variant fits see nothing where nothing is written for them."""


def lint_block(
    block: BlockFacts,
    *,
    now: datetime,
    segments: Mapping[str, SegmentFacts],
    languages: Sequence[tuple[str, str]] = (),
) -> list[Finding]:
    """Everything that an editor should look at, the variants' in their order, then the block's.

    Args:
        block: as it is stored.
        now: an aware datetime.
        segments: by slug; a rule may be here, too, under its key. What is not here is taken for gone.
        languages: the site's, (code, name); none where it has one only.

    >>> from datetime import UTC
    >>> block = BlockFacts(True, (VariantFacts("1", "All"), VariantFacts("2", "Fans", ("fans",))))
    >>> fans = {"fans": SegmentFacts("Fans", size=12)}
    >>> [found.code for found in lint_block(block, now=datetime(2026, 11, 20, tzinfo=UTC), segments=fans)]
    ['unreachable']
    """
    tried: list[VariantFacts] = []
    findings: list[Finding] = []
    for variant in block.variants:
        findings += _of_variant(variant, tried, block, now, segments)
        if not variant.failure:
            tried.append(variant)
    findings += _untranslated([one for one in tried if not _is_over(one, now)], languages)
    if not block.variants:
        text = _(
            "No variant is switched on, so everyone sees the same. Add one for those who should see something else."
        )
        findings.append(Finding("no_variants", text, is_note=True))
    if not block.has_default and not block.has_template:
        if not any(map(_takes_everybody, block.variants)):
            text = _(
                "Whom no variant fits sees nothing here. Add a variant for everyone else; if that is what you want, "
                "leave it empty."
            )
            findings.append(Finding("no_default", text))
    elif not block.has_default and not block.template_says:
        text = (
            _("“Everyone else sees” is empty: they see what the page's template says. If that is nothing, write it.")
            if block.template_says is None
            else _("“Everyone else sees” is empty, and the template has nothing there: others see nothing.")
        )
        findings.append(Finding("no_default", text, is_note=True))
    return sorted(findings, key=lambda found: found.is_note)


def _of_variant(
    variant: VariantFacts,
    earlier: Sequence[VariantFacts],
    block: BlockFacts,
    now: datetime,
    segments: Mapping[str, SegmentFacts],
) -> Iterator[Finding]:
    if variant.failure:
        text = _("Switched off after errors: %(why)s. Mend it, then switch it on again.")
        yield Finding("failing", text % {"why": variant.failure.rstrip(".")}, variant.uuid)
    if variant.is_empty:
        text = _("There is nothing to show, so visitors see what everyone else sees. Write it, or take it out.")
        yield Finding("empty", text, variant.uuid)
    if over := _why_over(variant, now):
        yield Finding("expired", over, variant.uuid)
        return  # what else may be wrong no longer matters
    yield from _audience(variant, segments)
    if variant.unknown_score:
        text = _("It comes last: no visitor has a number called “%(score)s”. Choose another score, or have it stored.")
        yield Finding("unknown_score", text % {"score": variant.unknown_score}, variant.uuid)
    if variant.codes is not None:
        yield from _codes(variant, variant.codes)
    if block.in_order and block.at_most is not None and (covering := _covering(variant, earlier, block.at_most)):
        text = _("Nobody ever sees it: all whom it is for get %(others)s first. Move it up, or take it out.")
        yield Finding("unreachable", text % {"others": _quoted(covering)}, variant.uuid)
        return
    for other in earlier:
        if block.in_order and other.order == variant.order and _may_meet(other, variant):
            text = _("It has the same place in the order as “%(other)s”. Say which comes first for visitors of both.")
            yield Finding("same_order", text % {"other": other.name}, variant.uuid)
            break


def _audience(variant: VariantFacts, segments: Mapping[str, SegmentFacts]) -> Iterator[Finding]:
    if variant.audience is None:
        return
    known = [segments[key] for key in variant.audience if key in segments]
    idle = [one.name for one in known if not one.active or one.size == 0]
    if not variant.audience:
        text = _("Nobody sees it: it is for segments, and none is chosen. Choose one, or take it out.")
        yield Finding("nobody", text, variant.uuid)
    elif variant.own_key:
        if idle and idle[0]:
            text = _("Nobody sees it: whether visitors are in %(segments)s is not known while that is not active.")
            yield Finding("nobody", text % {"segments": _quoted(idle)}, variant.uuid)
        elif idle:
            yield Finding("nobody", _("Nobody matches its rule at the moment. Is that what you mean?"), variant.uuid)
    elif len(idle) == len(variant.audience):
        text = _("Nobody sees it at the moment: no visitor is in %(segments)s. Look at the segment, or choose another.")
        yield Finding("nobody", text % {"segments": _quoted(idle)}, variant.uuid)
    elif idle:
        text = _("No visitor is in %(segments)s at the moment. Those of its other segments do see it.")
        yield Finding("empty_segment", text % {"segments": _quoted(idle)}, variant.uuid, is_note=True)


def _codes(variant: VariantFacts, codes: CodesFacts) -> Iterator[Finding]:
    if not codes.left:
        text = _(
            "No code is left in “%(stock)s”: only those see it who have theirs, all others see what comes next. "
            "Add codes, or take it out."
        )
        yield Finding("no_codes", text % {"stock": codes.name}, variant.uuid)
    elif codes.are_few:
        text = ngettext(
            "Only one code is left in “%(stock)s”. Add some in time.",
            "Only %(count)s codes are left in “%(stock)s”. Add some in time.",
            codes.left,
        )
        yield Finding("few_codes", text % {"count": codes.left, "stock": codes.name}, variant.uuid, is_note=True)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


# --- Time -----------------------------------------------------------------------------------------------------------


def _is_over(variant: VariantFacts, now: datetime) -> bool:
    return any(schedule.at(now) is Opening.OVER for schedule in _schedules(variant))


def _schedules(variant: VariantFacts) -> Iterator[Schedule]:
    yield variant.schedule
    for campaign in variant.campaigns:
        yield campaign.schedule


def _why_over(variant: VariantFacts, now: datetime) -> str:
    if variant.schedule.at(now) is Opening.OVER:
        return _("Its time is over. Give it a new end, or take it out.")
    for campaign in variant.campaigns:
        if campaign.schedule.at(now) is Opening.OVER:
            text = _("Its campaign “%(campaign)s” is over. Choose another one, or take it out.")
            return text % {"campaign": campaign.name}
    if opens_at(_schedules(variant), now=now) is None:
        return _("It will never be shown: its times and those of its campaign have no moment in common. Change one.")
    return ""


def _always_within(inner: Schedule, outer: Schedule) -> bool:
    """Whether the outer one is open whenever the inner one is, as far as can be told without trying all times."""
    return (
        (outer.hours is None or outer.hours == inner.hours)
        and (outer.starts_at is None or (inner.starts_at is not None and outer.starts_at <= inner.starts_at))
        and (outer.ends_at is None or (inner.ends_at is not None and inner.ends_at <= outer.ends_at))
    )


# --- Who comes first ------------------------------------------------------------------------------------------------

_EVERYBODY: Final = (None,)


def _covering(variant: VariantFacts, earlier: Sequence[VariantFacts], at_most: int) -> list[str]:
    """The names of those before it that take all its visitors, each of them `at_most` times; none if some are left."""
    taking = [other for other in earlier if _leaves_no_time(other, variant)]
    covering: dict[str, None] = {}
    for key in _EVERYBODY if variant.audience is None else variant.audience:
        first = [other.name for other in taking if other.audience is None or key in other.audience][:at_most]
        if len(first) < at_most:
            return []
        covering |= dict.fromkeys(first)
    return list(covering)


def _leaves_no_time(other: VariantFacts, variant: VariantFacts) -> bool:
    """Whether the other one is shown to its visitors whenever this one could be."""
    return (
        not other.is_limited
        and not other.is_empty
        and set(other.campaigns) <= set(variant.campaigns)
        and speaks_all(other, variant)
        and _always_within(variant.schedule, other.schedule)
    )


def _takes_everybody(variant: VariantFacts) -> bool:
    """Whether it is shown to all visitors at all times."""
    bounded = variant.is_limited or variant.is_empty or variant.failure or variant.campaigns or variant.languages
    return variant.audience is None and variant.schedule is ALWAYS and not bounded


def speaks_all(other: VariantFacts, variant: VariantFacts) -> bool:
    """Whether the other one is shown in all languages that this one is."""
    return not other.languages or (bool(variant.languages) and variant.languages <= other.languages)


def _may_meet(one: VariantFacts, other: VariantFacts) -> bool:
    """Whether a visitor may fit both, as far as can be told."""
    speak = not one.languages or not other.languages or one.languages & other.languages
    apart = (one.schedule.ends_at, other.schedule.starts_at), (other.schedule.ends_at, one.schedule.starts_at)
    return bool(speak) and not any(end is not None and start is not None and end <= start for end, start in apart)


# --- Languages ------------------------------------------------------------------------------------------------------


def _untranslated(variants: Sequence[VariantFacts], languages: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """Of the variants for the same visitors, the first says which of the site's languages none of them speaks."""
    yield from _in_one_language(variants, languages)
    told: set[tuple[str, ...] | None] = set()
    for variant in variants:
        whom = _whom(variant)
        if not variant.languages or whom in told:
            continue
        told.add(whom)
        same = [one for one in variants if one.audience is None or _is_part(whom, _whom(one) or ())]
        if any(not one.languages for one in same):
            continue
        spoken = frozenset[str]().union(*(one.languages for one in same))
        if missing := [name for code, name in languages if code not in spoken]:
            text = _(
                "On pages in %(languages)s its visitors see what others see. Add a variant for them, or tick more."
            )
            yield Finding("untranslated", text % {"languages": ", ".join(missing)}, variant.uuid)


def _in_one_language(variants: Sequence[VariantFacts], languages: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """Texts for pages in several languages, in a block whose other variants are for those in some."""
    if not any(one.languages for one in variants):
        return
    for place, variant in enumerate(variants):
        if variant.languages or not variant.is_text:
            continue
        spoken = [one.languages for one in variants[:place] if _whom(one) == _whom(variant)]
        left = [name for code, name in languages if not any(code in some for some in spoken)]
        if len(left) > 1:
            text = _(
                "It is shown as it is written on pages in %(languages)s. If that is not meant, tick its languages."
            )
            yield Finding("one_language", text % {"languages": ", ".join(left)}, variant.uuid, is_note=True)


def _whom(variant: VariantFacts) -> tuple[str, ...] | None:
    return (variant.rule,) if variant.rule else variant.audience


def _is_part(audience: tuple[str, ...] | None, other: tuple[str, ...]) -> bool:
    return audience is not None and set(audience) <= set(other)
