"""Which blocks and variants of pages belong to a campaign, for the campaign's own page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cms.models import CMSPlugin
from cms.toolbar.utils import get_object_preview_url
from django.db.models import Prefetch

from personalization.content.belongings import Belonging, Finder
from personalization.djangocms.models import PersonalizedBlock, Variant
from personalization.djangocms.versions import visible


def _finder(model: type[CMSPlugin], related_name: str) -> Finder:
    found = f"shown_{related_name}"

    def prefetch() -> Prefetch[Any]:
        rows = visible(model._default_manager.order_by("pk")).prefetch_related("placeholder__source")
        return Prefetch(related_name, rows, to_attr=found)

    def describe(campaign: Any) -> Iterator[Belonging]:
        for plugin in getattr(campaign, found, ()):
            source = plugin.placeholder.source
            if source is not None:
                url = str(get_object_preview_url(source, language=plugin.language))
                yield Belonging(f"{source}: {plugin.name}", url)

    return Finder(prefetch, describe)


of_blocks = _finder(PersonalizedBlock, "blocks_in_pages")
of_variants = _finder(Variant, "variants_in_pages")
