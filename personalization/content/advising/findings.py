"""What lint says of blocks as they are stored, for the pages of the admin."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from personalization.content import strategies
from personalization.content.advising.lint import (
    BlockFacts,
    CodesFacts,
    Finding,
    SegmentFacts,
    VariantFacts,
    lint_block,
)
from personalization.content.aiming import NOT_IN, keys_of, rule_of
from personalization.content.bodies.registry import kind_of
from personalization.content.deciding.blocks import PublishedBlock, PublishedVariant
from personalization.content.languages import site_languages
from personalization.content.mixins import Aimed
from personalization.content.models import Block, OfferCode, Variant
from personalization.content.scores import unknown_scores
from personalization.content.sources import Contents
from personalization.profiles.head import configuration_version
from personalization.profiles.models import Verdict
from personalization.segments.models import Segment, Status
from personalization.segments.published import published

LINTED = "linted"
"""The attribute under which a block brings its variants for lint along."""


def with_variants(blocks: QuerySet[Block]) -> QuerySet[Block]:
    """Bring along what lint looks at: three queries more, however many blocks there are."""
    variants = Variant.objects.filter(enabled=True).select_related("campaign", "block__campaign", "code_stock")
    variants = variants.annotate(codes_all=_codes_of_stock(), codes_left=_codes_of_stock(handed_at__isnull=True))
    anybody = Exists(Segment.objects.filter(size__gt=0))
    linted = Prefetch("variants", variants.prefetch_related("segments"), to_attr=LINTED)
    return blocks.annotate(anybody=anybody).prefetch_related(linted)


def findings_of(
    block: Block, *, now: datetime, unmatched: Iterable[str] = (), template_says: bool | None = None
) -> list[Finding]:
    """What an editor should look at in this block, which `with_variants` brought.

    Args:
        block: as it is stored.
        now: an aware datetime.
        unmatched: the keys of variants' own rules that nobody matches, where somebody looked: see `unmatched_rules`.
        template_says: see `BlockFacts`.
    """
    variants: Sequence[Variant] = getattr(block, LINTED)
    # A new site has nobody in any segment, and every variant for some would be in the way of what matters.
    counted = bool(getattr(block, "anybody", True))
    chosen = (segment for variant in variants for segment in variant.segments.all())
    segments = {segment.slug: _segment_facts(segment, counted=counted) for segment in chosen}
    segments |= dict(_never_judged(variants))
    segments |= {key: SegmentFacts("", size=0) for key in unmatched if counted}
    facts = replace(block_facts(block, variants), template_says=template_says)
    return lint_block(facts, now=now, segments=segments, languages=site_languages())


def findings_elsewhere(
    facts: BlockFacts,
    variants: Iterable[Aimed],
    *,
    now: datetime,
    block: QuerySet[Any],
    languages: Sequence[tuple[str, str]] = (),
) -> list[Finding]:
    """The same of one block of a source beside the admin.

    Args:
        facts: the block, as `published_facts` makes them.
        variants: its variants as they are stored.
        now: an aware datetime.
        block: yields the row of the block.
        languages: those in which it is shown, (code, name).
    """
    every = list(Segment.objects.all())
    segments = segment_facts(every) | dict(_never_judged(variants))
    if any(segment.size for segment in every):
        segments |= {key: SegmentFacts("", size=0) for key in unmatched_rules(facts, block)}
    return lint_block(facts, now=now, segments=segments, languages=languages)


def unmatched_rules(facts: BlockFacts, block: QuerySet[Any]) -> list[str]:
    """The keys of its variants' own rules that are judged and that nobody matches now; one query, if there are any.

    Args:
        facts: the block as lint sees it.
        block: yields the one row of the block.
    """
    own = [one.own_key for one in facts.variants if one.own_key]
    rules = published(configuration_version()).rules if own else {}
    keys = [key for key in own if key in rules and not rules[key].is_contextual]
    if not keys:
        return []
    matched = [Exists(Verdict.objects.filter(key=key, matches=True)) for key in keys]
    found = block.values_list(*matched).get()
    return [key for key, is_matched in zip(keys, found, strict=True) if not is_matched]


def block_facts(block: Block, variants: Iterable[Variant]) -> BlockFacts:
    """A block and its variants, in order, as lint sees them."""
    stored = list(variants)
    unknown = _unknown_scores(block.pick, stored)
    return BlockFacts(
        has_default=bool(block.default),
        variants=tuple(replace(variant_facts(one), unknown_score=unknown.get(one.score, "")) for one in stored),
        at_most=1 if block.pick == strategies.FIRST else block.pick_most,
        in_order=block.pick in (strategies.FIRST, strategies.UP_TO),
    )


def published_facts(
    block: PublishedBlock, contents: Contents | None = None, failures: Mapping[str, str] | None = None
) -> BlockFacts:
    """A block of a source beside the admin as lint sees it.

    Args:
        block: as it is published, or as it would be.
        contents: what it holds, which its source alone knows; None: it does not say.
        failures: why variants were switched off, by their ids, where these are among the block's.
    """
    unknown = _unknown_scores(block.pick, block.variants)
    empty, makes_room = (contents.empty, contents.makes_room) if contents else (frozenset[str](), frozenset[str]())
    return BlockFacts(
        has_default=contents is None or contents.has_default,
        has_template=False,
        variants=tuple(
            VariantFacts(
                uuid=one.uuid,
                name=one.name,
                audience=one.audience,
                order=place,
                schedule=one.schedule,
                campaigns=one.campaigns,
                languages=one.languages,
                is_limited=bool(one.team_only or one.sites or one.limits or one.tires or one.uuid in makes_room),
                is_empty=one.uuid in empty,
                failure=(failures or {}).get(one.uuid, ""),
                unknown_score=unknown.get(one.score, ""),
            )
            for place, one in enumerate(block.variants)
        ),
        at_most=1 if block.pick == strategies.FIRST else block.most,
        in_order=block.pick in (strategies.FIRST, strategies.UP_TO),
    )


def segment_facts(segments: Iterable[Segment]) -> dict[str, SegmentFacts]:
    """Segments as lint sees them, by slug; nobody counts as missing while nobody is in any."""
    known = list(segments)
    counted = any(segment.size for segment in known)
    return {segment.slug: _segment_facts(segment, counted=counted) for segment in known}


def variant_facts(variant: Variant) -> VariantFacts:
    """A variant as lint sees it."""
    campaigns = dict.fromkeys((variant.block.campaign, variant.campaign))
    kind, rule = kind_of(variant), rule_of(variant)
    return VariantFacts(
        uuid=str(variant.uuid),
        name=variant.name,
        audience=keys_of(variant),
        is_text=variant.body_kind in (Variant.BodyKind.RICH_TEXT, Variant.BodyKind.OFFER),
        rule="" if rule is None else json.dumps(rule, sort_keys=True),
        order=variant.order,
        schedule=variant.schedule,
        campaigns=tuple(campaign.published for campaign in campaigns if campaign is not None),
        languages=frozenset(variant.languages),
        is_limited=variant.is_on_trial
        or bool(variant.sites)
        or kind.makes_room
        or any(campaign is not None and campaign.cap_times is not None for campaign in campaigns)
        or any(one is not None for one in (variant.cap_times, variant.rest_days, variant.tires_after)),
        is_empty=kind.is_empty(variant),
        failure=(variant.why_failing or "?") if variant.broken_at else "",
        codes=_codes_facts(variant),
    )


def _never_judged(variants: Iterable[Aimed]) -> Iterator[tuple[str, SegmentFacts]]:
    """Nobody is known not to be in a segment that is not active."""
    for variant in variants:
        if variant.audience_kind == NOT_IN:
            idle = [segment for segment in variant.segments.all() if segment.status != Status.ACTIVE]
            if idle:
                yield variant.verdict_key, SegmentFacts(idle[0].name, active=False)


def _unknown_scores(pick: str, variants: Iterable[Variant | PublishedVariant]) -> dict[str, str]:
    """The names under which nobody has a number, of those that order these variants; each under itself."""
    names = {one.score for one in variants if one.score} if pick == strategies.BEST else set()
    return {name: name for name in unknown_scores(names)}


def _codes_of_stock(**of: Any) -> Coalesce:
    codes = OfferCode.objects.filter(stock=OuterRef("code_stock"), **of).order_by().values("stock")
    return Coalesce(Subquery(codes.annotate(number=Count("pk")).values("number")), 0)


def _codes_facts(variant: Variant) -> CodesFacts | None:
    left = getattr(variant, "codes_left", None)  # a draft's variants were not counted
    if variant.code_stock is None or left is None or variant.body_kind != Variant.BodyKind.OFFER:
        return None
    return CodesFacts(variant.code_stock.name, left, getattr(variant, "codes_all", 0))


def _segment_facts(segment: Any, *, counted: bool) -> SegmentFacts:
    is_active = isinstance(segment, Segment) and segment.status == Status.ACTIVE
    return SegmentFacts(segment.name, active=is_active, size=segment.size if counted else None)
