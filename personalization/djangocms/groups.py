"""Blocks of pages in groups: on which page each stands, and how the group's own page finds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from cms.models import PageContent
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch

from personalization.content.deciding.standing import Stand
from personalization.content.grouping import Finder, Member
from personalization.content.models import BlockGroup
from personalization.djangocms.models import PersonalizedBlock
from personalization.djangocms.versions import visible_or_drafted
from personalization.djangocms.where import page_url


def stands_of(blocks: Iterable[PersonalizedBlock]) -> Mapping[int, Stand]:
    """Where those of these blocks stand that are in groups, by their placeholders; two queries, if any is.

    An alias may be shown on any page: nobody can tell where its blocks stand.
    """
    pages = ContentType.objects.get_for_model(PageContent).pk
    placeholders = {
        block.placeholder_id: block.placeholder.object_id
        for block in blocks
        if block.group_id is not None and block.placeholder.content_type_id == pages
    }
    if not placeholders:
        return {}
    contents = PageContent._base_manager.filter(pk__in=placeholders.values())
    found = {content.pk: _stand(content) for content in contents.select_related("page").prefetch_related("page__urls")}
    return {placeholder: found[content] for placeholder, content in placeholders.items() if content in found}


def _stand(content: Any) -> Stand:
    """Its addresses are those in its own language, and in languages that the page has no address in."""
    page = content.page
    others = {url.language for url in page.urls.all()} - {content.language}
    languages = [language for language, _ in settings.LANGUAGES if language not in others]
    addresses = (page.get_absolute_url(language) for language in languages)
    return Stand(f"{page.pk}:{content.language}", frozenset(unquote(address) for address in addresses if address))


def _prefetch() -> Prefetch[Any]:
    blocks = visible_or_drafted(PersonalizedBlock.objects.order_by("name", "pk"))
    return Prefetch("blocks_in_pages", blocks.prefetch_related("placeholder__source"), to_attr="members_in_pages")


def _describe(group: BlockGroup) -> Iterator[Member]:
    blocks = getattr(group, "members_in_pages", ())
    published = {block.uuid for block in blocks if block.is_visible}
    for block in blocks:
        if block.is_visible or block.uuid not in published:
            page = str(block.placeholder.source)
            yield Member(block.name, block.group_order, page, page_url(block), is_draft=not block.is_visible)


finder = Finder(_prefetch, _describe)
