"""A page of the admin: into how many versions the cache keeps each personalized page, and how often that helps."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from personalization.content.conf import conf
from personalization.content.models import Block
from personalization.content.serving.learned import cached_pages

if TYPE_CHECKING:
    BlockModelAdmin = admin.ModelAdmin[Block]
else:  # Django's class takes no parameters when it runs
    BlockModelAdmin = admin.ModelAdmin


class CachedPagesAdmin(BlockModelAdmin):
    """The list of blocks, with the page about the page cache."""

    def get_urls(self) -> list[URLPattern]:
        """The page's address."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_cached_pages"
        view = self.admin_site.admin_view(self.cached_pages_view)
        return [path("cached-pages/", view, name=name), *super().get_urls()]

    def cached_pages_view(self, request: HttpRequest) -> HttpResponse:
        """Show each page that the cache knows of."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Pages in the cache"),
            "opts": self.opts,
            "pages": cached_pages(),
            "most": conf.PERSONALIZATION_MAX_PAGE_VERSIONS,
        }
        return TemplateResponse(request, "admin/attune_content/cached_pages.html", context)
