"""What visitors may see of pages' blocks, as deciding and judging take it: blocks, the variants' rules, limits."""

from collections.abc import Iterable, Iterator
from typing import Any

from cms.models import CMSPlugin
from django.db.models import Q

from personalization.content.aiming import NOT_IN, RULE, keys_of, not_in, rule_of
from personalization.content.deciding.blocks import Occasion, PublishedBlock, PublishedVariant, Showing
from personalization.content.deciding.pressure import (
    cap_key,
    rest_key,
    seen_often,
    seen_without_click,
    tired_key,
)
from personalization.content.deciding.reasons import Passed
from personalization.content.published import campaign_limits
from personalization.djangocms.groups import stands_of
from personalization.djangocms.models import OTHERS, PersonalizedBlock, Variant
from personalization.djangocms.versions import visible


def published_blocks() -> Iterator[PublishedBlock]:
    """The blocks of published pages, their variants in the order of the page; three queries, up to three more with
    groups, and with variants on trial that blocks stand in.

    What a variant shows stays in the page: here is only to whom, and when.
    """
    variants: dict[int, list[Variant]] = {}
    rows = visible(Variant.objects.exclude(audience_kind=OTHERS))
    for variant in rows.select_related("campaign", "rest_goal").prefetch_related("segments").order_by("position", "pk"):
        variants.setdefault(variant.parent_id, []).append(variant)
    blocks = list(visible(PersonalizedBlock.objects.order_by("pk")).select_related("placeholder", "campaign"))
    stands = stands_of(blocks)
    on_trial = {one.pk for block in blocks for one in variants.get(block.pk, ()) if _is_on_trial(one, block)}
    tried = _within(on_trial, blocks)
    for block in blocks:
        compiled = tuple(
            _compile(variant, block, on_trial=variant.pk in on_trial or block.pk in tried)
            for variant in variants.get(block.pk, ())
        )
        yield PublishedBlock(
            key=block.key,
            live=True,
            default="",
            variants=compiled,
            name=block.name,
            by_language=any(variant.languages for variant in compiled),
            show=Showing(block.show),
            room=block.room or 0,
            reveal_on=Occasion(block.reveal_on),
            reveal_after=block.usual_reveal_after,
            pick=block.pick,
            most=block.pick_most,
            is_exempt=block.is_exempt,
            group=block.group_id,
            order=block.group_order,
            stands=stands.get(block.placeholder_id),
        )


def variant_rules() -> Iterator[tuple[str, Any]]:
    """The rules that visible variants carry themselves, each once under its key."""
    rows = visible(Variant.objects.filter(audience_kind__in=(RULE, NOT_IN))).prefetch_related("segments").order_by("pk")
    rules = {variant.verdict_key: rule_of(variant) for variant in rows}
    yield from ((key, rule) for key, rule in rules.items() if rule is not None)


def limit_rules() -> Iterator[tuple[str, Any]]:
    """The limits of what is visible, each once under its key: a visitor who matches has reached it."""
    limits: dict[str, Any] = {}
    for block in visible(PersonalizedBlock.objects.filter(cap_times__isnull=False)).order_by("pk"):
        limits[cap_key(block.key)] = seen_often(times=block.cap_times or 1, within=block.cap_within, block=block.key)
    limited = Q(cap_times__isnull=False) | Q(rest_days__isnull=False) | Q(tires_after__isnull=False)
    for variant in visible(Variant.objects.filter(limited)).select_related("rest_goal").order_by("pk"):
        uuid = str(variant.uuid)
        if variant.cap_times is not None:
            limits[cap_key(uuid)] = seen_often(times=variant.cap_times, within=variant.cap_within, variant=uuid)
        if (rests := variant.rest_rule(uuid)) is not None:
            limits[rest_key(uuid)] = rests
        if variant.tires_after is not None:
            limits[tired_key(uuid)] = seen_without_click(variant.tires_after, variant=uuid)
    yield from limits.items()


def _is_on_trial(variant: Variant, block: PersonalizedBlock) -> bool:
    campaigns = (variant.campaign, block.campaign)
    return variant.team_only or block.team_only or any(one is not None and one.team_only for one in campaigns)


def _within(variants: set[int], blocks: Iterable[PersonalizedBlock]) -> set[int]:
    """Those of the blocks that stand in one of these variants, however deep; one query, if any may."""
    nested = [block for block in blocks if block.parent_id is not None]
    if not variants or not nested:
        return set()
    rows = CMSPlugin.objects.filter(placeholder__in={block.placeholder_id for block in nested})
    parent_of = dict(rows.values_list("pk", "parent_id"))

    def is_within(pk: int | None) -> bool:
        return pk is not None and (pk in variants or is_within(parent_of.get(pk)))

    return {block.pk for block in nested if is_within(block.parent_id)}


def _compile(variant: Variant, block: PersonalizedBlock, *, on_trial: bool) -> PublishedVariant:
    campaigns = dict.fromkeys((block.campaign, variant.campaign))
    return PublishedVariant(
        uuid=str(variant.uuid),
        name=variant.name,
        audience=keys_of(variant),
        not_in=not_in(variant),
        schedule=variant.schedule,
        languages=frozenset(variant.languages),
        sites=frozenset(variant.sites),
        campaigns=tuple(campaign.published for campaign in campaigns if campaign is not None),
        limits=(*_limits(variant, block), *campaign_limits(*campaigns)),
        tires=tired_key(str(variant.uuid)) if variant.tires_after is not None else "",
        is_elsewhere=True,
        team_only=on_trial,
        score=variant.score,
        rests_after=variant.rests_after_goal,
    )


def _limits(variant: Variant, block: PersonalizedBlock) -> Iterator[tuple[str, Passed]]:
    if variant.cap_times is not None:
        yield cap_key(str(variant.uuid)), Passed.CAP
    if block.cap_times is not None:
        yield cap_key(block.key), Passed.CAP
    if variant.rest_rule(str(variant.uuid)) is not None:
        yield rest_key(str(variant.uuid)), Passed.RESTS
