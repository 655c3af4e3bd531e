"""What a call to action says to a visitor, and how large. Pure: no Django, no clock, no I/O."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import msgspec

from personalization.content.deciding.blocks import Matches, nothing_known
from personalization.content.strategies import Trait
from personalization.scoring.engagement import ENGAGEMENT


class Placement(StrEnum):
    """How much room a call to action takes."""

    PROMINENT = "prominent"
    NORMAL = "normal"
    SIMPLE = "simple"


@dataclass(frozen=True, slots=True)
class Emphasis:
    """From which engagement score on a call to action is prominent, and below which it is simple."""

    simple_below: int | None = None
    prominent_from: int | None = None

    def placement(self, trait: Trait) -> Placement:
        """How it is shown to a visitor. Of those whose score is not known, nobody is pressed.

        >>> Emphasis(simple_below=3, prominent_from=10).placement({"engagement": 12.5}.get)
        <Placement.PROMINENT: 'prominent'>
        """
        if self.simple_below is None and self.prominent_from is None:
            return Placement.NORMAL
        score = trait(ENGAGEMENT)
        if isinstance(score, bool) or not isinstance(score, int | float):
            return Placement.NORMAL
        if self.prominent_from is not None and score >= self.prominent_from:
            return Placement.PROMINENT
        return Placement.SIMPLE if self.simple_below is not None and score < self.simple_below else Placement.NORMAL


@dataclass(frozen=True, slots=True)
class Look:
    """What a call to action says, where it leads, and how it looks."""

    label: str
    url: str
    style: str
    urls: tuple[tuple[str, str], ...] = ()
    """Where it leads on pages in other languages, by language."""
    placement: Placement = Placement.NORMAL
    new_tab: bool = False
    """The page that it stands on stays open."""

    def on_page(self, language: str, placement: Placement) -> Look:
        """The same on a page in that language, for somebody to whom it is shown like that."""
        if not self.urls and placement is self.placement:
            return self
        return replace(self, url=dict(self.urls).get(language, self.url), urls=(), placement=placement)


@dataclass(frozen=True, slots=True)
class PublishedOverride:
    """What a call to action says to some."""

    look: Look
    segment: str | None
    """The slug of a segment, or the key of its own rule; ``None`` is everybody."""
    languages: frozenset[str] = frozenset()
    """The pages' languages in which it counts; empty is all."""


@dataclass(frozen=True, slots=True)
class PublishedCallToAction:
    """A call to action as it is published, with what others see, in order."""

    key: str
    look: Look
    overrides: tuple[PublishedOverride, ...] = ()
    emphasis: Emphasis = Emphasis()

    @property
    def by_language(self) -> bool:
        """Whether the page's language decides about one of the overrides, or where it leads."""
        return bool(self.look.urls) or any(override.languages or override.look.urls for override in self.overrides)


class CallToActionDecision(msgspec.Struct, frozen=True):
    """What a call to action says to one visitor; ``segment`` names whose override counted, if it was one's."""

    cta: str
    look: Look | None
    segment: str | None


def decide_cta(
    cta: PublishedCallToAction, *, matches: Matches, language: str = "", trait: Trait = nothing_known
) -> CallToActionDecision:
    """Take the first override whose languages and segment or rule fit, else what everybody is told.

    Args:
        cta: the call to action as it is published.
        matches: says what the visitor matches.
        language: the page's.
        trait: says what is known about the visitor.
    """
    placement = cta.emphasis.placement(trait)
    for override in cta.overrides:
        if override.languages and language not in override.languages:
            continue
        if override.segment is None or matches(override.segment):
            return CallToActionDecision(cta.key, override.look.on_page(language, placement), override.segment)
    return CallToActionDecision(cta.key, cta.look.on_page(language, placement), None)
