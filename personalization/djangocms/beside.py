"""All variants of a block of a page side by side: of what is published, and of drafts for those who may see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cms.models import PageContent
from cms.toolbar.utils import get_object_preview_url
from cms.utils.permissions import user_can_view_placeholder_source
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from personalization.content.previewing.preview import DEFAULT, may_see, preview_of
from personalization.content.previewing.side_by_side import address_of
from personalization.content.published import published
from personalization.djangocms.models import PersonalizedBlock, Variant
from personalization.djangocms.versions import is_hidden
from personalization.profiles.head import configuration_version


def may_look_at(user: Any, block: PersonalizedBlock) -> bool:
    """Whether this person may see the block's version of its page: a draft is for those who may see its page's."""
    source = block.placeholder.source
    if source is None:  # in somebody's clipboard
        return False
    return not is_hidden(block.placeholder_id) or bool(user_can_view_placeholder_source(user, source))


def columns_of(request: HttpRequest, block: PersonalizedBlock) -> Iterator[tuple[str, str]]:
    """What each variant is called and where it is shown: on the page as visitors have it, or on its draft."""
    url, around = _page_of(block), _around(block)
    for variant, name in _variants_of(block):
        yield name, address_of(request, {block.key: variant, **around}, url)
    yield _("Everyone else sees"), address_of(request, {block.key: DEFAULT, **around}, url)


def chosen_in_draft(request: HttpRequest, key: str) -> str:
    """The variant of a block that is looked at on a draft; of its other blocks what everyone else sees."""
    preview = preview_of(request)
    return preview.chosen.get(key, DEFAULT) if preview is not None and may_see(request) else DEFAULT


def blocks_of(content: Model | None) -> QuerySet[PersonalizedBlock]:
    """The blocks of one version of a page, in its order."""
    blocks: QuerySet[PersonalizedBlock] = PersonalizedBlock.objects.order_by("placeholder", "position")
    if content is None or content.pk is None:
        return blocks.none()
    kind = ContentType.objects.get_for_model(content)
    return blocks.filter(placeholder__content_type=kind, placeholder__object_id=content.pk).select_related(
        "placeholder"
    )


def _variants_of(block: PersonalizedBlock) -> Iterator[tuple[str, str]]:
    """Of what is published those that are not switched off; of a draft all."""
    if is_hidden(block.placeholder_id):
        variants = Variant.objects.filter(parent=block).order_by("position")
        yield from ((str(one.uuid), one.name) for one in variants if not one.is_default)
    elif (found := published(configuration_version()).blocks.get(block.key)) is not None:
        yield from ((one.uuid, one.name) for one in found.variants)


def _page_of(block: PersonalizedBlock) -> str:
    """Its address: of what is published, as visitors know it."""
    source = block.placeholder.source
    is_page = isinstance(source, PageContent) and not is_hidden(block.placeholder_id)
    address = source.page.get_absolute_url(block.language) if is_page else ""
    return address or str(get_object_preview_url(source, language=block.language))


def _around(block: PersonalizedBlock) -> Mapping[str, str]:
    """The variants that the block stands in, if it stands in others: without them it would not be on the page."""
    variants = Variant.objects.filter(pk__in=[plugin.pk for plugin in block.get_ancestors()])
    blocks = PersonalizedBlock.objects.in_bulk([variant.parent_id for variant in variants])
    return {
        blocks[one.parent_id].key: DEFAULT if one.is_default else str(one.uuid)
        for one in variants
        if one.parent_id in blocks
    }
