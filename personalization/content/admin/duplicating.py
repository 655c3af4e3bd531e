"""The button that makes a copy of a block."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from personalization.content.admin.revisions import DRAFT, RevisionsAdmin
from personalization.content.models import Block
from personalization.content.revising import revisions
from personalization.content.revising.publishing import may_publish
from personalization.segments.updating import applying_rules


class DuplicatingAdmin(RevisionsAdmin):
    """The page of a block with its history, its draft and its copy."""

    def get_urls(self) -> list[URLPattern]:
        """The button's address."""
        view = self.admin_site.admin_view(self.duplicate_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_duplicate"
        return [path("<int:pk>/duplicate/", view, name=name), *super().get_urls()]

    def duplicate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make a copy."""
        block: Any = self._asked(request, pk)
        if isinstance(block, HttpResponse):
            return block
        if not self.has_add_permission(request):
            raise PermissionDenied
        with applying_rules():
            copy: Block = revisions.duplicate(block, by=request.user.get_username(), may_publish=may_publish(request))
        self.log_addition(request, copy, _("Copied from “%(name)s”.") % {"name": block})
        text = _("This is the copy. It is paused; its name in templates is “%(key)s”.") % {"key": copy.key}
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(self._address(copy) + (f"?{DRAFT}" if revisions.open_draft(copy) else ""))
