"""The page of a block, with its variants in the order in which they are tried, and the list of blocks."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from js_asset import Media

from personalization.content.admin.advice import AdviceAdmin, advice_on
from personalization.content.admin.audiences import AudiencesAdmin
from personalization.content.admin.beginning import BeginningAdmin
from personalization.content.admin.caching import CachedPagesAdmin
from personalization.content.admin.choices import where_there_is_a_choice
from personalization.content.admin.duplicating import DuplicatingAdmin
from personalization.content.admin.forms import VariantForm, VariantFormSet
from personalization.content.admin.found import FoundAdmin
from personalization.content.admin.moments import time_zones
from personalization.content.admin.pausing import PausesEverythingAdmin
from personalization.content.admin.preview import PreviewAdmin, preview_of
from personalization.content.admin.previewing import PreviewingAdmin
from personalization.content.admin.results import ResultsAdmin
from personalization.content.admin.saving import SavedAdmin
from personalization.content.admin.start import StartAdmin
from personalization.content.admin.timeline import TimelineAdmin
from personalization.content.advising.findings import LINTED
from personalization.content.advising.places import place_of
from personalization.content.advising.words import NEW_VARIANT, times_in_words, who_sees
from personalization.content.bodies.registry import body_rows
from personalization.content.models import Block, Variant
from personalization.segments.admin import RulesAdmin, told

if TYPE_CHECKING:
    VariantStackedInline = admin.StackedInline[Variant, Block]
else:  # Django's class takes no parameters when it runs
    VariantStackedInline = admin.StackedInline


SHOWN_FIRST = 3
"""So many variants of a block stand in the list; the others are folded away beneath."""


COUNTED = _("Counted for visitors who agreed to personalization. Others cannot be counted, and do not see it.")


class VariantInline(VariantStackedInline):
    """The variants of a block, in the order in which they are tried."""

    model = Variant
    form = VariantForm
    formset = VariantFormSet
    template = "admin/attune_content/variants.html"
    extra = 0
    readonly_fields = ("advice", "preview", "rule_in_words", "times_in_words")
    fieldsets = (
        (None, {"fields": ("advice", "name")}),
        (None, {"fields": ("audience_kind", "segments", "rule", "rule_in_words", "languages", "sites", "team_only")}),
        (None, {"fields": ("body_kind", *body_rows(), "preview")}),
        (
            _("When, and in which order"),
            {"fields": (("starts_at", "ends_at"), "campaign", ("enabled", "order"), "score")},
        ),
        (
            _("More: days, hours, time zone"),
            {
                "fields": ("weekdays", ("hours_from", "hours_until"), "time_zone", "times_in_words"),
                "classes": ("collapse",),
            },
        ),
        (
            _("More: how often at most"),
            {
                "classes": ("collapse",),
                "description": COUNTED,
                "fields": (("cap_times", "cap_within"), ("rest_after", "rest_days"), "rest_goal", "tires_after"),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Variant]:
        """Bring along the segments that are ticked, and what says when it is shown."""
        variants = super().get_queryset(request).select_related("campaign", "block__campaign")
        return variants.prefetch_related("segments")

    def get_extra(self, request: HttpRequest, obj: Block | None = None, **kwargs: Any) -> int:
        """A new variant to be filled in, where a link leads to one."""
        return int(obj is not None and NEW_VARIANT in request.GET)

    def get_fieldsets(self, request: HttpRequest, obj: Block | None = None) -> Any:
        """Ask for what there is a choice of."""
        return where_there_is_a_choice(request, super().get_fieldsets(request, obj))

    @admin.display(description=_("Look at this"))
    def advice(self, variant: Variant) -> SafeString | str:
        """What is probably wrong with it; the style sheet hides the line where there is nothing."""
        return advice_on(variant)

    @admin.display(description=_("Preview"))
    def preview(self, variant: Variant) -> SafeString | str:
        """What visitors will see; the script shows what is typed."""
        return preview_of(variant)

    @admin.display(description=_("In words"))
    def rule_in_words(self, variant: Variant) -> str:
        """The stored rule as a sentence, and of whom it is asked."""
        return _now("There is no rule yet.") if variant.rule is None else " ".join(told(variant.rule).values())

    @admin.display(description=_("By these times"))
    def times_in_words(self, variant: Variant) -> str:
        """What the stored schedule says at this moment, and what it says next."""
        return times_in_words(variant, variant.campaigns_published)


@admin.register(Block)
class BlockAdmin(
    PreviewingAdmin,
    AdviceAdmin,
    StartAdmin,
    BeginningAdmin,
    AudiencesAdmin,
    FoundAdmin,
    PreviewAdmin,
    TimelineAdmin,
    ResultsAdmin,
    CachedPagesAdmin,
    SavedAdmin,
    PausesEverythingAdmin,
    RulesAdmin,
    DuplicatingAdmin,
):
    """A block and everything about it on one page."""

    change_form_template = "admin/attune_content/block/change_form.html"
    change_list_template = "admin/attune_content/block/change_list.html"
    list_display = ("name", "key", "live", "shown_now", "needs_you", "changed")
    search_fields = ("name", "key")
    inlines = (VariantInline,)
    fieldsets = (
        (None, {"fields": (("name", "status"), "key", "campaign", "team_only")}),
        (None, {"fields": ("default",)}),
        (_("More: if several variants fit"), {"classes": ("collapse",), "fields": (("pick", "pick_most"),)}),
        (
            _("More: how it appears"),
            {"classes": ("collapse",), "fields": (("show", "room"), ("reveal_on", "reveal_after"))},
        ),
        (
            _("More: how often at most, all variants together"),
            {"classes": ("collapse",), "description": COUNTED, "fields": (("cap_times", "cap_within"), "is_exempt")},
        ),
    )

    class Media:
        css = {"all": ("personalization/content/block.css",)}  # how Django's media are declared
        js = (
            "personalization/content/prose.js",
            "personalization/content/block.js",
            "personalization/content/showing.js",
            "personalization/content/preview.js",
        )

    def get_fieldsets(self, request: HttpRequest, obj: Block | None = None) -> Any:
        """Ask for what there is a choice of."""
        return where_there_is_a_choice(request, super().get_fieldsets(request, obj))

    def get_list_filter(self, request: HttpRequest) -> tuple[str, ...]:
        """Nothing to choose where all are live: what is shown gets its room."""
        return ("status",) if Block.objects.exclude(status=Block.Status.LIVE).exists() else ()

    def get_readonly_fields(self, request: HttpRequest, obj: Block | None = None) -> tuple[str, ...]:
        """The name in templates stays as it is once templates say it."""
        return (*super().get_readonly_fields(request, obj), "key") if obj else ()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Let the rich text editor run under a policy that forbids inline scripts: its import map gets the nonce."""
        context["media"] = Media.from_media(context["media"]).with_nonce(getattr(request, "_csp_nonce", ""))
        context["time_zones"] = time_zones()
        return super().render_change_form(request, context, *args, **kwargs)

    def kept_back(self, paused: Any) -> str:
        """The first thing that keeps back what would be shown, if nothing is."""
        place = place_of(paused, now=timezone.now())
        return next((line.held for line in place.lines), "") if place.lines and not place.is_shown else ""

    @admin.display(description=_("changed"), ordering="updated_at")
    def changed(self, block: Block) -> str:
        """The day, for the list; the block's history says more."""
        return date_format(timezone.localtime(block.updated_at), "DATE_FORMAT")

    @admin.display(description=_("Shown now"))
    def shown_now(self, block: Block) -> SafeString | str:
        """What is on show, to whom, in the order in which it is tried."""
        if block.status != Block.Status.LIVE:
            return _now("The same for everyone")
        now = timezone.now()
        variants: list[Variant] = getattr(block, LINTED)
        shown = [variant for variant in variants if variant.broken_at is None and variant.is_open(now)]
        if not shown:
            return _now("The same for everyone")
        first, others = _lines(shown[:SHOWN_FIRST]), _lines(shown[SHOWN_FIRST:])
        more = len(shown) - SHOWN_FIRST
        if more <= 0:
            return first
        summary = ngettext("and one more", "and %(count)s more", more) % {"count": more}
        return format_html("{}<details><summary>{}</summary>{}</details>", first, summary, others)


def _lines(variants: list[Variant]) -> SafeString:
    lines = ((variant.name, who_sees(variant)) for variant in variants)
    return format_html('<ul class="attune-shown">{}</ul>', format_html_join("", "<li><b>{}</b>: {}</li>", lines))
