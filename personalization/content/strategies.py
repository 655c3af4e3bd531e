"""How variants are picked of those that fit the visitor: small strategies and their registry. Pure: no Django."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from math import inf, isfinite
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from consent import seldom
from tracking.timeline import Value

if TYPE_CHECKING:
    from personalization.content.deciding.blocks import PublishedBlock, PublishedVariant

logger = logging.getLogger("personalization.content")

FIRST: Final = "first"
UP_TO: Final = "up_to"
BEST: Final = "best"

Trait: TypeAlias = Callable[[str], Value | None]
"""What is known about the visitor under a name, as of now; None: nothing is."""


class Visitor(Protocol):
    """What a strategy may ask about who looks, at one moment."""

    @property
    def now(self) -> datetime:
        """The moment, aware."""

    @property
    def visitor(self) -> str:
        """The visitor's id, to tell visitors apart by; empty for all who did not agree to personalization."""

    @property
    def trait(self) -> Trait:
        """What is known about the visitor; of those who did not agree, nothing."""

    def is_tired(self, variant: PublishedVariant) -> bool:
        """Whether others that fit come before this one."""


Strategy: TypeAlias = "Callable[[PublishedBlock, Iterable[PublishedVariant], Visitor], Iterable[PublishedVariant]]"
"""Picks what a block shows, in this order, of the variants that fit: first those that have not tired, in their order.

They are found one by one, as they are asked for. What is picked must follow from the arguments alone: a page that was
kept is handed to whoever gets the same variants.
"""

_strategies: dict[str, tuple[Strategy, Any]] = {}


def register(name: str, strategy: Strategy, *, label: Any) -> None:
    """Add (or replace) the strategy that blocks name so. Called once, when its app is ready.

    Args:
        name: what is stored with a block, at most 40 characters.
        strategy: see `Strategy`.
        label: what editors choose it by; it may be translated lazily.
    """
    _strategies[name] = (strategy, label)


def choices() -> list[tuple[str, Any]]:
    """The strategies that editors may choose, in the order of their registration."""
    return [(name, label) for name, (_, label) in _strategies.items()]


def picked(
    block: PublishedBlock, fitting: Callable[[], Iterator[PublishedVariant]], visitor: Visitor
) -> tuple[PublishedVariant, ...]:
    """Pick with the block's strategy; where nobody registered it, or it fails, the first.

    Only what fits can be picked, each once.
    """
    strategy, _ = _strategies.get(block.pick, (first, ""))
    if strategy is first:  # what nearly all blocks do, and nothing that has to be looked after
        found = next(fitting(), None)
        return () if found is None else (found,)
    try:
        return _offered(strategy, block, fitting(), visitor)
    except Exception:
        seldom.say(
            logger,
            logging.ERROR,
            "%r could not pick a variant of the block %r: the first is shown.",
            block.pick,
            block.key,
            by=block.key,
            exc_info=True,
        )
        return tuple(first(block, fitting(), visitor))


def first(block: PublishedBlock, fitting: Iterable[PublishedVariant], visitor: Visitor) -> Iterable[PublishedVariant]:
    """The first that fits."""
    return islice(fitting, 1)


def up_to(block: PublishedBlock, fitting: Iterable[PublishedVariant], visitor: Visitor) -> Iterable[PublishedVariant]:
    """The first so many that fit."""
    return islice(fitting, block.most)


def best(block: PublishedBlock, fitting: Iterable[PublishedVariant], visitor: Visitor) -> Iterable[PublishedVariant]:
    """The highest scores first; what has none, and what is equal, in the order of the block."""

    def place(variant: PublishedVariant) -> tuple[bool, float]:
        score = score_of(variant, visitor.trait)
        return visitor.is_tired(variant), inf if score is None else -score

    return sorted(fitting, key=place)[: block.most]


def score_of(variant: PublishedVariant, trait: Trait) -> float | None:
    """The number that is known about the visitor under the name that the variant gives; None if there is none."""
    known = trait(variant.score) if variant.score else None
    if isinstance(known, bool) or not isinstance(known, int | float):
        return None
    return float(known) if isfinite(known) else None


def _offered(
    strategy: Strategy, block: PublishedBlock, fitting: Iterator[PublishedVariant], visitor: Visitor
) -> tuple[PublishedVariant, ...]:
    offered: dict[str, PublishedVariant] = {}

    def offer() -> Iterator[PublishedVariant]:
        for variant in fitting:
            offered[variant.uuid] = variant
            yield variant

    return tuple(offered.pop(variant.uuid) for variant in strategy(block, offer(), visitor) if variant.uuid in offered)
