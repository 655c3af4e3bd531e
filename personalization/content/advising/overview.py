"""What the start page shows: everything at once, in a number of queries that does not grow with what there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Final

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from personalization.content.advising.agenda import Entry, entries_between
from personalization.content.advising.findings import LINTED, findings_of, published_facts, segment_facts
from personalization.content.advising.lint import lint_block
from personalization.content.advising.words import day_in_words
from personalization.content.aiming import OF_SEGMENTS
from personalization.content.deciding.blocks import PublishedBlock, PublishedCampaign
from personalization.content.deciding.schedule import Schedule
from personalization.content.measuring.results import USUAL, BlockResults, best_and_worst
from personalization.content.models import Block, CallToActionOverride, Campaign, FailingElsewhere, Variant
from personalization.content.sources import contents_of
from personalization.profiles.keeping import kept
from personalization.segments.models import Segment, Status
from tracking.counts import SMALL

RESULTS_KEPT: Final = 5 * 60
"""Seconds for which the best and worst blocks are kept: they are of four weeks."""
ENDED_OF_LATE: Final = timedelta(days=7)
_RESULTS: Final = "attune:1:best-and-worst"
_BestAndWorst = tuple[list[BlockResults], list[BlockResults]]


@dataclass(frozen=True, slots=True)
class Need:
    """Something that somebody should look at."""

    about: str
    text: str
    url: str = ""


def needs_of_blocks(blocks: Iterable[Block], *, now: datetime) -> Iterator[Need]:
    """What lint finds in these blocks, which `findings.with_variants` brought; not what may well be meant so."""
    for block in blocks:
        variants = {str(variant.uuid): variant for variant in getattr(block, LINTED)}
        for one in findings_of(block, now=now):
            if not one.is_note:
                variant = variants.get(one.variant)
                about = f"{block}: {variant}" if variant else str(block)
                yield Need(about, one.text, reverse("admin:attune_content_block_change", args=[block.pk]))


def needs_of_segments(brought: Iterable[PublishedBlock] = (), *, exact: bool, now: datetime) -> Iterator[Need]:
    """The segments that something shown depends on and that nobody is in.

    Args:
        brought: the blocks that are not of the admin.
        exact: whether the reader may tell nobody from a few.
        now: an aware datetime.
    """
    if not Segment.objects.filter(size__gte=SMALL).exists():
        return  # a new site has nobody in any
    overrides = CallToActionOverride.objects.filter(segment=OuterRef("pk"))
    variants = [one for block in brought for one in block.variants]
    elsewhere = Counter(slug for one in variants for slug in {*(one.audience or ()), *one.not_in})
    chosen = Variant.segments.through.objects.filter(variant__enabled=True, variant__audience_kind__in=OF_SEGMENTS)
    places = dict(chosen.order_by().values_list("segment").annotate(Count("pk")))
    asked = Q(Exists(overrides)) | Q(pk__in=list(places)) | Q(slug__in=list(elsewhere))
    empty = Q(size=0) if exact else Q(size__lt=SMALL)
    for segment in Segment.objects.filter(asked, empty, status=Status.ACTIVE):
        depend = places.get(segment.pk, 0) + elsewhere[segment.slug]
        url = reverse("admin:attune_segments_segment_change", args=[segment.pk])
        text = f"{_how_few(segment, exact=exact, now=now)} {_what_depends(depend)}"
        yield Need(_("Segment “%(name)s”") % {"name": segment}, text, url)


def _how_few(segment: Segment, *, exact: bool, now: datetime) -> str:
    if not exact:
        return _("Under %(number)s visitors are in it.") % {"number": SMALL}
    if segment.emptied_at is None:
        return _("Nobody is in it.")
    return _("It fell to zero %(day)s.") % {"day": day_in_words(segment.emptied_at, now=now)}


def _what_depends(variants: int) -> str:
    if not variants:
        return _("A call to action says something else to it.")
    text = ngettext("One variant depends on it.", "%(count)s variants depend on it.", variants)
    return text % {"count": variants}


def best_and_worst_lately(*, now: datetime) -> _BestAndWorst:
    """The blocks whose variants did best and worst in four weeks. Counting looks at many events, so it is kept."""
    return kept(_RESULTS, partial(best_and_worst, since=now - USUAL, until=now), seconds=RESULTS_KEPT)


def needs_elsewhere(
    brought: Collection[PublishedBlock], *, url_of: Callable[[str], str], now: datetime
) -> Iterator[Need]:
    """What was switched off after errors in these blocks, and what lint finds in the others of them.

    Args:
        brought: the blocks that are not of the admin.
        url_of: leads to the page about the block of a key.
        now: an aware datetime.
    """
    names = {block.key: block.name for block in brought}
    failing = FailingElsewhere.objects.filter(broken_at__isnull=False, block__in=names) if names else ()
    for key, failure in dict.fromkeys((one.block, one.why_failing) for one in failing):
        text = _("A variant is switched off after errors: %(why)s") % {"why": failure}
        yield Need(names[key] or key, text, url_of(key))
    segments = segment_facts(Segment.objects.all()) if names else {}
    contents = contents_of(names)
    for block in brought:
        variants = {variant.uuid: variant for variant in block.variants}
        facts = published_facts(block, contents.get(block.key))
        # Languages are a matter of its page, which has a version in each.
        for one in lint_block(facts, now=now, segments=segments):
            if not one.is_note:
                name = block.name or block.key
                about = f"{name}: {variants[one.variant].name}" if one.variant else name
                yield Need(about, one.text, url_of(block.key))


def entries_of_blocks(blocks: Iterable[Block]) -> Iterator[Entry]:
    """The starts and ends of the variants of these blocks that are switched on."""
    for block in blocks:
        variants: list[Variant] = getattr(block, LINTED)
        for variant in variants:
            yield from entries_between(
                *_in_campaigns(variant.schedule, variant.campaigns_published),
                variant.zone,
                f"{block}: {variant}",
                zone_name=_zone_name(variant.zone),
                url=reverse("admin:attune_content_block_change", args=[block.pk]),
                is_paused=_is_paused(block, variant),
            )


def entries_of_campaigns(campaigns: Iterable[Campaign]) -> Iterator[Entry]:
    """The starts and ends of these campaigns."""
    for campaign in campaigns:
        yield from entries_between(
            campaign.starts_at,
            campaign.ends_at,
            campaign.zone,
            str(campaign),
            zone_name=_zone_name(campaign.zone),
            url=reverse("admin:attune_content_campaign_change", args=[campaign.pk]),
            is_campaign=True,
            is_paused=campaign.status != Campaign.Status.LIVE,
        )


def entries_elsewhere(brought: Iterable[PublishedBlock], *, url_of: Callable[[str], str]) -> Iterator[Entry]:
    """The starts and ends of the variants of these blocks; `url_of` leads to where the block of a key is edited."""
    for block in brought:
        for variant in block.variants:
            schedule = variant.schedule
            zone = schedule.hours.zone if schedule.hours else timezone.get_current_timezone()
            yield from entries_between(
                *_in_campaigns(schedule, variant.campaigns),
                zone,
                f"{block.name or block.key}: {variant.name}",
                zone_name=_zone_name(zone),
                url=url_of(block.key),
                is_paused=not (block.live and all(campaign.live for campaign in variant.campaigns)),
            )


def _in_campaigns(
    schedule: Schedule, campaigns: Iterable[PublishedCampaign]
) -> tuple[datetime | None, datetime | None]:
    """The start and the end as far as they happen: outside of its campaigns' time nothing starts or ends."""
    around = [one.schedule for one in campaigns]

    def happens(at: datetime) -> bool:
        return not any((one.starts_at and at < one.starts_at) or (one.ends_at and at > one.ends_at) for one in around)

    starts_at, ends_at = (at if at and happens(at) else None for at in (schedule.starts_at, schedule.ends_at))
    return starts_at, ends_at


def campaigns_of_late(campaigns: Iterable[Campaign], *, now: datetime) -> list[Campaign]:
    """The campaigns that run, will run, or would if they were not paused; and those that ended a few days ago."""
    return [one for one in campaigns if one.ends_at is None or one.ends_at > now - ENDED_OF_LATE]


def _is_paused(block: Block, variant: Variant) -> bool:
    campaigns = (block.campaign, variant.campaign)
    return block.status != Block.Status.LIVE or any(
        campaign is not None and campaign.status != Campaign.Status.LIVE for campaign in campaigns
    )


def _zone_name(zone: tzinfo) -> str:
    return "" if str(zone) == timezone.get_current_timezone_name() else str(zone)
