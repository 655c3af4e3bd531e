"""The admin of measuring: what we measure, who came, what was refused."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.purposes import PURPOSES
from tracking.admin_panels import registered_panels
from tracking.event_types import BUILTIN, registered
from tracking.forms import KIND_NAMES, EventTypeForm
from tracking.importing.admin import ImportAdmin
from tracking.importing.report import shift_in_words
from tracking.models import EventType, Import, RefusedEvents, StoredEvent, Visitor
from tracking.refusals import REASONS

EVENTS_PER_PAGE = 50


def purposes_text(mask: int) -> str:
    """Return the purposes in `mask` for people to read."""
    return ", ".join(str(purpose.title) for purpose in PURPOSES if mask & purpose.bit) or "–"


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list that is filled by visitors, not by editors."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(EventType)
class EventTypeAdmin(admin.ModelAdmin):
    """New events, and built-in ones described anew or switched off. The built-in ones stand beneath the list."""

    form = EventTypeForm
    list_display = ("label", "name", "serves", "enabled", "updated_at")
    list_display_links = ("label", "name")
    search_fields = ("name", "label")
    change_list_template = "admin/attune_tracking/eventtype/change_list.html"
    fieldsets = (
        (None, {"fields": ("name", "label", "purposes", "properties", "enabled")}),
        (_("More"), {"classes": ("collapse",), "fields": ("by_visitor",)}),
    )

    @admin.display(description=_("Serves"), ordering="purposes")
    def serves(self, kind: EventType) -> str:
        return purposes_text(kind.purposes)

    def get_readonly_fields(self, request: HttpRequest, obj: EventType | None = None) -> tuple[str, ...]:
        return ("name",) if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A built-in event to be described anew starts from what it is."""
        initial: dict[str, Any] = dict(super().get_changeform_initial_data(request))
        kind = BUILTIN.get(str(initial.get("name", "")))
        if kind is not None:
            initial |= {
                "label": kind.label,
                "purposes": kind.purpose_mask,
                "properties": dict(kind.properties),
                "by_visitor": kind.by_visitor,
            }
        return initial

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        overridden = set(EventType.objects.values_list("name", flat=True))
        built_in = [
            {
                "name": kind.name,
                "label": kind.label,
                "serves": purposes_text(kind.purpose_mask),
                "properties": ", ".join(f"{name} ({KIND_NAMES[one]})" for name, one in kind.properties.items()),
            }
            for kind in BUILTIN.values()
            if kind.name not in overridden
        ]
        return super().changelist_view(request, {"built_in": built_in, **(extra_context or {})})


@admin.register(Visitor)
class VisitorAdmin(ReadOnlyAdmin):
    """Who came, for those who may see persons. A visitor's page shows what they did, newest first."""

    list_display = ("id", "agreed_to", "first_seen", "imported_from")
    list_filter = ("imported_from", "first_seen")
    search_fields = ("=id",)
    search_help_text = _("The whole text of letters and digits by which a visitor is listed.")
    show_full_result_count = False
    list_select_related = ("imported_from",)
    change_form_template = "admin/attune_tracking/visitor/visitor.html"

    @admin.display(description=_("Events serve"), ordering="purposes")
    def agreed_to(self, visitor: Visitor) -> str:
        return purposes_text(visitor.purposes)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Visitor], search_term: str
    ) -> tuple[QuerySet[Visitor], bool]:
        if not search_term.strip():
            return queryset, False
        try:
            return queryset.filter(pk=UUID(search_term.strip())), False
        except ValueError:
            return queryset.none(), False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the visitor's page: the panels of the rooms above, and the timeline in pages."""
        visitor = self.get_object(request, object_id or "")
        if object_id is None or not self.has_view_permission(request, visitor):
            raise PermissionDenied
        if visitor is None:
            self.message_user(request, gettext("There is no such visitor (any more)."), messages.WARNING)
            return redirect("admin:attune_tracking_visitor_changelist")
        labels = {kind.name: kind.label for kind in registered().values()}
        events = StoredEvent.objects.filter(visitor_id=visitor.pk).order_by("-occurred_at", "-id")
        page = Paginator(events, EVENTS_PER_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Visitor"),
            "subtitle": str(visitor),
            "opts": self.opts,
            "original": visitor,
            "visitor": visitor,
            "purposes": purposes_text(visitor.purposes),
            "shift": shift_in_words(visitor.imported_from.shift) if visitor.imported_from else "",
            "panels": [(panel.title, panel.render(visitor.pk)) for panel in registered_panels()],
            "page": page,
            "events": [
                {
                    "event": event,
                    "label": labels.get(event.name, event.name),
                    "properties": _properties(event),
                    "purposes": purposes_text(event.purposes),
                }
                for event in page
            ],
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.change_form_template, context)


def _properties(event: StoredEvent) -> str:
    return ", ".join(
        f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in event.properties.items()
    )


@admin.register(RefusedEvents)
class RefusedEventsAdmin(ReadOnlyAdmin):
    """How many events were refused, by day and reason."""

    list_display = ("day_text", "reason_text", "count")
    list_display_links = None
    list_filter = ("day",)

    @admin.display(description=_("Day"), ordering="day")
    def day_text(self, refused: RefusedEvents) -> str:
        return date_format(refused.day)

    @admin.display(description=_("Why"), ordering="reason")
    def reason_text(self, refused: RefusedEvents) -> SafeString:
        return format_html('<span title="{}">{}</span>', refused.reason, REASONS.get(refused.reason, refused.reason))


admin.site.register(Import, ImportAdmin)
