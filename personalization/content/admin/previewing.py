"""Pages of the admin from which editors look at the site as somebody else, and at all variants of a block at once."""

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from personalization.content.admin.revisions import DRAFT
from personalization.content.measuring.pages import page_seen_on
from personalization.content.models import Block
from personalization.content.previewing.drafts import with_drafts
from personalization.content.previewing.fitting import NOBODY, fitting, to_look_at
from personalization.content.previewing.forms import DraftsForm, PreviewForm, in_language, page_of
from personalization.content.previewing.preview import DEFAULT, OWN, Preview, with_token
from personalization.content.previewing.side_by_side import address_of, side_by_side
from personalization.content.published import published
from personalization.profiles.head import configuration_version

if TYPE_CHECKING:
    BlockModelAdmin = admin.ModelAdmin[Block]
else:  # Django's class takes no parameters when it runs
    BlockModelAdmin = admin.ModelAdmin

SHARE: Final = "attune_content.share_previews"
WITH_DRAFTS: Final = "drafts"
"""In the form's address: the box for drafts is ticked."""
_LAST_PAGE: Final = "attune_preview_page"
"""Where the session keeps the page that was looked at last."""


class PreviewingAdmin(BlockModelAdmin):
    """The list of blocks, with the pages for looking."""

    def get_urls(self) -> list[URLPattern]:
        """Their addresses."""
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        preview = self.admin_site.admin_view(self.preview_as_view)
        beside = self.admin_site.admin_view(self.side_by_side_view)
        return [
            path("preview-as/", preview, name=f"{name}_preview_as"),
            path("<int:pk>/look/", self.admin_site.admin_view(self.look_view), name=f"{name}_look"),
            path("<int:pk>/side-by-side/", beside, name=f"{name}_side_by_side"),
            *super().get_urls(),
        ]

    def preview_as_view(self, request: HttpRequest) -> HttpResponse:
        """Ask as whom a page is to be seen, and lead there, or give the link."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_share = request.user.has_perm(SHARE)
        form = PreviewForm(
            request.POST or None,
            host=request.get_host(),
            initial={"url": self._page(request), "drafts": WITH_DRAFTS in request.GET},
            label_suffix="",
        )
        link = ""
        if request.method == "POST" and form.is_valid():
            shared = "share" in request.POST
            if shared and not may_share:
                raise PermissionDenied
            request.session[_LAST_PAGE] = form.cleaned_data["url"]
            preview = form.preview(by=str(request.user.pk), shared=shared, now=timezone.now())
            url = preview.address(in_language(form.cleaned_data["url"], preview.assumed.language))
            if not shared:
                return HttpResponseRedirect(url)
            link = request.build_absolute_uri(url)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Preview as …"),
            "opts": self.opts,
            "form": form,
            "may_share": may_share,
            "link": link,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/attune_content/preview.html", context)

    def look_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lead to the page as somebody sees it whom the variant is for; with ``?drafts`` as the draft has it."""
        block = get_object_or_404(Block, pk=pk)
        if not self.has_view_permission(request, block):
            raise PermissionDenied
        now, version, drafts = timezone.now(), configuration_version(), WITH_DRAFTS in request.GET
        live = published(version).blocks.get(block.key)
        found = with_drafts(version).content.blocks.get(block.key) if drafts else live
        variant = to_look_at(found, live if drafts else None) if found else None
        assumed = fitting(variant, now=now, language=settings.LANGUAGE_CODE) if variant else NOBODY
        back = reverse("admin:attune_content_block_change", args=[block.pk]) + ("?draft" if drafts else "")
        preview = Preview(assumed, now + OWN, str(request.user.pk), drafts=drafts, back=back)
        url = in_language(self._page(request, page_seen_on(block.key)), assumed.language)
        return HttpResponseRedirect(preview.address(url))

    def side_by_side_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show all variants of a block on their page, as on a phone and on a computer."""
        block = get_object_or_404(Block, pk=pk)
        if not self.has_view_permission(request, block):
            raise PermissionDenied
        form = DraftsForm(request.GET if "url" in request.GET else None, host=request.get_host(), label_suffix="")
        url = self._page(request, page_seen_on(block.key))
        if form.is_bound and form.is_valid():
            url = request.session[_LAST_PAGE] = form.cleaned_data["url"]
        form.fields["url"].initial = url
        drafts = WITH_DRAFTS in request.GET and WITH_DRAFTS in form.fields
        if drafts:
            form.fields[WITH_DRAFTS].initial = True
        version = configuration_version()
        content = published(version)  # first, so that no process ever takes a draft for it
        found = (with_drafts(version).content if drafts else content).blocks.get(block.key)
        shown = [(one.uuid, one.name, one.languages) for one in found.variants] if found else []
        shown.append((DEFAULT, _("Everyone else sees"), frozenset()))
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "list_url": reverse("admin:attune_content_block_changelist"),
            "block_url": reverse("admin:attune_content_block_change", args=[block.pk]),
            "form": form,
            "media": self.media,
        }
        columns = [
            (name, address_of(request, {block.key: variant}, url, languages, drafts=drafts))
            for variant, name, languages in shown
        ]
        return side_by_side(request, str(block), columns, context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of a block, with the ways to look at it."""
        links: dict[str, Any] = {"preview_as_url": reverse("admin:attune_content_block_preview_as")}
        if object_id.isdecimal():
            beside = reverse("admin:attune_content_block_side_by_side", args=[object_id])
            links["side_by_side_url"] = f"{beside}?{WITH_DRAFTS}" if DRAFT in request.GET else beside
        return super().change_view(request, object_id, form_url, {**links, **(extra_context or {})})

    def _page(self, request: HttpRequest, seen_on: str = "") -> str:
        """The page that was asked for, else the one on which visitors see the block, else the last one."""
        asked = request.GET.get("url", "") or seen_on or str(request.session.get(_LAST_PAGE, "/"))
        try:
            return page_of(asked, request.get_host())
        except ValidationError:
            return with_token("/", "")
