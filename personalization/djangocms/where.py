"""Where the blocks of pages are edited and paused: in their pages, which say who may, and in a list of the admin."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from cms.toolbar.utils import get_object_preview_url
from django.http import HttpRequest
from django.urls import reverse

from personalization.content.sources import Desk
from personalization.djangocms.contents import contents_of
from personalization.djangocms.models import KEY_PREFIX, PersonalizedBlock
from personalization.djangocms.versions import visible
from personalization.djangocms.waiting import drafts_waiting


def edit_url(key: str) -> str:
    """The published page with the block of this key; empty, where there is none."""
    try:
        uuid = UUID(key.removeprefix(KEY_PREFIX))
    except ValueError:
        return ""
    block = visible(PersonalizedBlock.objects.filter(uuid=uuid)).select_related("placeholder").first()
    return "" if block is None else page_url(block)


def _address(view: str) -> Callable[[str], str]:
    return lambda key: reverse(f"admin:attune_djangocms_personalizedblock_{view}", args=[key.removeprefix(KEY_PREFIX)])


desk = Desk(
    page_url=_address("page_of"),
    pause_url=_address("pause_by_name"),
    beside_url=_address("side_by_side_by_name"),
    contents=contents_of,
    waiting=drafts_waiting,
    permission_to_view="attune_djangocms.view_personalizedblock",
    permission_to_change="attune_djangocms.change_personalizedblock",
)


def page_url(block: PersonalizedBlock) -> str:
    """The version of the page that the block stands in; empty for one in a clipboard."""
    source = block.placeholder.source
    return "" if source is None else str(get_object_preview_url(source, language=block.language))


def about_url(request: HttpRequest, block: PersonalizedBlock) -> str:
    """The page of the admin about a block in its version of its page, for those who may look at it; else empty."""
    if not request.user.has_perm(desk.permission_to_view):
        return ""
    return reverse("admin:attune_djangocms_personalizedblock_change", args=[block.pk])
