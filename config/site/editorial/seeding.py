"""Makes what editors might have made where it is missing; replaces what earlier versions made and nobody changed."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db.models import Model

from config.site.editorial.blocks import BLOCKS
from config.site.editorial.calls_to_action import CALLS_TO_ACTION, SeededCallToAction
from config.site.editorial.former import FORMER
from config.site.editorial.places import SeededBlock, SeededVariant
from config.site.editorial.segments import SEGMENTS
from personalization.content.models import Block, CallToAction, CallToActionOverride, Variant
from personalization.segments.models import Segment, Status

STEP = 10
"""Between the order numbers, as the admin gives them out."""
LANGUAGES = {"en": "", "de": " (German)"}
"""What is added to a variant's name in each language."""

Count = Callable[[type[Model], bool], None]


def seed_editorial(count: Count) -> None:
    """Make or bring up to date segments, blocks and calls to action; tell `count` of each that is new.

    What differs from every version that was ever seeded was changed by an editor, and stays as it is.
    """
    for one in SEGMENTS:
        defaults: dict[str, Any] = {"name": one.name, "description": one.description, "rule": one.rule}
        segment, is_new = Segment.objects.get_or_create(slug=one.slug, defaults=defaults | {"status": Status.ACTIVE})
        count(Segment, is_new)
        if not is_new and fingerprint(segment) in FORMER:
            segment.name, segment.description, segment.rule = one.name, one.description, one.rule
            segment.save()
    segments = {segment.slug: segment for segment in Segment.objects.all()}
    for seeded in BLOCKS:
        block, is_new = Block.objects.get_or_create(key=seeded.key, defaults={"name": seeded.name, "show": seeded.show})
        count(Block, is_new)
        if is_new or fingerprint(block) in FORMER:
            _fill_block(block, seeded, segments, count)
    for button in CALLS_TO_ACTION:
        cta, is_new = CallToAction.objects.get_or_create(
            key=button.key,
            defaults={
                "name": button.name,
                "label": button.label,
                "url": button.url,
                "prominent_from": button.prominent_from,
            },
        )
        count(CallToAction, is_new)
        if is_new or fingerprint(cta) in FORMER:
            _fill_cta(cta, button, segments, count)


def fingerprint(row: Segment | Block | CallToAction) -> str:
    """What a row says, in sixteen digits; names of blocks and what counts people are left out."""
    match row:
        case Segment():
            said: Any = [row.slug, row.name, row.description, row.rule]
        case Block():
            said = [row.key, row.status, row.default, [_variant_said(one) for one in row.variants.all()]]
        case CallToAction():
            overrides = row.overrides.select_related("segment")
            said = [
                *(row.key, row.label, row.url, row.style),
                [[one.segment and one.segment.slug, one.languages, one.label, one.url, one.style] for one in overrides],
            ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _variant_said(variant: Variant) -> list[Any]:
    return [
        *(variant.name, variant.enabled, variant.body, variant.template_name, variant.audience_kind, variant.rule),
        sorted(variant.segments.values_list("slug", flat=True)),
        variant.languages,
        variant.starts_at is None and variant.ends_at is None,
    ]


def _fill_block(block: Block, seeded: SeededBlock, segments: dict[str, Segment], count: Count) -> None:
    block.variants.all().delete()
    order = 0
    for one in seeded.variants:
        for fields in _rows_of(one):
            order += STEP
            variant = Variant.objects.create(block=block, order=order, **fields)
            variant.segments.set([segments[slug] for slug in one.segments])
            count(Variant, True)


def _rows_of(one: SeededVariant) -> list[dict[str, Any]]:
    """A row for each language; a layout speaks all of them itself."""
    audience = Variant.Audience.RULE if one.rule else Variant.Audience.SEGMENTS
    if one.items:
        kind, audience = Variant.BodyKind.ITEMS, Variant.Audience.EVERYBODY
        return [
            {
                "name": f"{one.name}{LANGUAGES[language]}",
                "audience_kind": audience,
                "languages": [language],
                "body_kind": kind,
                "content": {"items_source": one.items, "items_count": 4, "items_title": title},
            }
            for language, title in one.texts
        ]
    shared = {"audience_kind": audience, "rule": one.rule}
    if one.template:
        kind = Variant.BodyKind.TEMPLATE
        return [shared | {"name": one.name, "body_kind": kind, "template_name": one.template}]
    return [
        shared | {"name": f"{one.name}{LANGUAGES[language]}", "languages": [language], "body": body}
        for language, body in one.texts
    ]


def _fill_cta(cta: CallToAction, seeded: SeededCallToAction, segments: dict[str, Segment], count: Count) -> None:
    cta.overrides.all().delete()
    for number, one in enumerate(seeded.overrides, start=1):
        CallToActionOverride.objects.create(
            cta=cta,
            segment=segments[one.segment] if one.segment else None,
            languages=[one.language],
            order=number * STEP,
            label=one.label,
            url=one.url,
        )
        count(CallToActionOverride, True)
