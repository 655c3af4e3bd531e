"""The page on which a new message begins: where it is to stand; who sees it and what they see is asked after that."""

from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from personalization.content.admin.found import lines
from personalization.content.advising.words import new_variant_url
from personalization.content.finding.found import found
from personalization.content.models import Block, Variant
from personalization.content.published import brought
from personalization.content.sources import desk_of

if TYPE_CHECKING:
    BlockModelAdmin = admin.ModelAdmin[Block]
else:  # Django's class takes no parameters when it runs
    BlockModelAdmin = admin.ModelAdmin

_WORDS: Final = 15


class BeginningAdmin(BlockModelAdmin):
    """The admin of blocks, with the page that asks for the place."""

    def get_urls(self) -> list[URLPattern]:
        """The page's address."""
        view = self.admin_site.admin_view(self.new_message_view)
        return [path("new-message/", view, name="attune_content_new_message"), *super().get_urls()]

    def new_message_view(self, request: HttpRequest) -> HttpResponse:
        """Each place with what everyone sees there now; choosing one leads to a new variant of it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        taken = dict(Variant.objects.values_list("block").annotate(Count("pk")))
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("New message"),
            "opts": self.opts,
            "media": self.media,
            "missing": [line for line in lines(request, found()) if line["is_block"] and line["may_add"]],
            "blocks": [_place(block, taken.get(block.pk, 0)) for block in Block.objects.order_by("name", "pk")],
            "elsewhere": list(_elsewhere(request)),
        }
        return TemplateResponse(request, "admin/attune_content/new_message.html", context)


def _place(block: Block, taken: int) -> dict[str, Any]:
    text = " ".join(strip_tags(block.default.replace("<", " <")).split())
    return {
        "name": block.name,
        "url": new_variant_url(block.pk, taken),
        "taken": taken,
        "default": Truncator(text).words(_WORDS),
    }


def _elsewhere(request: HttpRequest) -> Any:
    """Blocks of sources, whose own pages they are edited in, for those who may."""
    for block in sorted(brought(), key=lambda one: one.name.casefold()):
        desk = desk_of(block.key)
        if desk and request.user.has_perm(desk.permission_to_change):
            yield {"name": block.name, "url": desk.page_url(block.key), "taken": len(block.variants)}
