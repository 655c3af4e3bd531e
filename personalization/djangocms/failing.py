"""What failed in pages, for their editors: by block, forgotten once a page is published anew."""

from __future__ import annotations

from typing import Any

from cms.models import Placeholder
from django.contrib.contenttypes.models import ContentType

from personalization.content.models import FailingElsewhere
from personalization.content.serving.breaking import try_again_elsewhere
from personalization.djangocms.models import PersonalizedBlock, Variant


def broken_in(block: PersonalizedBlock) -> list[tuple[str, str]]:
    """The block's variants that were switched off, each with why; two queries."""
    rows = FailingElsewhere.objects.filter(block=block.key, broken_at__isnull=False)
    whys = {row.uuid: row.why_failing for row in rows}
    variants = Variant.objects.filter(parent=block, uuid__in=whys).order_by("position", "pk")
    return [(variant.name, whys[variant.uuid]) for variant in variants]


def try_again_in(content: Any) -> None:
    """Switch on what failed in this version of a page: its editors have changed it, or mean it as it is."""
    kind = ContentType.objects.get_for_model(content)
    placeholders = Placeholder.objects.filter(content_type=kind, object_id=content.pk)
    for block in PersonalizedBlock.objects.filter(placeholder__in=placeholders):
        try_again_elsewhere(block.key)
