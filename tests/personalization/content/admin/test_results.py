"""The pages about results: what they say, to whom, and what they keep back of few people."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from personalization.content import sources
from personalization.content.deciding.blocks import PublishedBlock, PublishedVariant
from personalization.content.measuring.charts import Bar, IntervalChart
from personalization.content.measuring.comparing import Interval
from personalization.content.measuring.results import all_results
from personalization.content.models import Block, CallToAction, Variant
from personalization.profiles.models import Verdict
from tests.architecture.test_words import expert_words
from tests.personalization.content.measuring.test_results import people, seen, stored, write
from tests.personalization.content.visitors import judged, segment
from tests.tracking.samples import NOW
from tracking.models import Goal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]

PAGE = "/admin/attune_content/block/results/"
BESIDE = ["All variants together", "What everyone else sees"]


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages count until now, and the events are of the days before `NOW`."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def hero() -> Variant:
    return Variant.objects.create(block=Block.objects.create(key="hero", name="Hero"), name="Winter")


def analyst(client: Client, *permissions: str) -> Client:
    user = User.objects.create_user("ada", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=("view_results", *permissions)))
    client.force_login(user)
    return client


def text(client: Client, **query: Any) -> str:
    answer = client.get(PAGE, query)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert expert_words(page) == []
    return " ".join(page.split())


def headings(before: str, page: str) -> list[str]:
    """What the first table after these words has above its columns."""
    return re.findall(r'<th scope="col[^>]*>([^<]*)</th>', page.partition(before)[2].partition("</thead>")[0])


def test_block__seen_and_clicked__is_told_in_a_sentence_a_chart_and_tables(client: Client, hero: Variant) -> None:
    Goal.objects.create(name="Purchase", event="purchase", value_property="value", currency="EUR")
    fans = segment("fans")
    events = people(hero.uuid, 120, clicked=30)
    buyers = [event.visitor_id for event in events if event.name == "block_click"][:12]
    write(events, people("default", 120, clicked=6), [stored(one, "purchase", days=0.5, value=10) for one in buyers])
    Verdict.objects.bulk_create(Verdict(visitor_id=one, key=fans.slug, matches=True, since=NOW) for one in buyers)
    page = text(analyst(client), block="hero")
    assert "Of 100 who saw “Winter”, 25 clicked; of as many who saw what everyone else sees, 5. That is hardly" in page
    assert 'role="img"' in page
    assert 'style="' not in page.partition("content-main")[2].partition("</figure>")[0]
    assert "25.0 <span" in page
    assert '12 <span class="attune-between">(10.0 of 100)</span> <br>120.00 EUR' in page
    assert "may be chance" in page
    assert '<a href="/admin/attune_content/block/results/?block=hero&amp;days=28&amp;segment=fans">Fans</a>' in page
    assert headings("By segment", page) == ["Who is in it now", "Winter", BESIDE[1], *["Seen by", "Of 100 clicked"] * 2]
    of_fans = text(client, block="hero", segment="fans")
    assert "Only visitors who are in “Fans” now:" in of_fans
    assert "“Winter” was seen by 12. Whether that is more than otherwise cannot be told: nobody saw what" in of_fans
    assert "cannot be told: nobody saw that" in of_fans.partition("<h2>Goals")[2]


def test_block__few_people__is_kept_back_but_from_those_who_may(
    client: Client, admin_client: Client, hero: Variant
) -> None:
    write(people(hero.uuid, 9, clicked=3))
    page = text(analyst(client), block="hero")
    assert "“Winter” was seen by under 10." in page
    assert "33.3" not in page
    assert "<svg width" not in page
    exact = text(admin_client, block="hero")
    assert "“Winter” was seen by 9." in exact
    assert "33.3" in exact


def test_block__range_of_time__is_chosen(client: Client, hero: Variant) -> None:
    write(people(hero.uuid, 20, days=60))
    client = analyst(client)
    assert "Nobody who agreed to measuring has seen it" in text(client, block="hero")
    assert "“Winter” was seen by 20." in text(client, block="hero", days=90)
    assert "Nobody who agreed to measuring has seen it" in text(client, block="hero", days="a lot")


def test_block__variant_for_a_segment__says_how_many_will_really_see_it(admin_client: Client, hero: Variant) -> None:
    fans = segment("fans")
    hero.audience_kind = Variant.Audience.SEGMENTS
    hero.save()
    hero.segments.add(fans)
    came = [judged(uuid4(), ["fans"]) for _ in range(3)]
    judged(uuid4(), ["fans"])
    write(*(seen(one, "default") for one in [*came, judged(uuid4())]))
    page = text(admin_client, block="hero")
    assert "Nobody saw: Winter (3 will in 28 days)." in page
    write(seen(came[0], hero.uuid))
    assert '<td class="attune-number">3</td> </tr>' in text(admin_client, block="hero")


def test_list__all_blocks__have_a_sentence_those_of_pages_too(
    client: Client, hero: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = PublishedBlock("cms:1", True, "", (PublishedVariant("1f", "Spring", None),), name="Teaser")
    monkeypatch.setattr(sources, "_sources", {"pages": lambda: [block]})
    CallToAction.objects.create(key="buy", name="Buy now", label="Buy", url="/")
    clicks = [
        stored(uuid4(), "select_content", content_type=kind, content_id="buy") for kind in ["cta"] * 11 + ["menu"]
    ]
    write(
        people(hero.uuid, 120, clicked=30), people("default", 120, clicked=6), people("1f", 15, block="cms:1"), clicks
    )
    page = text(analyst(client))
    said = [*BESIDE, *["Seen by", "Clicks per 100 views"] * 2]
    assert headings('class="results"', page) == ["Block", "In a sentence", *said]
    assert "Of 100 who saw “Winter”, 25 clicked; of as many who saw what everyone else sees, 5." in page
    assert '<a href="/admin/attune_content/block/results/?block=cms%3A1&amp;days=28">Teaser</a>' in page
    assert 'Buy now</th> <td class="attune-number">11</td> <td class="attune-number">11</td>' in page
    assert [one.key for one in all_results(since=NOW - timedelta(days=1, hours=1), until=NOW, keys=["cms:1"])] == [
        "cms:1"
    ]
    assert "Results of “Teaser”" in text(client, block="cms:1")
    assert client.get(PAGE, {"block": "nobody"}).status_code == 404


def test_links__of_list_and_page__lead_those_to_results_who_may_see_them(client: Client, hero: Variant) -> None:
    pages = ["/admin/attune_content/block/", f"/admin/attune_content/block/{hero.block_id}/change/"]
    client = analyst(client, "view_block", "view_variant")
    assert [PAGE in client.get(url).content.decode() for url in pages] == [True, True]
    User.objects.get().user_permissions.remove(Permission.objects.get(codename="view_results"))
    assert [PAGE in client.get(url).content.decode() for url in pages] == [False, False]
    assert client.get(PAGE).status_code == 403


def test_links__of_menu_and_start_page__lead_analysts_to_results(client: Client) -> None:
    client = analyst(client, "view_segment")
    assert [PAGE in client.get(url).content.decode() for url in ("/admin/", "/admin/attune_content/block/start/")] == [
        True,
        True,
    ]


def test_chart__bars__lie_on_one_scale_from_nought() -> None:
    chart = IntervalChart([Bar("Winter", 0.05, Interval(0.02, 0.1)), Bar("x" * 50, 0.0, Interval(0.0, 0.04), True)])
    assert [tick.text for tick in chart.ticks] == ["0", "5", "10", "15", "20"]
    first, second = chart.lines
    assert (first.low, first.rate, first.high) == ("40.20%", "49.50%", "65.00%")
    assert (second.rate, second.is_default, len(second.name)) == ("34.00%", True, 38)
