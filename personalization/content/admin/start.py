"""The start page of editors: what visitors see now, what needs somebody, what starts and ends, and buttons to pause."""

from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _now

from personalization.content import rights
from personalization.content.admin.found import lines
from personalization.content.admin.pausing import FROM_START, may_pause_everything, on_trial
from personalization.content.admin.results import may_see_results, results_url
from personalization.content.advising.agenda import Entry, month_named, month_of
from personalization.content.advising.overview import (
    Need,
    best_and_worst_lately,
    campaigns_of_late,
    entries_elsewhere,
    entries_of_blocks,
    entries_of_campaigns,
    needs_elsewhere,
    needs_of_blocks,
    needs_of_segments,
)
from personalization.content.advising.places import Place, place_of, places_elsewhere
from personalization.content.advising.waiting import needs_of_drafts
from personalization.content.advising.words import new_variant_url, times_in_words
from personalization.content.finding.found import found
from personalization.content.measuring.results import BlockResults
from personalization.content.measuring.telling import sentence
from personalization.content.models import Block, Campaign, PausedEverything, Variant
from personalization.content.published import brought
from personalization.content.sources import desk_of, page_of
from tracking.counts import may_see_small_counts

if TYPE_CHECKING:
    BlockModelAdmin = admin.ModelAdmin[Block]
else:  # Django's class takes no parameters when it runs
    BlockModelAdmin = admin.ModelAdmin

START: Final = "admin:attune_content_start"
SHOWN_FIRST: Final = 8
"""So many blocks and needs stand on the page at once; what is more is folded away beneath."""


class StartAdmin(BlockModelAdmin):
    """The admin of blocks, with the start page."""

    def get_urls(self) -> list[URLPattern]:
        """The page's address."""
        view = self.admin_site.admin_view(self.start_view)
        return [path("start/", view, name="attune_content_start"), *super().get_urls()]

    def start_view(self, request: HttpRequest) -> HttpResponse:
        """Show each what their permissions let them see."""
        if not may_see_start(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        now = timezone.now()
        exact = may_see_small_counts(request.user)
        may = {
            "see_blocks": self.has_view_permission(request),
            "change_blocks": self.has_change_permission(request),
            "add_messages": self.has_change_permission(request),
            "see_campaigns": request.user.has_perm("attune_content.view_campaign"),
            "change_campaigns": request.user.has_perm("attune_content.change_campaign"),
            "see_segments": request.user.has_perm("attune_segments.view_segment"),
            "see_results": may_see_results(request),
            "pause_everything": may_pause_everything(request),
        }
        blocks: list[Block] = list(self.get_queryset(request).order_by("name", "pk")) if may["see_blocks"] else []
        elsewhere = list(brought()) if may["see_blocks"] else []
        campaigns: QuerySet[Campaign] = Campaign.objects.all() if may["see_campaigns"] else Campaign.objects.none()
        all_campaigns = list(campaigns)
        url_of = partial(page_of, request)
        needs: list[Need] = [
            *needs_of_blocks(blocks, now=now),
            *needs_elsewhere(elsewhere, url_of=url_of, now=now),
            *needs_of_drafts(request.user, now=now),
        ]
        if may["see_segments"]:
            needs += needs_of_segments(elsewhere, exact=exact, now=now)
        paused = PausedEverything.objects.first()
        slots = dict(Variant.objects.values_list("block").annotate(Count("pk"))) if may["see_blocks"] else {}
        found_places = [
            *((one := place_of(block, now=now), _row(block, one, slots)) for block in blocks),
            *((one, _row_elsewhere(request, one)) for one in places_elsewhere(elsewhere, now=now)),
        ]
        shown = [row for one, row in found_places if one.is_shown]
        same = [row for one, row in found_places if not (one.is_shown or one.is_paused or one.is_later)]
        entries = [
            *entries_of_campaigns(all_campaigns),
            *entries_of_blocks(blocks),
            *entries_elsewhere(elsewhere, url_of=url_of),
        ]
        best, worst = best_and_worst_lately(now=now) if may["see_results"] else ([], [])
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _now("Personalization"),
            "opts": self.opts,
            "media": self.media,
            "may": may,
            "paused": paused,
            "everything_paused": paused is not None,
            "first_blocks": shown[:SHOWN_FIRST],
            "more_blocks": shown[SHOWN_FIRST:],
            "paused_blocks": [row for one, row in found_places if one.is_paused],
            "later_blocks": [row for one, row in found_places if one.is_later],
            "same_blocks": same,
            "all_blocks": len(found_places),
            "campaigns": [_campaign(one, now=now) for one in campaigns_of_late(all_campaigns, now=now)],
            "missing": lines(request, found()) if may["see_blocks"] else [],
            "first_needs": needs[:SHOWN_FIRST],
            "more_needs": needs[SHOWN_FIRST:],
            "best": [_result(one, exact=exact) for one in best],
            "worst": [_result(one, exact=exact) for one in worst],
            "month": _month(request.GET.get("month", ""), entries, today=timezone.localdate(now)),
            "weekdays": _weekdays(),
        }
        return TemplateResponse(request, "admin/attune_content/start.html", context)


def may_see_start(request: HttpRequest) -> bool:
    """Whether there is anything on the page for this person."""
    return any(map(request.user.has_perm, rights.START))


def _row(block: Block, place: Place, slots: dict[int, int]) -> dict[str, Any]:
    """One block: what it shows now, to whom, what it will show, and its buttons."""
    return {
        "place": place,
        "url": f"{reverse('admin:attune_content_block_change', args=[block.pk])}?{FROM_START}",
        "pause_url": reverse("admin:attune_content_block_pause", args=[block.pk]),
        "add_url": new_variant_url(block.pk, slots.get(block.pk, 0)),
    }


def _row_elsewhere(request: HttpRequest, place: Place) -> dict[str, Any]:
    """One block of a source; its link and its button are for those who may."""
    desk = desk_of(place.key)
    return {
        "place": place,
        "is_elsewhere": True,
        "url": page_of(request, place.key),
        "pause_url": desk.pause_url(place.key) if desk else "",
        "may_press": desk is not None and request.user.has_perm(desk.permission_to_change),
    }


def _campaign(campaign: Campaign, *, now: datetime) -> dict[str, Any]:
    return {
        "name": campaign.name,
        "is_live": campaign.status == Campaign.Status.LIVE,
        "times": times_in_words(campaign),
        "on_trial": on_trial(campaign),
        "url": reverse("admin:attune_content_campaign_change", args=[campaign.pk]),
        "pause_url": reverse("admin:attune_content_campaign_pause", args=[campaign.pk]),
        "is_later": campaign.starts_at is not None and campaign.starts_at > now,
        "has_ended": campaign.ends_at is not None and campaign.ends_at <= now,
    }


def _result(results: BlockResults, *, exact: bool) -> dict[str, Any]:
    """What came of a block, in words."""
    return {
        "name": results.name,
        "url": results_url(results.key),
        "said": sentence(results, exact=exact),
    }


def _first_weekday() -> int:
    """On which day weeks begin where the page's language is spoken; Monday is 0.

    Of English that is of no country, Django takes weeks for American ones; to all others Monday begins them.
    """
    return 0 if get_language() == "en" else (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % 7


def _weekdays() -> list[date]:
    """Seven days with which weeks begin and end."""
    monday = date(2024, 1, 1).toordinal()
    return [date.fromordinal(monday + (_first_weekday() + number) % 7) for number in range(7)]


def _month(name: str, entries: list[Entry], *, today: date) -> Any:
    return month_of(month_named(name, today=today), entries, today=today, first_weekday=_first_weekday())
