"""What blocks of pages show where they come after their page: only what the visitor of that page may see."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from cms.models import PageContent
from cms.utils import get_current_site
from cms.utils.page_permissions import user_can_view_page
from cms.utils.plugins import downcast_plugins, get_plugins_as_layered_tree
from django.http import HttpRequest
from django.template.loader import render_to_string

from personalization.content.deciding import PublishedVariant
from personalization.djangocms.emptiness import rendered_or_nothing
from personalization.djangocms.models import KEY_PREFIX, PersonalizedBlock, Variant
from personalization.djangocms.texts import fill_fields
from personalization.djangocms.versions import visible


def renderer_of(request: HttpRequest, key: str) -> Callable[[PublishedVariant], str] | None:
    """What renders the variants of this block of a published page; None if this visitor may not see the page."""
    try:
        uuid = UUID(key.removeprefix(KEY_PREFIX))
    except ValueError:
        return None
    blocks = visible(PersonalizedBlock.objects.filter(uuid=uuid)).select_related("placeholder")
    block = next((block for block in blocks if _may_be_seen(request, block)), None)
    return None if block is None else partial(_render, request, block)


def _may_be_seen(request: HttpRequest, block: PersonalizedBlock) -> bool:
    """As the CMS decides whether to show the page itself. What is no page's, such as an alias, comes with its page."""
    content = block.placeholder.source
    if not isinstance(content, PageContent):
        return False
    page, site = content.page, get_current_site(request)
    if page.site_id != site.pk or (page.login_required and not request.user.is_authenticated):
        return False
    return bool(user_can_view_page(request.user, page, site))


def _render(request: HttpRequest, block: PersonalizedBlock, decided: PublishedVariant) -> str:
    return rendered_or_nothing(lambda: _render_variant(request, block, decided))


def _render_variant(request: HttpRequest, block: PersonalizedBlock, decided: PublishedVariant) -> str:
    variant = Variant.objects.get(parent=block, uuid=decided.uuid)
    plugins = sorted([variant, *variant.get_descendants()], key=lambda plugin: plugin.position)
    tree = list(downcast_plugins(plugins, select_placeholder=True, request=request))
    get_plugins_as_layered_tree(tree)  # gives each plugin its children
    fill_fields(request, tree[0])
    return render_to_string("attune_djangocms/filled.html", {"plugin": tree[0]}, request)
