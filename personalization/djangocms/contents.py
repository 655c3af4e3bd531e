"""What the variants of pages hold, as far as advice on their blocks needs to know."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final
from uuid import UUID

from cms.models import CMSPlugin
from django.db.models import Exists, F, OuterRef, QuerySet

from personalization.content.bodies.registry import KINDS
from personalization.content.sources import Contents
from personalization.djangocms.bodies import KIND_OF
from personalization.djangocms.models import KEY_PREFIX, OTHERS, PersonalizedBlock, Variant
from personalization.djangocms.versions import visible

NOTHING: Final = Contents(has_default=False)
_BLOCK: Final = "parent__attune_djangocms_personalizedblock"


def contents_of(keys: Collection[str]) -> dict[str, Contents]:
    """What the blocks of these keys hold, as published; two queries."""
    uuids = [UUID(key.removeprefix(KEY_PREFIX)) for key in keys]
    blocks = visible(PersonalizedBlock.objects.filter(uuid__in=uuids)).values_list("uuid", flat=True)
    held = _held(visible(Variant.objects.filter(**{f"{_BLOCK}__uuid__in": uuids})))
    return {f"{KEY_PREFIX}{uuid}": held.get(uuid, NOTHING) for uuid in blocks}


def contents_in(block: PersonalizedBlock) -> Contents:
    """What a block holds in its version of its page; one query."""
    return _held(Variant.objects.filter(parent=block)).get(block.uuid, NOTHING)


def _held(variants: QuerySet[Variant]) -> dict[UUID, Contents]:
    inside = CMSPlugin.objects.filter(parent=OuterRef("pk"))
    makes_room = [name for name, kind in KIND_OF.items() if KINDS[kind].makes_room]
    rows = variants.annotate(
        block=F(f"{_BLOCK}__uuid"),
        is_filled=Exists(inside),
        may_make_room=Exists(inside.filter(plugin_type__in=makes_room)),
    )
    found: dict[UUID, Contents] = {}
    for block, variant, kind, is_filled, may_make_room in rows.values_list(
        "block", "uuid", "audience_kind", "is_filled", "may_make_room"
    ):
        known, uuid = found.get(block, NOTHING), frozenset({str(variant)})
        if kind == OTHERS:
            known = replace(known, has_default=True)
        elif not is_filled:
            known = replace(known, empty=known.empty | uuid)
        elif may_make_room:
            known = replace(known, makes_room=known.makes_room | uuid)
        found[block] = known
    return found
