"""The page of a campaign: what starts, ends and is paused together."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from personalization.content.admin.blocks import COUNTED
from personalization.content.admin.forms import CampaignForm
from personalization.content.admin.moments import time_zones
from personalization.content.admin.revisions import HistoryForm, RevisionsAdmin
from personalization.content.admin.saving import SavedAdmin
from personalization.content.advising.states import Kind, state_of
from personalization.content.advising.words import state_in_words, times_in_words
from personalization.content.belongings import belongings_of, prefetches
from personalization.content.models import Campaign
from personalization.content.pausing import end
from personalization.content.revising import revisions
from personalization.content.revising.revisions import never_began
from personalization.segments.admin import RulesAdmin
from personalization.segments.updating import applying_rules


class CampaignHistoryForm(HistoryForm, CampaignForm):
    """A campaign's own fields, and what was the last revision when the page was opened."""


@admin.register(Campaign)
class CampaignAdmin(SavedAdmin, RulesAdmin, RevisionsAdmin):
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

    def get_urls(self) -> list[URLPattern]:
        """The address of the button that ends one."""
        view = self.admin_site.admin_view(self.end_view)
        return [path("<int:pk>/end/", view, name="attune_content_campaign_end"), *super().get_urls()]

    def end_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """End a campaign that has begun, at once."""
        campaign = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, campaign):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        now = timezone.now().replace(microsecond=0)
        if _can_end(campaign, now):
            with transaction.atomic(), applying_rules():
                revisions.note_change_elsewhere(campaign)
                end(campaign, at=now)
                revisions.record_published(campaign, by=request.user.get_username())
            self.log_change(request, campaign, _now("Ended."))
            said = _now("“%(name)s” has ended: nothing of it is shown any more. To go on with it, change its end.")
            self.message_user(request, said % {"name": campaign}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:attune_content_campaign_change", args=[campaign.pk]))

    def kept_back(self, paused: Any) -> str:
        """What its dates say, unless it runs."""
        state = state_of(paused.schedule, now=timezone.now())
        return "" if state.kind is Kind.SHOWN else state_in_words(state)

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
        campaign = context.get("original")
        may_end = self.has_change_permission(request, campaign)
        if may_end and isinstance(campaign, Campaign) and _can_end(campaign, timezone.now()):
            context["end_url"] = reverse("admin:attune_content_campaign_end", args=[campaign.pk])
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


def _can_end(campaign: Campaign, now: datetime) -> bool:
    """Whether it has begun and not ended; one that has not begun would end before its start."""
    begun = campaign.starts_at is None or campaign.starts_at < now.replace(microsecond=0)
    return begun and (campaign.ends_at is None or campaign.ends_at > now) and never_began(campaign) is None
