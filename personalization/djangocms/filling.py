"""What blocks of pages show where they come after their page: only what the visitor of that page may see."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from uuid import UUID

from cms.models import PageContent
from cms.utils.plugins import downcast_plugins, get_plugins_as_layered_tree
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from personalization.content.bodies.samples import try_out
from personalization.content.deciding.blocks import PublishedVariant
from personalization.content.previewing.preview import OWN, Preview, marks
from personalization.content.services import may_hold
from personalization.content.serving.rendering import EmptyVariant
from personalization.content.sources import InParts, Part
from personalization.djangocms.emptiness import is_blank, rendered_or_nothing
from personalization.djangocms.models import KEY_PREFIX, OTHERS, PersonalizedBlock, Variant
from personalization.djangocms.parts import html_of, parts_of
from personalization.djangocms.proofs import may_see_page, was_shown
from personalization.djangocms.texts import fill_fields
from personalization.djangocms.versions import visible
from personalization.segments.assumed import Assumed


def renderer_of(request: HttpRequest, key: str) -> InParts | None:
    """What renders the variants of this block of a published page; None if this visitor may not see it."""
    try:
        uuid = UUID(key.removeprefix(KEY_PREFIX))
    except ValueError:
        return None
    blocks = visible(PersonalizedBlock.objects.filter(uuid=uuid)).select_related("placeholder")
    block = next((one for one in blocks if _may_be_seen(request, one) and _is_reached(request, one)), None)
    return None if block is None else _BlockInPage(request, block)


def _may_be_seen(request: HttpRequest, block: PersonalizedBlock) -> bool:
    """Whether its page may be seen; of what is no page's, such as an alias, one that proves to have shown it."""
    content = block.placeholder.source
    if isinstance(content, PageContent):
        return may_see_page(request, content.page)
    return was_shown(request, block.key, now=timezone.now())


def _is_reached(request: HttpRequest, block: PersonalizedBlock) -> bool:
    """Whether nothing that the block stands in is kept from this visitor, such as a variant on trial."""
    if block.parent_id is None:
        return True
    around = list(downcast_plugins(list(block.get_ancestors())))
    blocks = {one.pk: one.key for one in around if isinstance(one, PersonalizedBlock)}
    return all(
        may_hold(request, blocks[one.parent_id], str(one.uuid))
        for one in around
        if isinstance(one, Variant) and not one.is_default and one.parent_id in blocks
    )


def looked_at(request: HttpRequest, block: PersonalizedBlock, variant: Variant) -> SafeString:
    """A variant of any version of a page, as somebody might see it of whom nothing is known: of nothing it is noted.

    Raises:
        EmptyVariant: there is nothing in it.
        NothingToShow: there is nothing in it for them.
    """
    preview = Preview(Assumed(), timezone.now() + OWN, str(request.user.pk))
    assumed = copy(request)  # the page around it is no preview
    assumed.__dict__.update(marks(preview))
    try_out(assumed)
    html = _BlockInPage(assumed, block).shown(variant)
    if is_blank(html):
        raise EmptyVariant(variant.name)
    return SafeString(html)


@dataclass(frozen=True, slots=True)
class _BlockInPage:
    """A block of a published page, for a visitor who may see that page."""

    request: HttpRequest
    block: PersonalizedBlock

    def __call__(self, variant: PublishedVariant) -> str:
        return self.shown(variant)

    def shown(self, variant: PublishedVariant | Variant) -> str:
        """What it shows, as HTML."""
        return rendered_or_nothing(lambda: html_of(self.request, self._filled(uuid=str(variant.uuid))))

    def parts(self, variant: PublishedVariant | None) -> list[Part]:
        if variant is not None:
            return self._parts(uuid=variant.uuid)
        is_there = Variant.objects.filter(parent=self.block, audience_kind=OTHERS).exists()
        return self._parts(audience_kind=OTHERS) if is_there else []

    def _parts(self, **which: str) -> list[Part]:
        parts: list[Part] = []

        def render() -> str:
            parts.extend(parts_of(self.request, self._filled(**which)))
            return "".join(part.html for part in parts)

        rendered_or_nothing(render)
        return parts

    def _filled(self, **which: str) -> Variant:
        """The variant with all that is in it, and with what is known of the visitor in its texts."""
        variant = Variant.objects.filter(parent=self.block, **which).order_by("position")[0]
        plugins = sorted([variant, *variant.get_descendants()], key=lambda plugin: plugin.position)
        tree = list(downcast_plugins(plugins, select_placeholder=True, request=self.request))
        get_plugins_as_layered_tree(tree)  # gives each plugin its children
        filled: Variant = tree[0]
        fill_fields(self.request, filled)
        return filled
