"""Which variants of pages belong to a campaign, for the campaign's own page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cms.toolbar.utils import get_object_preview_url
from django.db.models import Prefetch

from personalization.content.belongings import Belonging, Finder
from personalization.djangocms.models import Variant
from personalization.djangocms.versions import visible


def _prefetch() -> Prefetch[Any]:
    variants = visible(Variant.objects.order_by("pk")).prefetch_related("placeholder__source")
    return Prefetch("variants_in_pages", variants, to_attr="shown_in_pages")


def _describe(campaign: Any) -> Iterator[Belonging]:
    for variant in getattr(campaign, "shown_in_pages", ()):
        source = variant.placeholder.source
        if source is not None:
            url = str(get_object_preview_url(source, language=variant.language))
            yield Belonging(f"{source}: {variant.name}", url)


finder = Finder(_prefetch, _describe)
