"""What visitors may see of pages' blocks, as deciding and judging take it: blocks, the variants' rules, limits."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cms.models import CMSPlugin
from django.db.models import Q, QuerySet

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
from personalization.content.deciding.standing import Stand
from personalization.content.published import campaign_limits
from personalization.djangocms.groups import stands_of
from personalization.djangocms.models import PersonalizedBlock, Variant
from personalization.djangocms.versions import visible


def published_blocks() -> Iterator[PublishedBlock]:
    """The blocks of published pages, their variants in the order of the page; three queries, up to three more with
    groups, and with variants on trial that blocks stand in.

    What a variant shows stays in the page: here is only to whom, and when.
    """
    return _compiled(visible(PersonalizedBlock.objects.order_by("pk")), visible(Variant.objects.all()))


def as_stored(block: PersonalizedBlock) -> PublishedBlock:
    """A block as its version of its page says, as it would be if that were published."""
    (compiled,) = _compiled(PersonalizedBlock.objects.filter(pk=block.pk), Variant.objects.filter(parent=block))
    return compiled


def _compiled(chosen: QuerySet[PersonalizedBlock], among: QuerySet[Variant]) -> Iterator[PublishedBlock]:
    variants: dict[int, list[Variant]] = {}
    every: dict[int, Variant] = {}
    others: dict[int, str] = {}
    rows = among.select_related("campaign", "rest_goal").prefetch_related("segments").order_by("position", "pk")
    for variant in rows:
        every[variant.pk] = variant
        if not variant.is_default:
            variants.setdefault(variant.parent_id, []).append(variant)
        else:
            others.setdefault(variant.parent_id, variant.name)
    blocks = list(chosen.select_related("placeholder", "campaign"))
    stands = stands_of(blocks)
    on_trial = {one.pk for block in blocks for one in variants.get(block.pk, ()) if _is_on_trial(one, block)}
    around = _around([block for block in blocks if on_trial or block.group_id is not None])
    tried = {pk for pk, outer in around.items() if not on_trial.isdisjoint(outer)}
    keys = {block.pk: block.key for block in blocks}
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
            others=others.get(block.pk, ""),
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
            stands=_stand(stands.get(block.placeholder_id), around.get(block.pk, ()), every, keys),
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


def _around(blocks: Iterable[PersonalizedBlock]) -> dict[int, list[int]]:
    """The plugins that each of the blocks stands in, the innermost first; one query, if any stands in others."""
    nested = [block for block in blocks if block.parent_id is not None]
    if not nested:
        return {}
    rows = CMSPlugin.objects.filter(placeholder__in={block.placeholder_id for block in nested})
    parent_of = dict(rows.values_list("pk", "parent_id"))

    def outer(pk: int | None) -> Iterator[int]:
        while pk is not None:
            yield pk
            pk = parent_of.get(pk)

    return {block.pk: list(outer(block.parent_id)) for block in nested}


def _stand(
    stand: Stand | None, around: Iterable[int], variants: Mapping[int, Variant], keys: Mapping[int, str]
) -> Stand | None:
    """Where a block stands, with the variants around it."""
    outer = [variants[pk] for pk in around if pk in variants and variants[pk].parent_id in keys]
    if stand is None or not outer:
        return stand
    within = ((keys[one.parent_id], "" if one.is_default else str(one.uuid)) for one in outer)
    return replace(stand, within=tuple(within))


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
