"""The page of the admin about a block of a page: as that of a block of the admin, but it is edited in its page."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from personalization.content.admin.advice import TOLD_ALREADY
from personalization.content.admin.audiences import rows_of
from personalization.content.admin.pausing import LIVE, PAUSED, PausableAdmin
from personalization.content.admin.preview import as_preview, in_words_if_nothing
from personalization.content.admin.results import may_see_results, results_url
from personalization.content.models import PausedElsewhere
from personalization.djangocms.about import About, about, versions_url
from personalization.djangocms.beside import may_look_at
from personalization.djangocms.filling import looked_at
from personalization.djangocms.models import PersonalizedBlock, Variant
from personalization.djangocms.versions import is_hidden
from personalization.djangocms.where import page_url
from tracking.counts import may_see_small_counts


class BlockPageAdmin(PausableAdmin):
    """A page for each block in each version of its page, and one for what is published by the key that all share."""

    def get_urls(self) -> list[URLPattern]:
        """The addresses of the page, and of the previews in it."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        preview = self.admin_site.admin_view(self.preview_view)
        return [
            path("<uuid:uuid>/page/", self.admin_site.admin_view(self.page_view), name=f"{name}_page_of"),
            path("<int:pk>/preview/<uuid:uuid>/", preview, name=f"{name}_preview"),
            *super().get_urls(),
        ]

    def page_view(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The page about the block as it is published by now."""
        return self.change_view(request, str(get_object_or_404(self.get_queryset(request), uuid=uuid).pk))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show everything about the block; it is edited in its page."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        block = self._version(request, object_id)
        found = about(block, request.user, now=timezone.now())
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": block.name,
            "edited": block,
            "stands_in": block.placeholder.source,
            "is_hidden": is_hidden(block.placeholder_id),
            "list_url": reverse("admin:attune_djangocms_personalizedblock_changelist"),
            "edit_url": page_url(block),
            "side_by_side_url": reverse("admin:attune_djangocms_personalizedblock_side_by_side", args=[block.pk]),
            "results_url": results_url(block.key) if self._may_see_results(request, block) else "",
            "versions_url": versions_url(block),
            "settings": found.set_up,
            "failing": found.failing,
            "timeline": found.timeline,
            "rows": rows_of(found.audiences, exact=may_see_small_counts(request.user)),
            **_findings(found),
            **self._buttons(request, block),
        }
        return TemplateResponse(request, "admin/attune_djangocms/block.html", context)

    def preview_view(self, request: HttpRequest, pk: int, uuid: UUID) -> HttpResponse:
        """One variant, as somebody might see it of whom nothing is known."""
        block = self._version(request, str(pk))
        variant = get_object_or_404(Variant, parent=block, uuid=uuid)
        return as_preview(request, in_words_if_nothing(lambda: looked_at(request, block, variant), variant.name))

    def _version(self, request: HttpRequest, object_id: str) -> PersonalizedBlock:
        number = int(object_id) if object_id.isascii() and object_id.isdigit() and len(object_id) < 19 else 0
        blocks = PersonalizedBlock.objects.select_related("placeholder", "campaign", "group")
        block: PersonalizedBlock | None = blocks.filter(pk=number).first()
        if not self.has_view_permission(request, block) or (block and not may_look_at(request.user, block)):
            raise PermissionDenied
        if block is None:
            raise Http404
        return block

    def _may_see_results(self, request: HttpRequest, block: PersonalizedBlock) -> bool:
        """Results are of what visitors see: of a block that is in a draft only there are none."""
        return may_see_results(request) and self._is_published(request, block)

    def _is_published(self, request: HttpRequest, block: PersonalizedBlock) -> bool:
        return self.get_queryset(request).filter(uuid=block.uuid).exists()

    def _buttons(self, request: HttpRequest, block: PersonalizedBlock) -> dict[str, Any]:
        is_paused = PausedElsewhere.objects.filter(key=block.key).exists()
        if not self.has_change_permission(request, block) or not self._is_published(request, block):
            return {"is_paused": is_paused}
        name = "admin:attune_djangocms_personalizedblock"
        retry = "" if is_hidden(block.placeholder_id) else f"{reverse(f'{name}_retry', args=[block.pk])}?page"
        return {
            "is_paused": is_paused,
            "pause_url": f"{reverse(f'{name}_pause_by_name', args=[block.uuid])}?page",
            "pause_to": LIVE if is_paused else PAUSED,
            "pause_label": _("Resume") if is_paused else _("Pause"),
            "retry_url": retry,
        }


def _findings(found: About) -> dict[str, Any]:
    """What is found, above and at each variant."""
    told = [one for one in found.findings if one.code not in TOLD_ALREADY]
    names = {str(tab.plugin.uuid): tab.name for tab, _set_up in found.variants}
    return {
        "needs_somebody": not all(one.is_note for one in told),
        "findings": [(one, names.get(one.variant, ""), _anchor(one.variant)) for one in told],
        "variants": [
            {
                "tab": tab,
                "anchor": _anchor(str(tab.plugin.uuid)),
                "settings": settings,
                "findings": [one for one in told if one.variant == str(tab.plugin.uuid)],
            }
            for tab, settings in found.variants
        ],
    }


def _anchor(variant: str) -> str:
    return f"variant-{variant}"
