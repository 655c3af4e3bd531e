"""Where the blocks of pages are edited: in their pages, which say who may."""

from __future__ import annotations

from uuid import UUID

from cms.toolbar.utils import get_object_preview_url

from personalization.djangocms.models import KEY_PREFIX, PersonalizedBlock
from personalization.djangocms.versions import visible


def edit_url(key: str) -> str:
    """The published page with the block of this key; empty, where there is none."""
    try:
        uuid = UUID(key.removeprefix(KEY_PREFIX))
    except ValueError:
        return ""
    block = visible(PersonalizedBlock.objects.filter(uuid=uuid)).select_related("placeholder").first()
    return "" if block is None else page_url(block)


def page_url(block: PersonalizedBlock) -> str:
    """The version of the page that the block stands in; empty for one in a clipboard."""
    source = block.placeholder.source
    return "" if source is None else str(get_object_preview_url(source, language=block.language))
