"""Blocks as the start page tells of them: what is shown now, what is paused, and what starts later."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from personalization.content.advising.findings import LINTED
from personalization.content.advising.states import Kind, State, state_of
from personalization.content.advising.words import state_in_words, who_sees
from personalization.content.deciding.blocks import PublishedBlock, PublishedVariant
from personalization.content.languages import language_names
from personalization.content.models import Block, Variant
from personalization.segments.models import Segment


@dataclass(frozen=True, slots=True)
class Line:
    """One variant."""

    name: str
    who: str
    state: State

    @property
    def is_shown(self) -> bool:
        """Whether those whom it is for see it now."""
        return self.state.kind is Kind.SHOWN

    @property
    def held(self) -> str:
        """What keeps it back, in words; empty while it is shown."""
        return "" if self.is_shown else state_in_words(self.state)


@dataclass(frozen=True, slots=True)
class Place:
    """A block with its variants that are shown or will be."""

    name: str
    key: str
    is_live: bool
    """It is not paused itself."""
    lines: tuple[Line, ...]
    """Shown ones first."""

    @property
    def is_shown(self) -> bool:
        """Whether anybody sees something else than others."""
        return self.is_live and any(line.is_shown for line in self.lines)

    @property
    def is_paused(self) -> bool:
        """Whether pausing is all that keeps it from being shown."""
        held = any(line.state.kind is Kind.PAUSED for line in self.lines)
        return not self.is_live or (not self.is_shown and held)

    @property
    def is_later(self) -> bool:
        """Whether it waits for its time alone."""
        later = any(line.state.kind is Kind.LATER for line in self.lines)
        return later and not self.is_shown and not self.is_paused


def state_of_variant(variant: Variant, *, now: datetime) -> State:
    """Whether a variant of the admin is shown, apart from its block's own button."""
    return state_of(variant.schedule, variant.campaigns_published, now=now, failing=variant.broken_at is not None)


def place_of(block: Block, *, now: datetime) -> Place:
    """A block of the admin, which `findings.with_variants` brought."""
    variants: list[Variant] = getattr(block, LINTED)
    lines = (Line(one.name, who_sees(one), state_of_variant(one, now=now)) for one in variants)
    return Place(block.name, block.key, block.status == Block.Status.LIVE, _in_order(lines))


def places_elsewhere(brought: Collection[PublishedBlock], *, now: datetime) -> list[Place]:
    """Blocks of a source, by their names; one query, if there are any."""
    names = dict(Segment.objects.values_list("slug", "name")) if brought else {}
    found = [
        Place(block.name or block.key, block.key, block.live, _in_order(_lines_elsewhere(block, names, now)))
        for block in brought
    ]
    return sorted(found, key=lambda one: one.name.casefold())


def _in_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """What will never be shown again is told under what needs somebody."""
    told = (one for one in lines if one.state.kind in (Kind.SHOWN, Kind.LATER, Kind.PAUSED))
    return tuple(sorted(told, key=lambda one: not one.is_shown))


def _lines_elsewhere(block: PublishedBlock, names: dict[str, str], now: datetime) -> Iterator[Line]:
    for variant in block.variants:
        who = _audience(variant, names)
        who = _("only my team, and of it: %(who)s") % {"who": who} if variant.team_only else who
        yield Line(variant.name, who, state_of(variant.schedule, variant.campaigns, now=now))


def _audience(variant: PublishedVariant, names: dict[str, str]) -> str:
    languages = f" ({language_names(sorted(variant.languages))})" if variant.languages else ""
    return _visitors(variant, names) + languages


def _visitors(variant: PublishedVariant, names: dict[str, str]) -> str:
    if variant.audience is None:
        return _("everybody")
    asked = variant.not_in or variant.audience
    if not asked:
        return _("nobody: its segments are gone")
    known = [names[key] for key in asked if key in names]
    if len(known) < len(asked):
        return _("visitors who match a rule")
    text = ", ".join(known)
    return _("visitors not in %(segments)s") % {"segments": text} if variant.not_in else text
