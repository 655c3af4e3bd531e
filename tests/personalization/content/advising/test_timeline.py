"""When variants are shown, as bars: what is cut off, what a campaign cuts, and how the page says it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from personalization.content.advising.lint import VariantFacts
from personalization.content.advising.timeline import Bar, timeline_of
from personalization.content.deciding.blocks import PublishedCampaign
from personalization.content.deciding.schedule import Hours, Schedule
from personalization.content.models import Block, Variant

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WORK = Hours(ZoneInfo("UTC"), frozenset(range(5)), time(9), time(17))


def bar(schedule: Schedule, *campaigns: PublishedCampaign) -> Bar:
    shown = timeline_of([VariantFacts("1", "A", schedule=schedule, campaigns=campaigns)], now=NOW)
    assert shown is not None
    assert shown.now_x == 250
    return shown.bars[0]


@pytest.mark.parametrize(
    ("schedule", "place"),
    [
        (Schedule(starts_at=NOW - 99 * DAY, ends_at=NOW + 99 * DAY), (0, 1000)),
        (Schedule(starts_at=NOW), (250, 750)),
        (Schedule(starts_at=NOW - 7 * DAY, ends_at=NOW + 7 * DAY), (125, 250)),
        (Schedule(ends_at=NOW - 30 * DAY), (0, 0)),
        (Schedule(starts_at=NOW + 60 * DAY), (1000, 0)),
    ],
)
def test_bar__from_start_to_end__is_cut_to_what_is_shown(schedule: Schedule, place: tuple[int, int]) -> None:
    found = bar(schedule)
    assert (found.x, found.width) == place


def test_bar__campaign_and_hours__cut_it_and_are_told() -> None:
    campaign = PublishedCampaign("Sale", live=False, schedule=Schedule(ends_at=NOW + 14 * DAY))
    found = bar(Schedule(starts_at=NOW, ends_at=NOW + 28 * DAY, hours=WORK), campaign)
    assert (found.x, found.width, found.at_times, found.idle_campaign) == (250, 250, True, "Sale")


def test_timeline__variants_without_schedule__are_only_counted() -> None:
    always, ends = VariantFacts("1", "A"), VariantFacts("2", "B", schedule=Schedule(ends_at=NOW))
    assert timeline_of([always], now=NOW) is None
    shown = timeline_of([always, ends], now=NOW)
    assert shown is not None
    assert ([one.name for one in shown.bars], shown.always) == (["B"], 1)


@pytest.mark.django_db
def test_page__a_variant_that_starts_later__says_so_in_words(admin_client: Client) -> None:
    block = Block.objects.create(key="hero", name="Hero")
    Variant.objects.create(block=block, name="Later", body="<p>l</p>", starts_at=timezone.now() + 7 * DAY)
    page = admin_client.get(reverse("admin:attune_content_block_change", args=[block.pk])).content.decode()
    assert "When they are shown" in page
    assert 'x="375" y="2" width="625"' in page
    assert " (UTC), with no end" in page
    assert " style=" not in page.partition("attune-timeline-weeks")[2].partition("</section>")[0]
