"""What other rooms ask of the configured content: the rules to judge, and where a segment is used."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from personalization.content.aiming import NOT_IN, OF_SEGMENTS, RULE, rule_of
from personalization.content.deciding.pressure import (
    block_cap_key,
    campaign_cap_key,
    cap_key,
    overall_key,
    rest_key,
    seen_any_often,
    seen_anything_often,
    seen_often,
    seen_without_click,
    tired_key,
)
from personalization.content.models import Block, CallToActionOverride, Campaign, OverallLimit, Variant
from personalization.content.sources import sources
from personalization.rules import InvalidRule, Rule
from personalization.segments.usages import Usage


def variant_rules() -> Iterator[tuple[str, Any]]:
    """The rules that variants carry themselves, each under its key, so that they are judged and stored like segments.

    Only what can be shown is asked: variants that are switched on, in blocks that are live.
    """
    rows = Variant.objects.filter(audience_kind__in=(RULE, NOT_IN), enabled=True, block__status=Block.Status.LIVE)
    for variant in rows.prefetch_related("segments").order_by("id"):
        if (rule := rule_of(variant)) is not None:
            yield variant.verdict_key, rule


def override_rules() -> Iterator[tuple[str, Any]]:
    """The rules of calls to action's exceptions, each under its key."""
    for override in CallToActionOverride.objects.filter(rule__isnull=False).order_by("id"):
        yield override.verdict_key, override.rule


def limit_rules() -> Iterator[tuple[str, Any]]:
    """The limits of what can be shown, each under its key: a visitor who matches has reached it."""
    yield from _overall_limits()
    for campaign in Campaign.objects.filter(cap_times__isnull=False).order_by("id"):
        if variants := set(_variants_of(campaign)):
            rule = seen_any_often(times=campaign.cap_times or 1, within=campaign.cap_within, variants=variants)
            yield campaign_cap_key(campaign.pk), rule
    for block in Block.objects.filter(status=Block.Status.LIVE, cap_times__isnull=False).order_by("id"):
        times, within = block.cap_times or 1, block.cap_within
        yield block_cap_key(block.pk), seen_often(times=times, within=within, block=block.key)
    limited = Q(cap_times__isnull=False) | Q(rest_days__isnull=False) | Q(tires_after__isnull=False)
    rows = Variant.objects.filter(limited, enabled=True, block__status=Block.Status.LIVE)
    for variant in rows.select_related("rest_goal").order_by("id"):
        uuid = str(variant.uuid)
        if variant.cap_times is not None:
            yield cap_key(uuid), seen_often(times=variant.cap_times, within=variant.cap_within, variant=uuid)
        if (rests := variant.rest_rule(uuid)) is not None:
            yield rest_key(uuid), rests
        if variant.tires_after is not None:
            yield tired_key(uuid), seen_without_click(variant.tires_after, variant=uuid)


def _overall_limits() -> Iterator[tuple[str, Any]]:
    if limits := list(OverallLimit.objects.all()):
        besides = list(Block.objects.filter(is_exempt=True).values_list("key", flat=True))
        besides += [block.key for source in sources() for block in source() if block.is_exempt]
        for limit in limits:
            rule = seen_anything_often(times=limit.times, within=limit.within, besides=besides)
            yield overall_key(limit.within), rule


def _variants_of(campaign: Campaign) -> Iterator[str]:
    """The ids of all that belongs to the campaign, here and in other rooms; also of what is switched off now."""
    belongs = Q(campaign=campaign) | Q(block__campaign=campaign)
    yield from map(str, Variant.objects.filter(belongs).values_list("uuid", flat=True))
    for source in sources():
        for block in source():
            for variant in block.variants:
                if any(one.name == campaign.name for one in variant.campaigns):
                    yield variant.uuid


def segment_usages(slug: str) -> Iterable[Usage]:
    """Every block and call to action that a segment decides about, with where it is edited."""
    for block in Block.objects.filter(
        variants__segments__slug=slug, variants__audience_kind__in=OF_SEGMENTS
    ).distinct():
        yield _usage(_("Block “%(name)s”") % {"name": block}, "block", block.pk)
    seen: set[int] = set()
    for variant in Variant.objects.filter(audience_kind=Variant.Audience.RULE).select_related("block"):
        if variant.block_id not in seen and slug in _segments_of(variant.rule):
            seen.add(variant.block_id)
            yield _usage(_("Rule in the block “%(name)s”") % {"name": variant.block}, "block", variant.block_id)
    for override in CallToActionOverride.objects.filter(Q(segment__slug=slug) | Q(rule__isnull=False)).select_related(
        "cta", "segment"
    ):
        if slug != (override.segment.slug if override.segment else "") and slug not in _segments_of(override.rule):
            continue
        yield _usage(_("Call to action “%(name)s”") % {"name": override.cta}, "calltoaction", override.cta_id)


def _segments_of(rule: Any) -> frozenset[str]:
    try:
        return frozenset(Rule.parse(rule).segments)
    except InvalidRule:
        return frozenset()


def _usage(label: str, model: str, pk: int) -> Usage:
    return Usage(label, _admin_url(model, pk), f"attune_content.view_{model}")


def _admin_url(model: str, pk: int) -> str:
    try:
        return reverse(f"admin:attune_content_{model}_change", args=[pk])
    except NoReverseMatch:  # a site without the admin
        return ""
