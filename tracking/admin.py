"""The admin of measuring: what we measure, who came, what was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import BooleanField, Model, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consent.purposes import PURPOSES
from tracking.access import IDENTIFY, has_stated_reason, last_reason, named, shortened, state_reason
from tracking.admin_lists import under_its_name
from tracking.admin_panels import names_in, registered_panels
from tracking.event_types import BUILTIN, registered
from tracking.forms import KIND_NAMES, EventTypeForm, ReasonForm
from tracking.goal_admin import GoalAdmin
from tracking.importing.admin import ImportAdmin
from tracking.importing.report import shift_in_words
from tracking.models import EventType, Goal, Import, RefusedEvents, StoredEvent, Visitor, VisitorAccess
from tracking.pseudonyms import is_identifying, without_addresses
from tracking.refusals import REASONS

EVENTS_PER_PAGE = 50


def purposes_text(mask: int) -> str:
    """Return the purposes in `mask` for people to read."""
    return ", ".join(str(purpose.title) for purpose in PURPOSES if mask & purpose.bit) or "–"


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list that is filled by visitors, not by editors."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, under_its_name(self, extra_context))

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
                "properties": [(name, KIND_NAMES[one]) for name, one in kind.properties.items()],
            }
            for kind in BUILTIN.values()
            if kind.name not in overridden
        ]
        return super().changelist_view(request, under_its_name(self, {"built_in": built_in, **(extra_context or {})}))


class VisitorList(ChangeList):
    """The list of visitors, whose links say no more of an id than its columns."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Nothing refers to visitors by their rows, so nobody picks one from a list; its links would hold whole ids.
        self.is_popup = False

    def url_for_result(self, result: Model) -> str:
        name = _shown_id(result) if isinstance(result, Visitor) else result.pk
        where = self.model_admin.admin_site.name
        return reverse("admin:attune_tracking_visitor_change", args=(name,), current_app=where)


@admin.register(Visitor)
class VisitorAdmin(ReadOnlyAdmin):
    """Who came, for those who may see persons. A visitor's page shows what they did, newest first.

    Whoever may not identify visitors knows them by shortened ids and states a reason before looking at one.
    """

    list_display = ("shown_id", "agreed_to", "first_seen", "imported_from")
    list_filter = ("imported_from", "first_seen")
    actions = None  # the box to tick would hold the whole id
    search_fields = ("=id",)
    search_help_text = _("The letters and digits by which a visitor is listed.")
    show_full_result_count = False
    list_select_related = ("imported_from",)
    change_form_template = "admin/attune_tracking/visitor/visitor.html"

    class Media:
        css = {"all": ("tracking/admin.css",)}  # how Django's media are declared

    @admin.display(description=_("Visitor"), ordering="pk")
    def shown_id(self, visitor: Visitor) -> str:
        return _shown_id(visitor)

    @admin.display(description=_("Events serve"), ordering="purposes")
    def agreed_to(self, visitor: Visitor) -> str:
        return purposes_text(visitor.purposes)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Where nothing was imported, nobody is said to be."""
        if Import.objects.exists():
            return self.list_display
        return tuple(name for name in self.list_display if name != "imported_from")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return VisitorList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Visitor]:
        """Each row says whether its whole id may be shown to whoever asks."""
        identified = Value(request.user.has_perm(IDENTIFY), output_field=BooleanField())
        visitors: QuerySet[Visitor] = super().get_queryset(request).annotate(is_identified=identified)
        return visitors

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Visitor | None:
        """The visitor of a whole or shortened id."""
        found = list(named(self.get_queryset(request), object_id)[:2])
        return found[0] if len(found) == 1 else None

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """No narrowing down of ids by addresses: the search finds them."""
        return lookup.split("__")[0] not in {"id", "pk"} and super().lookup_allowed(lookup, value, request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Visitor], search_term: str
    ) -> tuple[QuerySet[Visitor], bool]:
        return (named(queryset, search_term) if search_term.strip() else queryset), False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's page names the visitor in full; nobody changes visitors anyway."""
        if not request.user.has_perm(IDENTIFY):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the visitor's page, or first ask for the reason."""
        visitor = self.get_object(request, object_id or "")
        if object_id is None or not self.has_view_permission(request, visitor):
            raise PermissionDenied
        if visitor is None:
            return self._nobody(request)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Visitor"),
            "subtitle": _shown_id(visitor),
            "opts": self.opts,
            "shown_id": _shown_id(visitor),
            **(extra_context or {}),
        }
        now = timezone.now()
        who = request.user.get_username()
        if request.user.has_perm(IDENTIFY) or has_stated_reason(visitor.pk, who=who, now=now):
            return self._visitor_page(request, visitor, context)
        form = (
            ReasonForm(request.POST)
            if request.method == "POST"
            else ReasonForm(initial={"reason": last_reason(who=who, now=now)})
        )
        if form.is_bound and form.is_valid():
            if not state_reason(visitor.pk, who=who, reason=form.cleaned_data["reason"], now=now):
                return self._nobody(request)
            return redirect(request.get_full_path())
        return TemplateResponse(request, "admin/attune_tracking/visitor/reason.html", {**context, "form": form})

    def _nobody(self, request: HttpRequest) -> HttpResponse:
        self.message_user(request, gettext("There is no such visitor (any more)."), messages.WARNING)
        return redirect("admin:attune_tracking_visitor_changelist")

    def _visitor_page(self, request: HttpRequest, visitor: Visitor, context: dict[str, Any]) -> HttpResponse:
        """The panels of the rooms above, and the timeline in pages."""
        labels = {kind.name: kind.label for kind in registered().values()}
        events = StoredEvent.objects.filter(visitor_id=visitor.pk).order_by("-occurred_at", "-id")
        page = Paginator(events, EVENTS_PER_PAGE).get_page(request.GET.get("p"))
        person = _is_identified(visitor)
        shown: Callable[[str], str] = str if person else without_addresses
        names = names_in(event.properties for event in page)
        context |= {
            "visitor": visitor,
            "purposes": purposes_text(visitor.purposes),
            "shift": shift_in_words(visitor.imported_from.shift) if visitor.imported_from else "",
            "panels": [(panel.title, panel.render(visitor.pk, person=person)) for panel in registered_panels()],
            "page": page,
            "events": [
                {
                    "event": event,
                    "label": labels.get(event.name, event.name),
                    "properties": _properties(event, shown, names, person=person),
                    "page": shown(event.title or event.url),
                    "url": shown(event.url),
                    "purposes": purposes_text(event.purposes),
                }
                for event in page
            ],
        }
        return TemplateResponse(request, self.change_form_template, context)


