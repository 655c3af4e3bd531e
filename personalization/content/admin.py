"""Where editors decide what visitors see: blocks, campaigns, groups of blocks, and calls to action."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from personalization.content.admin_blocks import COUNTED
from personalization.content.admin_blocks import BlockAdmin as BlockAdmin  # registers itself
from personalization.content.admin_codes import CodeStockAdmin as CodeStockAdmin  # likewise
from personalization.content.admin_groups import BlockGroupAdmin as BlockGroupAdmin  # likewise
from personalization.content.admin_overall import OverallLimitAdmin as OverallLimitAdmin  # likewise
from personalization.content.admin_pausing import PausableAdmin
from personalization.content.admin_pictures import PictureAdmin as PictureAdmin  # likewise
from personalization.content.admin_revisions import HistoryForm, RevisionsAdmin
from personalization.content.admin_words import times_in_words
from personalization.content.belongings import belongings_of, prefetches
from personalization.content.forms import (
    CampaignForm,
    OverrideForm,
    OverrideFormSet,
    time_zones,
)
from personalization.content.languages import site_languages
from personalization.content.models import (
    CallToAction,
    CallToActionOverride,
    Campaign,
)
from personalization.content.revisions import never_began
from personalization.content.targets import suggestions
from personalization.segments.admin import RulesAdmin

if TYPE_CHECKING:
    OverrideTabularInline = admin.TabularInline[CallToActionOverride, CallToAction]
else:  # Django's classes take no parameters when they run
    OverrideTabularInline = admin.TabularInline


class CampaignHistoryForm(HistoryForm, CampaignForm):
    """A campaign's own fields, and what was the last revision when the page was opened."""


@admin.register(Campaign)
class CampaignAdmin(PausableAdmin, RulesAdmin, RevisionsAdmin):
    """What starts, ends and is paused together."""

    form = CampaignHistoryForm
    about_drafts = _("A new campaign waits paused until its draft is published. Pausing and resuming count at once.")
    change_form_template = "admin/attune_content/campaign/change_form.html"
    list_display = ("name", "live", "times_in_words", "belongs")
    list_filter = ("status",)
    search_fields = ("name",)
    readonly_fields = ("times_in_words", "belongs")
    fieldsets = (
        (None, {"fields": (("name", "status"), "team_only", "belongs")}),
        (_("When"), {"fields": (("starts_at", "ends_at"), "times_in_words")}),
        (
            _("More: days, hours, time zone"),
            {"classes": ("collapse",), "fields": ("weekdays", ("hours_from", "hours_until"), "time_zone")},
        ),
        (
            _("More: how often at most, all that belongs to it together"),
            {"classes": ("collapse",), "description": COUNTED, "fields": (("cap_times", "cap_within"),)},
        ),
    )

    class Media:
        css = {"all": ("personalization/content/block.css",)}  # how Django's media are declared

    def _turn_over(self, request: HttpRequest, paused: Any, *, to_live: bool) -> None:
        """One that was never published has no bounds yet: it begins when its draft is published."""
        if to_live and never_began(paused) is not None:
            text = _now("“%(name)s” waits as a draft. It begins when that is published.")
            self.message_user(request, text % {"name": paused}, messages.ERROR)
            return
        super()._turn_over(request, paused, to_live=to_live)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        """Bring along what belongs to each."""
        return super().get_queryset(request).prefetch_related("blocks", "variants__block", *prefetches())

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Offer the names of time zones."""
        context["time_zones"] = time_zones()
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("By these times"))
    def times_in_words(self, campaign: Campaign) -> str:
        """What the stored schedule says at this moment, and what it says next."""
        return times_in_words(campaign)

    @admin.display(description=_("What belongs to it"))
    def belongs(self, campaign: Campaign) -> SafeString | str:
        """Its blocks, and its variants in other blocks, with where they are edited."""
        found = [(block, str(block)) for block in campaign.blocks.all()] if campaign.pk else []
        if campaign.pk:
            found += [(one.block, f"{one.block}: {one}") for one in campaign.variants.all()]
        page = "admin:attune_content_block_change"
        lines = [(reverse(page, args=[block.pk]), name) for block, name in found]
        lines += [(one.url, one.label) for one in belongings_of(campaign)] if campaign.pk else []
        if not lines:
            return _now("Nothing yet: choose it on the pages of blocks.")
        return format_html(
            '<ul class="attune-shown">{}</ul>', format_html_join("", '<li><a href="{}">{}</a></li>', lines)
        )


class CallToActionOverrideInline(OverrideTabularInline):
    """What some visitors see instead."""

    model = CallToActionOverride
    form = OverrideForm
    formset = OverrideFormSet
    extra = 0

    def get_fields(self, request: HttpRequest, obj: CallToAction | None = None) -> tuple[str, ...]:
        """Ask for languages where there is a choice."""
        languages = ("languages",) if site_languages() else ()
        return ("order", "segment", "rule", *languages, "label", "url", "style")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        """Fields that fit into one line."""
        field = offer_targets(db_field, super().formfield_for_dbfield(db_field, request, **kwargs))
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

    list_display = ("name", "key", "label", "url", "updated_at")
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
        """Offer the targets that have names."""
        return offer_targets(db_field, super().formfield_for_dbfield(db_field, request, **kwargs))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Bring the targets that have names along."""
        context["targets"] = suggestions()
        return super().render_change_form(request, context, *args, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: CallToAction | None = None) -> tuple[str, ...]:
        """The name in templates stays as it is once templates say it."""
        return (*super().get_readonly_fields(request, obj), "key") if obj else ()


def offer_targets(db_field: Any, field: forms.Field | None) -> forms.Field | None:
    """Let what takes a link offer the targets that have names."""
    if field is not None and db_field.name == "url":
        field.widget.attrs |= {"list": "attune-targets", "autocomplete": "off"}
    return field
