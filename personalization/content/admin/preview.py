"""The body of one variant as its page would show it, beside its form: what is typed, before anything is saved."""

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from personalization.content.admin.forms import VariantForm
from personalization.content.bodies.kinds import NothingToShow
from personalization.content.bodies.samples import try_out
from personalization.content.models import Block, Variant
from personalization.content.published import compile_variant
from personalization.content.serving.rendering import EmptyVariant, render_variant_body

if TYPE_CHECKING:
    BlockModelAdmin = admin.ModelAdmin[Block]
else:  # Django's class takes no parameters when it runs
    BlockModelAdmin = admin.ModelAdmin

logger = logging.getLogger("personalization.content")

# No script runs in it, so nothing of it is tracked, and only pages of the same site may frame it.
_POLICY: Final = (
    "default-src 'none'; style-src 'self' https:; img-src 'self' https: data:; font-src 'self' https: data:;"
    " media-src 'self' https:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


class PreviewAdmin(BlockModelAdmin):
    """The page of a block, whose variants are previewed while they are edited."""

    def get_urls(self) -> list[URLPattern]:
        """The preview's address."""
        view = self.admin_site.admin_view(self.preview_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_preview"
        return [path("<int:pk>/preview/", view, name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say where the preview is."""
        block = context.get("original")
        if isinstance(block, Block):
            context["preview_url"] = _preview_url(block.pk)
        return super().render_change_form(request, context, *args, **kwargs)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A variant as it is stored (its id as ``variant``; without: the default), or as typed. Stores nothing."""
        block = self.get_object(request, str(pk))
        if not self.has_view_permission(request, block):
            raise PermissionDenied
        if block is None:
            raise Http404
        return as_preview(request, _body(request, _variant(request, block)))


def as_preview(request: HttpRequest, body: SafeString | str) -> TemplateResponse:
    """The body of one variant as a page of its own, for a frame."""
    response = TemplateResponse(request, "personalization/preview.html", {"body": body})
    response["Content-Security-Policy"] = _POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def preview_of(variant: Variant) -> SafeString | str:
    """The place of a variant's preview on the page; without the script a link to what is stored."""
    if not variant.pk:
        return SafeString('<div class="attune-preview"></div>')
    return format_html(
        '<div class="attune-preview"><a href="{}?variant={}">{}</a></div>',
        _preview_url(variant.block_id),
        variant.uuid,
        _("Show what is saved"),
    )


def _variant(request: HttpRequest, block: Block) -> Variant:
    if request.method != "POST":
        wanted = request.GET.get("variant", "")
        if not wanted:  # what everyone else sees
            return Variant(block=block, body=block.default)
        stored = next((one for one in block.variants.all() if str(one.uuid) == wanted), None)
        if stored is None:
            raise Http404
        return stored
    prefix = request.POST.get("prefix", "")
    stored = block.variants.filter(pk=_number(request.POST.get(f"{prefix}-id", ""))).first()
    # Of what is typed, what is valid counts; the form itself tells of the rest when it is saved.
    form = VariantForm(request.POST, prefix=prefix, instance=stored or Variant(block=block))
    form.is_valid()
    return form.instance


def _body(request: HttpRequest, variant: Variant) -> SafeString | str:
    variant.audience_kind = Variant.Audience.EVERYBODY  # who sees it does not matter here
    try_out(request)
    render_template: Callable[[str], str] = partial(render_to_string, request=request)
    return in_words_if_nothing(
        lambda: SafeString(render_variant_body(request, compile_variant(variant), render_template)), variant.name
    )


def in_words_if_nothing(render: Callable[[], SafeString], name: str) -> SafeString | str:
    """What a variant shows, or why that is nothing."""
    try:
        return render()
    except NothingToShow:
        return _("There is nothing in it for you at the moment: visitors with nothing in it see what comes next.")
    except EmptyVariant:
        return _("There is nothing to show yet.")
    except Exception as error:
        logger.info("The preview of the variant %r failed.", name, exc_info=True)
        return _("This cannot be shown: %(error)s.") % {"error": type(error).__name__}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _preview_url(pk: int) -> str:
    return reverse("admin:attune_content_block_preview", args=[pk])