def _is_identified(visitor: Visitor) -> bool:
    return bool(getattr(visitor, "is_identified", False))


def _shown_id(visitor: Visitor) -> str:
    return str(visitor.pk) if _is_identified(visitor) else shortened(visitor.pk)


def _properties(
    event: StoredEvent, shown: Callable[[str], str], names: Mapping[tuple[str, str], str], *, person: bool
) -> str:
    def said(name: str, value: object) -> str:
        if isinstance(value, list):
            return ", ".join(shown(str(one)) for one in value)
        return names.get((name, str(value))) or shown(str(value))

    return ", ".join(
        f"{name}: {said(name, value)}" for name, value in event.properties.items() if person or not is_identifying(name)
    )


@admin.register(VisitorAccess)
class VisitorAccessAdmin(ReadOnlyAdmin):
    """Which of the staff looked at which visitor, when and why: for privacy officers."""

    list_display = ("at", "who", "visitor_id", "reason")
    list_filter = ("at",)
    search_fields = ("who", "reason")


@admin.register(RefusedEvents)
class RefusedEventsAdmin(ReadOnlyAdmin):
    """How many events were refused, by day and reason."""

    list_display = ("day_text", "reason_text", "how_many")
    list_display_links = None
    list_filter = ("day",)

    @admin.display(description=_("Day"), ordering="day")
    def day_text(self, refused: RefusedEvents) -> str:
        return date_format(refused.day)

    @admin.display(description=_("Why"), ordering="reason")
    def reason_text(self, refused: RefusedEvents) -> SafeString:
        return format_html('<span title="{}">{}</span>', refused.reason, REASONS.get(refused.reason, refused.reason))

    @admin.display(description=_("How many"), ordering="count")
    def how_many(self, refused: RefusedEvents) -> str:
        return number_format(refused.count, force_grouping=True)


admin.site.register(Import, ImportAdmin)
admin.site.register(Goal, GoalAdmin)
