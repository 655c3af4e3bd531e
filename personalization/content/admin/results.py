"""Pages of the admin: what came of all blocks, and of one. The sentence first, then a chart, then the figures."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from personalization.content import rights
from personalization.content.advising.findings import LINTED, block_facts, published_facts, with_variants
from personalization.content.advising.lint import BlockFacts
from personalization.content.measuring.charts import Bar, IntervalChart
from personalization.content.measuring.comparing import Share, Verdict, compare
from personalization.content.measuring.measured import measured_block
from personalization.content.measuring.results import (
    NONE,
    USUAL_DAYS,
    BlockResults,
    GoalResults,
    SegmentResults,
    VariantResults,
    all_results,
    block_results,
    call_results,
    likely_audiences,
    segment_results,
)
from personalization.content.measuring.telling import others_in_words, sentence
from personalization.content.models import Block
from personalization.content.published import brought
from personalization.content.sources import contents_of, page_of
from personalization.segments.models import Segment, Status
from tracking.counts import SMALL, may_see_small_counts, people_in_words
from tracking.selectors import moves_in_time

if TYPE_CHECKING:
    BlockModelAdmin = admin.ModelAdmin[Block]
else:  # Django's class takes no parameters when it runs
    BlockModelAdmin = admin.ModelAdmin

DAYS: Final = (7, USUAL_DAYS, 90)
"""The ranges of time to choose from."""
NOTHING: Final = "–"


class ResultsAdmin(BlockModelAdmin):
    """The list and the page of a block, with the way to what came of it."""

    def get_urls(self) -> list[URLPattern]:
        """The pages' address: blocks of other rooms have results, too, and no row here."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_results"
        return [path("results/", self.admin_site.admin_view(self.results_view), name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Say where the block's results are."""
        block = context.get("original")
        if isinstance(block, Block) and may_see_results(request):
            context["results_url"] = results_url(block.key)
        return super().render_change_form(request, context, *args, **kwargs)

    def results_view(self, request: HttpRequest) -> HttpResponse:
        """All blocks; with ``?block=KEY`` that one. ``days`` and ``segment`` say of when and of whom."""
        if not may_see_results(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        until = timezone.now()
        days = next((days for days in DAYS if str(days) == request.GET.get("days")), USUAL_DAYS)
        since = until - timedelta(days=days)
        key = request.GET.get("block", "")
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "ranges": DAYS,
            "days": days,
            "moves": moves_in_time(),
            "may_see_blocks": self.has_view_permission(request),
        }
        exact = may_see_small_counts(request.user)
        if not key:
            context |= _all_blocks(since, until, days, exact=exact)
            return TemplateResponse(request, "admin/attune_content/results.html", context)
        if measured_block(key) is None:
            raise Http404
        context |= self._one_block(request, key, since, until, days, exact=exact)
        return TemplateResponse(request, "admin/attune_content/block_results.html", context)

    def _one_block(
        self, request: HttpRequest, key: str, since: datetime, until: datetime, days: int, *, exact: bool
    ) -> dict[str, Any]:
        segments = dict(Segment.objects.filter(status=Status.ACTIVE).order_by("name").values_list("slug", "name"))
        segment = request.GET.get("segment", "")
        segment = segment if segment in segments else ""
        found = block_results(key, since=since, until=until, segment=segment or None)
        seen = [one for one in found.variants if one.people]
        likely = _likely(found, until)
        shown = [*seen, *([found.tailored] if len(seen) > 1 else []), found.default]
        return {
            "title": _("Results of “%(block)s”") % {"block": found.name},
            "results": found,
            "sentence": sentence(found, exact=exact),
            "block_url": _block_url(request, found),
            "all_url": results_url(days=days),
            "segments": segments,
            "segment": segment,
            "segment_name": segments.get(segment, ""),
            "rows": _rows(shown, likely, exact=exact),
            "unseen": [_unseen(one, likely, exact=exact) for one in found.variants if not one.people],
            "goals": [goal.goal for goal in (found.tailored.goals or found.default.goals)],
            "goal_rows": _goal_rows(shown, found.default, exact=exact),
            "of_variants": found.variants[0].name if len(found.variants) == 1 else found.tailored.name,
            "of_others": others_in_words(found),
            "chart": _chart(shown),
            "by_segment": [
                _segment_row(one, results_url(key, days=days, segment=one.slug), exact=exact)
                for one in segment_results(key, since=since, until=until)
            ],
        }


def may_see_results(request: HttpRequest) -> bool:
    """Whether this person may read what came of blocks."""
    return bool(request.user.has_perm(rights.RESULTS))


def results_url(key: str = "", **more: int | str) -> str:
    """Where the results of this block are, or of all."""
    query: dict[str, int | str] = {**({"block": key} if key else {}), **more}
    return reverse("admin:attune_content_block_results") + (f"?{urlencode(query)}" if query else "")


def _all_blocks(since: datetime, until: datetime, days: int, *, exact: bool) -> dict[str, Any]:
    return {
        "title": _("Results"),
        "of_variants": _("All variants together"),
        "of_others": _("What everyone else sees"),
        "rows": [
            {
                "name": one.name,
                "url": results_url(one.key, days=days),
                "sentence": sentence(one, exact=exact),
                "tailored": _seen(one.tailored, exact=exact),
                "default": _seen(one.default, exact=exact),
            }
            for one in all_results(since=since, until=until)
        ],
        "calls": [
            {
                "name": one.name,
                "people": people_in_words(one.people, exact=exact),
                "clicks": _number(one.clicks) if _is_told(one.people, exact=exact) else NOTHING,
            }
            for one in call_results(since=since, until=until)
        ],
    }


def _likely(found: BlockResults, now: datetime) -> dict[str, int | None]:
    """How many will really see each variant; none of a block that is not shown any more."""
    facts: BlockFacts | None = None
    if found.pk is not None:
        block = with_variants(Block.objects.filter(pk=found.pk)).first()
        facts = block_facts(block, getattr(block, LINTED)) if block is not None else None
    elif (other := next((one for one in brought() if one.key == found.key), None)) is not None:
        facts = published_facts(other, contents_of([other.key]).get(other.key))
    return likely_audiences(found.key, facts, now=now) if facts is not None else {}


def _block_url(request: HttpRequest, found: BlockResults) -> str:
    """The page about the block, for those who may see it."""
    if found.pk is not None:
        may_see = request.user.has_perm("attune_content.view_block")
        return reverse("admin:attune_content_block_change", args=[found.pk]) if may_see else ""
    return page_of(request, found.key)


def _rows(shown: Sequence[VariantResults], likely: dict[str, int | None], *, exact: bool) -> list[dict[str, Any]]:
    rows = []
    for one in shown:
        people = likely.get(one.uuid)
        rows.append(
            {
                "name": one.name,
                **_seen(one, exact=exact),
                "clicked": people_in_words(one.clicked.hits, exact=exact) if one.people else NOTHING,
                "against": "" if one.is_default or not one.people else _against(one.verdict),
                "likely": people_in_words(people, exact=exact) if people is not None else NOTHING,
            }
        )
    return rows


def _unseen(one: VariantResults, likely: dict[str, int | None], *, exact: bool) -> str:
    people = likely.get(one.uuid)
    if people is None:
        return one.name
    return _("%(variant)s (%(people)s will in 28 days)") % {
        "variant": one.name,
        "people": people_in_words(people, exact=exact),
    }


def _seen(one: VariantResults, *, exact: bool) -> dict[str, str]:
    """The figures that every table has; those of few people are kept back."""
    if not _is_told(one.people, exact=exact):
        return {"people": people_in_words(one.people, exact=exact)} | dict.fromkeys(
            ("views", "clicks", "rate", "range"), NOTHING
        )
    return {
        "people": people_in_words(one.people, exact=exact),
        "views": _number(one.views),
        "clicks": _number(one.clicks),
        "rate": _percent(one.clicks_per_view) if one.views else NOTHING,
        "range": _("%(low)s to %(high)s") % {"low": _percent(one.interval.low), "high": _percent(one.interval.high)}
        if one.views
        else "",
    }


def _goal_rows(shown: Sequence[VariantResults], default: VariantResults, *, exact: bool) -> list[dict[str, Any]]:
    others = {goal.goal.pk: goal.people for goal in default.goals}
    return [
        {
            "name": one.name,
            "goals": [
                _goal(goal, exact=exact)
                | {"against": "" if one.is_default else _reached(compare(goal.people, others.get(goal.goal.pk, NONE)))}
                for goal in one.goals
            ],
        }
        for one in shown
        if one.goals
    ]


def _reached(verdict: Verdict) -> str:
    """What may not be read into a number of people; empty where it is hardly chance."""
    return _against(verdict) if verdict not in (Verdict.MORE, Verdict.LESS) else ""


def _goal(reached: GoalResults, *, exact: bool) -> dict[str, str]:
    people = people_in_words(reached.people.hits, exact=exact)
    if not reached.people.hits or not _is_told(reached.people.hits, exact=exact):
        return {"people": people, "rate": "", "value": ""}
    worth = f"{number_format(round(reached.value, 2), 2, force_grouping=True)} {reached.goal.currency}".strip()
    return {
        "people": people,
        "rate": _percent(reached.people.rate),
        "value": worth if reached.goal.has_value else "",
    }


def _segment_row(one: SegmentResults, url: str, *, exact: bool) -> dict[str, Any]:
    def figures(share: Share) -> dict[str, str]:
        is_told = _is_told(share.of, exact=exact)
        people = people_in_words(share.of, exact=exact)
        return {"people": people, "rate": _percent(share.rate) if is_told and share.of else NOTHING}

    return {"name": one.name, "url": url, "tailored": figures(one.tailored), "default": figures(one.default)}


def _chart(shown: Sequence[VariantResults]) -> IntervalChart | None:
    """What enough people saw: the ranges of the others would only stretch the scale."""
    bars = [Bar(one.name, one.clicks_per_view, one.interval, one.is_default) for one in shown if one.people >= SMALL]
    return IntervalChart(bars) if bars else None


def _against(verdict: Verdict) -> str:
    return {
        Verdict.NOTHING: _("cannot be told: nobody saw that"),
        Verdict.TOO_FEW: _("too early to say"),
        Verdict.MAY_BE_CHANCE: _("too early to say"),
        Verdict.MORE: _("more click"),
        Verdict.LESS: _("fewer click"),
    }[verdict]


def _is_told(people: int, *, exact: bool) -> bool:
    """Whether figures of so many people are shown."""
    return exact or people >= SMALL


def _number(number: int) -> str:
    return number_format(number, force_grouping=True)


def _percent(rate: float) -> str:
    """A rate as a number out of 100, without the sign."""
    return number_format(round(rate * 100, 1), 1)  # which itself cuts off
