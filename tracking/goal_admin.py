"""The admin of goals: what a visit is hoped to lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tracking.admin_lists import under_its_name
from tracking.event_types import BUILTIN
from tracking.goal_forms import TESTS, GoalForm, rows_of
from tracking.goals import is_valid_where
from tracking.models import EventType, Goal

if TYPE_CHECKING:
    GoalModelAdmin = admin.ModelAdmin[Goal]
else:  # Django's class takes no parameters when it runs
    GoalModelAdmin = admin.ModelAdmin


class GoalAdmin(GoalModelAdmin):
    """Goals, in words."""

    form = GoalForm
    list_display = ("name", "what", "worth", "within", "enabled")
    search_fields = ("name", "event")
    readonly_fields = ("what",)
    change_list_template = "admin/attune_tracking/goal/change_list.html"
    fieldsets = (
        (None, {"fields": ("name", "event", "where")}),
        (_("What it is worth"), {"fields": (("value_property", "fixed_value"), "currency")}),
        (_("More"), {"classes": ("collapse",), "fields": ("within_days", "enabled")}),
    )

    class Media:
        css = {"all": ("tracking/admin.css",)}  # how Django's media are declared

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, under_its_name(self, extra_context))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Goal]:
        """Each row brings along how the site calls its event."""
        called = EventType.objects.filter(name=OuterRef("event")).values("label")[:1]
        goals: QuerySet[Goal] = super().get_queryset(request).annotate(called=Subquery(called))
        return goals

    def get_fieldsets(self, request: HttpRequest, obj: Goal | None = None) -> Any:
        """Whoever may only look reads the event as a sentence."""
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj) if obj else self.has_add_permission(request):
            return fieldsets
        return [(None, {"fields": ("name", "what")}), *fieldsets[1:]]

    @admin.display(description=_("What happens"))
    def what(self, goal: Goal) -> str:
        """The event and its conditions as a sentence."""
        built_in = BUILTIN.get(goal.event)
        label = getattr(goal, "called", None) or str(built_in.label if built_in else goal.event)
        if not is_valid_where(goal.where):
            return gettext("%(event)s, with conditions that cannot be read: it is not counted") % {"event": label}
        asked = [
            " ".join(filter(None, (name, str(TESTS[test]), f"“{value}”" if value else "")))
            for name, test, value in rows_of(goal.where)
        ]
        return f"{label} ({', '.join(asked)})" if asked else label

    @admin.display(description=_("Worth"))
    def worth(self, goal: Goal) -> str:
        """How much, or what of the event says it."""
        if goal.fixed_value is not None:
            return f"{number_format(goal.fixed_value)} {goal.currency}".strip()
        return f"{goal.value_property} {goal.currency}".strip() or "–"

    @admin.display(description=_("Within"), ordering="within_days")
    def within(self, goal: Goal) -> str:
        """How soon after something was seen."""
        return gettext("%(days)s days") % {"days": goal.within_days}
