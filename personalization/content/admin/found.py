"""A page of the admin: names that templates use and nobody configured, each with the button that makes its block."""

from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from personalization.content.advising.words import new_variant_url
from personalization.content.finding.found import Found, Missing, found, make_block
from personalization.content.finding.template_names import BLOCK, Stays
from personalization.content.models import Block

if TYPE_CHECKING:
    BlockModelAdmin = admin.ModelAdmin[Block]
else:  # Django's class takes no parameters when it runs
    BlockModelAdmin = admin.ModelAdmin

_STAYS: Final[dict[Stays, str | Promise]] = {
    Stays.TAGS: _("What the template says: it is made while the page is made, so it stays there."),
    Stays.MARKUP: _("What the template says: it holds more than text, so it stays there."),
    Stays.DIFFERS: _("What each template says: it is not the same everywhere, so it stays there."),
}
_WORDS: Final = 25
_MISSING: Final = "_attune_missing"


class FoundAdmin(BlockModelAdmin):
    """The list of blocks, with the page about those that are missing."""

    def get_urls(self) -> list[URLPattern]:
        """The page's address."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_found"
        return [path("found/", self.admin_site.admin_view(self.found_view), name=name), *super().get_urls()]

    def found_view(self, request: HttpRequest) -> HttpResponse:
        """List what was found; or make the block that the button names."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        result = found()
        if request.method == "POST":
            return self._make(request, result)
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _now("Found in your templates"),
            "opts": self.opts,
            "media": self.media,
            "lines": lines(request, result),
            "unused": [(one, _page_of(one.kind, one.pk)) for one in result.unused],
            "by_variable": result.by_variable,
        }
        return TemplateResponse(request, "admin/attune_content/found.html", context)

    def _make(self, request: HttpRequest, result: Found) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        key = request.POST.get("key", "")
        if block := Block.objects.filter(key=key).first():
            return HttpResponseRedirect(_page_of(BLOCK, block.pk))  # somebody was faster, or pressed twice
        wanted = [one for one in result.missing if one.named.kind == BLOCK and one.named.key == key]
        if not wanted:  # the templates have changed meanwhile
            return HttpResponseRedirect(reverse("admin:attune_content_block_found"))
        block, is_new = make_block(wanted[0])
        if is_new:
            self.log_addition(request, block, _now("Found in templates."))
        said = _now(
            "“%(name)s” is there. Visitors still see what they saw: add a variant for those who should see more."
        )
        self.message_user(request, said % {"name": block}, messages.SUCCESS)
        return HttpResponseRedirect(new_variant_url(block.pk, 0))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Say which names templates use, where one is asked for: under any other the block is seen nowhere."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "key":
            if not hasattr(request, _MISSING):  # Django asks for the form several times a page
                setattr(request, _MISSING, [one.named.key for one in found().missing if one.named.kind == BLOCK])
            if names := ", ".join(getattr(request, _MISSING)):
                told = _now("Your templates name these, and they are not made yet: %(names)s.") % {"names": names}
                field.help_text = f"{field.help_text} {told}"
        return field


def lines(request: HttpRequest, result: Found) -> list[dict[str, Any]]:
    """What is missing, as a page shows it to this person."""
    may_add = {kind: request.user.has_perm(f"attune_content.add_{model}") for kind, model in _MODELS.items()}
    return [
        {
            "key": one.named.key,
            "name": one.suggested_name,
            "is_block": one.named.kind == BLOCK,
            "kind": _now("Block") if one.named.kind == BLOCK else _now("Call to action"),
            "places": one.named.places,
            "page": one.page,
            "default": _default_of(one),
            "may_add": may_add[one.named.kind],
            "add_url": _add_url(one),
        }
        for one in result.missing
    ]


_MODELS: Final = {BLOCK: "block", "cta": "calltoaction"}


def _default_of(missing: Missing) -> str:
    if missing.named.kind != BLOCK:
        return _now("Nothing, until you say what.")
    if missing.named.stays:
        return str(_STAYS[missing.named.stays])
    text = " ".join(strip_tags(missing.named.default.replace("<", " <")).split())
    return Truncator(text).words(_WORDS) or _now("Nothing.")


def _add_url(missing: Missing) -> str:
    page = reverse(f"admin:attune_content_{_MODELS[missing.named.kind]}_add")
    return f"{page}?{urlencode({'key': missing.named.key, 'name': missing.suggested_name})}"


def _page_of(kind: str, pk: int) -> str:
    return reverse(f"admin:attune_content_{_MODELS[kind]}_change", args=[pk])
