"""The page of a call to action, with what some visitors see instead."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from personalization.content.admin.forms import OverrideForm, OverrideFormSet
from personalization.content.admin.revisions import RevisionsAdmin
from personalization.content.admin.targets import TargetField, links_in_words
from personalization.content.languages import site_languages
from personalization.content.models import CallToAction, CallToActionOverride
from personalization.content.targets import suggestions
from personalization.segments.admin import RulesAdmin

if TYPE_CHECKING:
    OverrideTabularInline = admin.TabularInline[CallToActionOverride, CallToAction]
else:  # Django's classes take no parameters when they run
    OverrideTabularInline = admin.TabularInline


class CallToActionOverrideInline(OverrideTabularInline):
    """What some visitors see instead."""

    model = CallToActionOverride
    form = OverrideForm
    formset = OverrideFormSet
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[CallToActionOverride]:
        """Each line is called by its segment."""
        return super().get_queryset(request).select_related("segment")

    def get_fields(self, request: HttpRequest, obj: CallToAction | None = None) -> tuple[str, ...]:
        """Ask for languages where there is a choice."""
        languages = ("languages",) if site_languages() else ()
        return ("order", "segment", "rule", *languages, "label", "url", "style")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        """Fields that fit into one line."""
        field = super().formfield_for_dbfield(db_field, request, **_of_links(db_field, kwargs))
        if field is not None and db_field.name in ("label", "url"):
            field.widget.attrs |= {"size": 16, "class": "", "placeholder": _("as for everyone else")}
        if isinstance(field, forms.ModelChoiceField) and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = _now("everybody") if site_languages() else field.empty_label
        return field


@admin.register(CallToAction)
class CallToActionAdmin(RulesAdmin, RevisionsAdmin):
    """A call to action with what some see instead."""

    list_display = ("name", "key", "label", "url", "updated_at")  # the link in words: see get_list_display
    search_fields = ("name", "key", "label")
    inlines = (CallToActionOverrideInline,)
    change_form_template = "admin/attune_content/calltoaction/change_form.html"
    fieldsets = (
        (None, {"fields": ("name", "key")}),
        (_("Everyone else sees"), {"fields": ("label", "url", "style", "new_tab")}),
        (
            _("More: larger for those who know the site well"),
            {"classes": ("collapse",), "fields": (("simple_below", "prominent_from"),)},
        ),
        (
            _("More: where visitors came from, for the statistics of the site that it leads to"),
            {"classes": ("collapse",), "fields": (("utm_source", "utm_medium", "utm_campaign"),)},
        ),
    )

    class Media:
        css = {"all": ("personalization/content/cta.css",)}  # how Django's media are declared

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        """Offer the targets that have names, and say what a label may hold."""
        field = super().formfield_for_dbfield(db_field, request, **_of_links(db_field, kwargs))
        if field is not None and db_field.name == "label":
            field.help_text = _("May hold a personal field, such as %(example)s; no cache keeps its page then.") % {
                "example": '{{ visitor.first_name|default:"you" }}'
            }
        return field

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Say where each leads."""
        return [links_in_words() if column == "url" else column for column in super().get_list_display(request)]

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: CallToAction | None = None
    ) -> dict[str, Sequence[str]]:
        """Suggest a name in templates while it is new."""
        return {} if obj else {"key": ("name",)}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Bring the targets that have names along."""
        context["targets"] = suggestions()
        return super().render_change_form(request, context, *args, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: CallToAction | None = None) -> tuple[str, ...]:
        """The name in templates stays as it is once templates say it."""
        return (*super().get_readonly_fields(request, obj), "key") if obj else ()


def _of_links(db_field: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Let what takes a link offer the targets that have names."""
    return {**kwargs, "form_class": TargetField} if db_field.name == "url" else kwargs
