"""The admin of groups: blocks of templates and of pages of which only one shows something, in their order."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from personalization.content.admin.forms import PlaceFormSet
from personalization.content.admin.revisions import RevisionsAdmin
from personalization.content.grouping import Member, members_of, prefetches
from personalization.content.models import BlockGroup, BlockGroupPlace
from tracking.admin_lists import under_its_name

if TYPE_CHECKING:
    PlaceTabularInline = admin.TabularInline[BlockGroupPlace, BlockGroup]
else:  # Django's classes take no parameters when they run
    PlaceTabularInline = admin.TabularInline


class BlockGroupPlaceInline(PlaceTabularInline):
    """The blocks of the admin that are in a group, each with its number."""

    model = BlockGroupPlace
    formset = PlaceFormSet
    verbose_name = _("block in templates")
    verbose_name_plural = _("blocks in templates")
    extra = 0
    fields = ("order", "block")

    def get_extra(self, request: HttpRequest, obj: BlockGroup | None = None, **kwargs: Any) -> int:
        """Two lines to begin with; a group of blocks of pages alone leaves them empty."""
        return 2 if obj is None else 0

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        """Without the buttons that would lead away."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


@admin.register(BlockGroup)
class BlockGroupAdmin(RevisionsAdmin):
    """Blocks of which only one shows something."""

    list_display = ("name", "blocks_in_order")
    search_fields = ("name",)
    inlines = (BlockGroupPlaceInline,)
    fieldsets = (
        (
            None,
            {
                "fields": ("name", "members"),
                "description": _(
                    "Of the blocks of a group on a page, only the first shows something that has a variant for the "
                    "visitor. Choose blocks in templates below; a block of a page says in its own form which group it "
                    "is in."
                ),
            },
        ),
    )
    readonly_fields = ("members",)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list by its name."""
        return super().changelist_view(request, under_its_name(self, extra_context))

    def get_queryset(self, request: HttpRequest) -> QuerySet[BlockGroup]:
        """Bring the blocks along for the list."""
        return super().get_queryset(request).prefetch_related(*prefetches())

    @admin.display(description=_("Only the first of these that has a variant for the visitor shows it"))
    def blocks_in_order(self, group: BlockGroup) -> str:
        """The names of its blocks."""
        return ", ".join(_named(member) for member in members_of(group)) or "–"

    @admin.display(description=_("Its blocks in order"))
    def members(self, group: BlockGroup) -> SafeString | str:
        """All its blocks in their order, with their numbers, and where each is edited."""
        found = members_of(group, _url_of) if group.pk else []
        lines = format_html_join("", "<li>{} · {}{}</li>", ((_number(one), _link(one), _more(one)) for one in found))
        return format_html('<ul class="attune-shown">{}</ul>', lines) if found else _now("None yet.")


def _number(member: Member) -> str:
    return "–" if member.order is None else str(member.order)


def _named(member: Member) -> str:
    return f"{member.name} ({member.where})" if member.where else member.name


def _link(member: Member) -> SafeString | str:
    return format_html('<a href="{}">{}</a>', member.url, member.name) if member.url else member.name


def _more(member: Member) -> str:
    where = _now("on the page “%(page)s”") % {"page": member.where} if member.where else ""
    draft = _now("in a draft: not published yet") if member.is_draft else ""
    return "".join(f" · {text}" for text in (where, draft) if text)


def _url_of(block: Any) -> str:
    return reverse("admin:attune_content_block_change", args=[block.pk])
