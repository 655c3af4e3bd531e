"""The published blocks and calls to action, compiled once a version in each process."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.db import DatabaseError
from django.utils.safestring import mark_safe

from personalization.content.aiming import keys_of
from personalization.content.bodies.registry import kind_of
from personalization.content.buttons import compile_cta
from personalization.content.deciding.blocks import Occasion, PublishedBlock, PublishedVariant, Showing
from personalization.content.deciding.calls import PublishedCallToAction
from personalization.content.deciding.pressure import (
    block_cap_key,
    campaign_cap_key,
    cap_key,
    overall_key,
    rest_key,
    tired_key,
)
from personalization.content.deciding.reasons import Passed
from personalization.content.grouping import with_groups
from personalization.content.models import (
    Block,
    BlockGroupPlace,
    CallToAction,
    CallToActionOverride,
    Campaign,
    FailingElsewhere,
    OverallLimit,
    PausedElsewhere,
    PausedEverything,
    Variant,
)
from personalization.content.sanitizing import clean_rich_text
from personalization.content.sources import sources
from personalization.profiles.versions import PerVersion

logger = logging.getLogger("personalization.content")


@dataclass(frozen=True, slots=True)
class Published:
    """Everything that decisions need, as of one version of the configuration."""

    version: int
    blocks: Mapping[str, PublishedBlock]
    ctas: Mapping[str, PublishedCallToAction]


def compile_published(version: int) -> Published:
    """Read and compile all blocks and calls to action: nine queries, however many there are, and those of sources.

    What is stored is sanitized again: rows may come from other hands than the admin's.
    """
    all_paused = PausedEverything.objects.exists()
    variants: dict[int, list[PublishedVariant]] = {}
    rows = Variant.objects.filter(enabled=True, broken_at__isnull=True).select_related(
        "campaign", "block__campaign", "cta", "picture", "code_stock", "rest_goal"
    )
    rows = rows.prefetch_related("segments")
    rows = rows.order_by("order", "id")
    for variant in rows:
        if (compiled := _compiled(variant)) is not None:
            variants.setdefault(variant.block_id, []).append(compiled)
    blocks = {
        block.key: PublishedBlock(
            key=block.key,
            live=block.status == Block.Status.LIVE and not all_paused,
            default=_safe_html(block.default),
            variants=tuple(variants.get(block.pk, ())),
            name=block.name,
            all_paused=all_paused,
            by_language=any(variant.languages for variant in variants.get(block.pk, ())),
            show=Showing(block.show),
            room=block.room or 0,
            reveal_on=Occasion(block.reveal_on),
            reveal_after=block.usual_reveal_after,
            pick=block.pick,
            most=block.pick_most,
            is_exempt=block.is_exempt,
        )
        for block in Block.objects.order_by("id")
    }
    for block in brought():
        blocks.setdefault(block.key, replace(block, live=block.live and not all_paused, all_paused=all_paused))
    if overall := tuple((overall_key(limit.within), Passed.OVERALL_CAP) for limit in OverallLimit.objects.all()):
        blocks |= {key: _limited(block, overall) for key, block in blocks.items() if not block.is_exempt}
    places = BlockGroupPlace.objects.order_by("group", "order", "id")
    blocks = with_groups(blocks, places.values_list("group", "order", "block__key"))
    overrides: dict[int, list[CallToActionOverride]] = {}
    exceptions = CallToActionOverride.objects.none() if all_paused else CallToActionOverride.objects.all()
    for override in exceptions.select_related("segment").order_by("order", "id"):
        overrides.setdefault(override.cta_id, []).append(override)
    called = CallToAction.objects.exclude(label="").order_by("id")  # one without words waits as a draft
    ctas = {cta.key: compile_cta(cta, overrides.get(cta.pk, ())) for cta in called}
    return Published(version, blocks, ctas)


def brought() -> Iterator[PublishedBlock]:
    """The blocks of all sources beside the admin, such as those of pages of a CMS, as visitors see them.

    Without variants that were switched off; one that is paused is not live. Two queries, if there are any."""
    found = [block for source in sources() for block in source()]
    if not found:
        return
    paused = set(PausedElsewhere.objects.values_list("key", flat=True))
    broken = {
        str(uuid) for uuid in FailingElsewhere.objects.filter(broken_at__isnull=False).values_list("uuid", flat=True)
    }
    for block in found:
        working = tuple(variant for variant in block.variants if variant.uuid not in broken)
        yield replace(block, live=block.live and block.key not in paused, variants=working)


def _limited(block: PublishedBlock, limits: tuple[tuple[str, Passed], ...]) -> PublishedBlock:
    """The block, all of its variants under these limits, too."""
    return replace(
        block, variants=tuple(replace(variant, limits=(*variant.limits, *limits)) for variant in block.variants)
    )


published = PerVersion(compile_published)


def compile_variant(variant: Variant) -> PublishedVariant:
    """A variant as decisions and pages take it."""
    campaigns = dict.fromkeys((variant.block.campaign, variant.campaign))
    return PublishedVariant(
        uuid=str(variant.uuid),
        name=variant.name,
        audience=keys_of(variant),
        schedule=variant.schedule,
        languages=frozenset(variant.languages),
        sites=frozenset(variant.sites),
        campaigns=tuple(campaign.published for campaign in campaigns if campaign is not None),
        limits=(*_limits(variant), *campaign_limits(*campaigns)),
        team_only=variant.is_on_trial,
        tires=tired_key(str(variant.uuid)) if variant.tires_after is not None else "",
        body=kind_of(variant).publish(variant),
        score=variant.score,
        rests_after=variant.rests_after_goal,
    )


def _compiled(variant: Variant) -> PublishedVariant | None:
    """The variant; None for a row from other hands than the admin's that makes no sense: all others are published."""
    try:
        return compile_variant(variant)
    except DatabaseError:
        raise  # that says nothing about this variant
    except Exception:
        logger.exception("The variant %r of the block %r is left out: save it anew.", variant.name, variant.block.key)
        return None


def campaign_limits(*campaigns: Campaign | None) -> Iterator[tuple[str, Passed]]:
    """The limits of what belongs to these campaigns."""
    for campaign in campaigns:
        if campaign is not None and campaign.cap_times is not None:
            yield campaign_cap_key(campaign.pk), Passed.CAMPAIGN_CAP


def _limits(variant: Variant) -> Iterator[tuple[str, Passed]]:
    uuid = str(variant.uuid)
    if variant.cap_times is not None:
        yield cap_key(uuid), Passed.CAP
    if variant.block.cap_times is not None:
        yield block_cap_key(variant.block_id), Passed.CAP
    if variant.rest_rule(uuid) is not None:
        yield rest_key(uuid), Passed.RESTS


def _safe_html(html: str) -> str:
    return mark_safe(clean_rich_text(html))  # noqa: S308  # sanitized on this line
