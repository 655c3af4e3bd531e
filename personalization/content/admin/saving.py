"""What a save of a block or campaign says: whether visitors see it, with the ways to look at it and to pause it."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from personalization.content.admin.pausing import FROM_START, LIVE, PAUSED, PausableAdmin, button_beside
from personalization.content.admin.revisions import is_held
from personalization.content.advising.words import NEW_VARIANT
from personalization.content.models import Block


class SavedAdmin(PausableAdmin):
    """Pages whose saves say what follows, and lead back to where the editor came from."""

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Say it, and go back."""
        if not _is_usual(request):
            return super().response_change(request, obj)
        self._tell_saved(request, obj)
        return self._back(request, obj) or self.response_post_save_change(request, obj)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        """The same of what is new."""
        if not _is_usual(request):
            return super().response_add(request, obj, post_url_continue)
        self._tell_saved(request, obj)
        return self._back(request, obj) or self.response_post_save_add(request, obj)

    def _back(self, request: HttpRequest, saved: Any) -> HttpResponse | None:
        if "_continue" in request.POST:
            page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[saved.pk])
            return HttpResponseRedirect(f"{page}?{FROM_START}" if FROM_START in request.GET else page)
        if FROM_START in request.GET or NEW_VARIANT in request.GET:
            return HttpResponseRedirect(reverse("admin:attune_content_start"))
        return None

    def _tell_saved(self, request: HttpRequest, saved: Any) -> None:
        saved = self.get_queryset(request).get(pk=saved.pk)  # with what says whether it is shown
        is_live = saved.status == LIVE
        query = f"?{FROM_START}" if FROM_START in request.GET or NEW_VARIANT in request.GET else ""
        button = button_beside(
            f"{self._pause_url(saved)}{query}",
            to=PAUSED if is_live else LIVE,
            label=_("Pause") if is_live else _("Resume"),
        )
        look = ""
        if isinstance(saved, Block):
            url = reverse("admin:attune_content_block_side_by_side", args=[saved.pk])
            look = format_html('<a href="{}">{}</a>', url, _("Look at it"))
        self.message_user(request, format_html("{} {} {}", self._said(saved), look, button), messages.SUCCESS)

    def _said(self, saved: Any) -> str:
        if saved.status != LIVE:
            said = _("“%(name)s” is saved. It is paused: visitors see nothing of it.")
        elif getattr(saved, "all_paused", False):
            said = _("“%(name)s” is saved. Everything is paused: visitors see nothing of it.")
        elif why := self.kept_back(saved):
            return _("“%(name)s” is published.") % {"name": saved} + f" {why}"
        else:
            said = _("“%(name)s” is published: visitors see it from now on.")
        return said % {"name": saved}


def _is_usual(request: HttpRequest) -> bool:
    """Neither taken back as a draft, nor in a window of its own, nor with another page to follow."""
    leads_on = {IS_POPUP_VAR, "_addanother", "_saveasnew"} & set(request.POST)
    return not is_held(request) and not leads_on
