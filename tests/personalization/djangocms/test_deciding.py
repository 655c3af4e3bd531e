"""Blocks of published pages are decided like all others: by segments, rules, times, languages and caps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cms.models import Page
from django.contrib.sites.models import Site
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from personalization.content.models import CallToAction, CallToActionOverride, Campaign, OverallLimit
from personalization.content.pausing import pause, pause_everything
from personalization.content.published import compile_published
from personalization.content.selectors import limit_rules as all_limit_rules
from personalization.content.serving.learned import cached_pages
from personalization.content.targets import addresses_of, suggestions, validate_target
from personalization.djangocms.published import limit_rules
from personalization.testing import MakeVisitor, Visitor
from tests.personalization.content.visitors import request_of, segment
from tests.personalization.djangocms.pages import (
    make_page,
    publish,
    put,
    put_block,
    put_default,
    put_text,
    put_variant,
    slot,
)
from tests.personalization.test_templatetags import render
from tracking.models import Goal

pytestmark = pytest.mark.django_db
HOME = "/home/"


def seen_by(visitor: Visitor, path: str = HOME) -> str:
    """The page as this visitor gets it."""
    client = Client()
    for name, value in visitor.cookies.items():
        client.cookies[name] = value
    response = client.get(path, headers=visitor.headers)
    assert response.status_code == 200
    return response.content.decode()


def test_block__visitors_in_segments__see_the_first_that_fits(attune_visitor: MakeVisitor) -> None:
    fans, buyers = segment("fans"), segment("buyers")
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, "for buyers", buyers)
    put_variant(block, "for fans", fans)
    put_default(block, "for others")
    publish(home)
    assert "for fans" in (fan := seen_by(attune_visitor("fans")))
    assert "for buyers" not in fan
    assert "for others" not in fan
    assert "for buyers" in seen_by(attune_visitor("fans", "buyers"))
    stranger = seen_by(attune_visitor())
    assert "for others" in stranger
    assert "for fans" not in stranger
    assert f'data-attune-block="cms:{block.uuid}" data-attune-variant="default"' in stranger


def test_block__variant_with_a_rule__is_judged_for_the_visitor(attune_visitor: MakeVisitor) -> None:
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, "on a phone", audience_kind="rule", rule={"request": "device", "is": "mobile"})
    put_default(block, "at a desk")
    publish(home)
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
    assert "on a phone" in seen_by(attune_visitor(headers={"User-Agent": phone}))
    assert "at a desk" in seen_by(attune_visitor())


def test_block__variant_for_those_not_in_a_segment__is_for_the_others(attune_visitor: MakeVisitor) -> None:
    home = make_page()
    block = put_block(slot(home))
    mail = segment("mail", {"request": "utm_source", "is": "mail"})
    variant = put_variant(block, "join our list", mail, audience_kind="not_in")
    put_default(block, "welcome back")
    publish(home)
    assert "join our list" in seen_by(attune_visitor())
    assert "welcome back" in seen_by(attune_visitor(), f"{HOME}?utm_source=mail")
    assert str(variant) == "join our list · visitors not in Mail"


def test_block__variant_with_a_rule_about_behavior__is_judged_and_stored(attune_visitor: MakeVisitor) -> None:
    home = make_page()
    block = put_block(slot(home))
    variant = put_variant(block, "came back", audience_kind="rule", rule={"event": "view_item"})
    put_default(block, "new here")
    publish(home)
    assert "came back" in seen_by(attune_visitor(variant.verdict_key))
    assert "new here" in seen_by(attune_visitor(agreed=True))


def test_block__variant_that_is_over__is_passed_over(attune_visitor: MakeVisitor) -> None:
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, "last week", ends_at=datetime.now(UTC) - timedelta(days=1))
    put_variant(block, "this week", starts_at=datetime.now(UTC) - timedelta(days=1))
    publish(home)
    assert "this week" in (page := seen_by(attune_visitor()))
    assert "last week" not in page


def test_block__variant_seen_as_often_as_it_may_be__gives_way(attune_visitor: MakeVisitor) -> None:
    home = make_page()
    block = put_block(slot(home), cap_times=5)
    variant = put_variant(block, "once", cap_times=1)
    put_default(block, "afterwards")
    publish(home)
    assert "once" in seen_by(attune_visitor(agreed=True))
    assert "afterwards" in seen_by(attune_visitor(f"cap:{variant.uuid}"))
    assert "afterwards" in seen_by(attune_visitor(f"cap:cms:{block.uuid}"))
    assert "afterwards" in seen_by(attune_visitor())  # who did not agree is not counted


def test_block__variant_that_rests_after_a_purchase__gives_way(attune_visitor: MakeVisitor) -> None:
    home = make_page()
    block = put_block(slot(home))
    variant = put_variant(block, "buy now", rest_after="purchase", rest_days=14)
    put_default(block, "afterwards")
    publish(home)
    assert "buy now" in seen_by(attune_visitor(agreed=True))
    assert "afterwards" in seen_by(attune_visitor(f"rest:{variant.uuid}"))


def test_block__variant_that_rests_after_a_goal__gives_way(attune_visitor: MakeVisitor) -> None:
    goal = Goal.objects.create(name="A large order", event="purchase", where=[{"property": "value", "at_least": 50}])
    home = make_page()
    block = put_block(slot(home))
    variant = put_variant(block, "buy now", rest_after="goal", rest_goal=goal, rest_days=14)
    put_default(block, "afterwards")
    publish(home)
    assert dict(limit_rules())[f"rest:{variant.uuid}"]["where"] == goal.where
    assert "afterwards" in seen_by(attune_visitor(f"rest:{variant.uuid}"))


def test_block__variant_that_has_tired__lets_others_come_first(attune_visitor: MakeVisitor) -> None:
    home = make_page()
    block = put_block(slot(home))
    variant = put_variant(block, "seen too often", tires_after=3)
    put_variant(block, "next in line")
    publish(home)
    assert "seen too often" in seen_by(attune_visitor(agreed=True))
    assert "next in line" in seen_by(attune_visitor(f"tired:{variant.uuid}"))


def test_limits__of_a_draft__are_judged_once_it_is_published() -> None:
    home = make_page()
    block = put_block(slot(home), cap_times=5)
    put_variant(block, "limited", cap_times=1, rest_after="purchase", rest_days=14, tires_after=3)
    assert dict(limit_rules()) == {}
    publish(home)
    assert sorted(key.split(":")[0] for key in dict(limit_rules())) == ["cap", "cap", "rest", "tired"]


def test_block__variant_of_a_campaign__is_shown_while_it_runs(attune_visitor: MakeVisitor) -> None:
    summer = Campaign.objects.create(name="Summer")
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, "summer sale", campaign=summer)
    put_default(block, "all year round")
    publish(home)
    visitor = attune_visitor()
    assert "summer sale" in seen_by(visitor)
    pause(summer)
    assert "all year round" in seen_by(visitor)
    with pytest.raises(ProtectedError):
        summer.delete()


def test_block__of_a_campaign__is_shown_while_it_runs(attune_visitor: MakeVisitor) -> None:
    summer = Campaign.objects.create(name="Summer")
    home = make_page()
    block = put_block(slot(home), campaign=summer)
    put_variant(block, "summer sale")
    put_default(block, "all year round")
    publish(home)
    visitor = attune_visitor()
    assert "summer sale" in seen_by(visitor)
    pause(summer)
    assert "all year round" in seen_by(visitor)


def test_blocks__left_out_of_the_limits_over_everything__neither_count_nor_are_held_back() -> None:
    OverallLimit.objects.create(times=3, within="7d")
    home = make_page()
    part, offer = put_block(slot(home), "Part of the page", is_exempt=True), put_block(slot(home), "Offer")
    for block in (part, offer):
        put_variant(block, "for all")
    publish(home)
    blocks = compile_published(1).blocks
    assert [len(blocks[block.key].variants[0].limits) for block in (part, offer)] == [0, 1]
    rule = str(dict(all_limit_rules()))
    assert part.key in rule
    assert offer.key not in rule


def test_variant__for_one_site__is_shown_there_alone(attune_visitor: MakeVisitor) -> None:
    other = Site.objects.create(domain="club.example", name="Club")
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, "of the club", sites=[other.pk])
    put_variant(block, "of the shop", sites=[Site.objects.get_current().pk])
    publish(home)
    page = seen_by(attune_visitor())
    assert "of the shop" in page
    assert "of the club" not in page


def test_block__everything_paused__shows_what_everyone_else_sees(attune_visitor: MakeVisitor) -> None:
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, "for all")
    put_default(block, "for others")
    publish(home)
    visitor = attune_visitor()
    assert "for all" in seen_by(visitor)
    pause_everything(by="eva")
    assert "for others" in seen_by(visitor)


def test_block__variant_without_content__shows_what_everyone_else_sees(
    attune_visitor: MakeVisitor, caplog: pytest.LogCaptureFixture
) -> None:
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, name="nothing yet")
    put_default(block, "for others")
    publish(home)
    assert "for others" in seen_by(attune_visitor())
    assert "'nothing yet' is empty" in caplog.text


def test_block__variant_of_which_all_is_for_others__shows_what_everyone_else_sees(
    attune_visitor: MakeVisitor, caplog: pytest.LogCaptureFixture
) -> None:
    buyers = segment("buyers")
    home = make_page()
    block = put_block(slot(home))
    variant = put_variant(block, name="Parts")
    put_text(put(slot(home), "IfSegmentPlugin", variant, segment=buyers), "part for buyers")
    put_default(block, "for others")
    publish(home)
    stranger = attune_visitor()
    assert "part for buyers" in seen_by(attune_visitor("buyers"))
    assert "for others" in (page := seen_by(stranger))
    assert 'data-attune-variant="default"' in page
    assert caplog.text == ""
    assert len(cached_pages()) == 1  # kept for others like them


def test_nested_blocks__each_level__is_decided_for_itself(attune_visitor: MakeVisitor) -> None:
    fans, buyers = segment("fans"), segment("buyers")
    home = make_page()
    outer = put_block(slot(home), "Outer")
    inner = put_block(slot(home), "Inner", put_variant(outer, "outer for fans", fans))
    put_variant(inner, "inner for buyers", buyers)
    put_default(inner, "inner for others")
    part = put(slot(home), "IfSegmentPlugin", put_default(outer, "outer for others"), segment=buyers)
    put_text(part, "part for buyers")
    publish(home)
    both = seen_by(attune_visitor("fans", "buyers"))
    assert "outer for fans" in both
    assert "inner for buyers" in both
    assert "inner for others" in seen_by(attune_visitor("fans"))
    buyer = seen_by(attune_visitor("buyers"))
    assert "outer for others" in buyer
    assert "part for buyers" in buyer
    assert "inner for" not in buyer
    assert "part for buyers" not in seen_by(attune_visitor())


def test_if_segment__negated__shows_its_plugins_to_the_others(attune_visitor: MakeVisitor) -> None:
    home = make_page()
    part = put(slot(home), "IfSegmentPlugin", segment=segment("buyers"), is_negated=True)
    put_text(part, "never bought")
    publish(home)
    assert "never bought" in seen_by(attune_visitor())
    assert "never bought" not in seen_by(attune_visitor("buyers"))


def test_call_to_action__in_a_page__says_what_the_visitors_segment_hears(attune_visitor: MakeVisitor) -> None:
    cta = CallToAction.objects.create(key="join", name="Join", label="Join us", url="/join/")
    CallToActionOverride.objects.create(cta=cta, segment=segment("buyers"), label="Welcome back")
    home = make_page()
    put(slot(home), "CallToActionInPagePlugin", cta=cta)
    publish(home)
    assert "Join us" in seen_by(attune_visitor())
    assert "Welcome back" in seen_by(attune_visitor("buyers"))
    cta.delete()
    assert "data-attune-cta" not in seen_by(attune_visitor())


def test_compiling__however_many_blocks__takes_as_many_queries() -> None:
    def count(blocks: int) -> int:
        home = make_page(f"Page {blocks}")
        for number in range(blocks):
            put_variant(put_block(slot(home), str(number)), "for fans", fans)
        publish(home)
        with CaptureQueriesContext(connection) as queries:
            assert len(compile_published(1).blocks) >= blocks
        return len(queries)

    fans = segment("fans")
    assert count(1) == count(5)


def test_page__however_many_plugins_of_a_kind__takes_as_many_queries() -> None:
    def count(plugins: int) -> int:
        home = make_page(f"Page {plugins}")
        for _ in range(plugins):
            put(slot(home), "IfSegmentPlugin", segment=fans)
            put(slot(home), "CallToActionInPagePlugin", cta=cta)
        publish(home)
        client = Client()
        client.get(home.get_absolute_url())  # compiles what is published
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(home.get_absolute_url()).status_code == 200
        return sum("attune_segments" in query["sql"] or "attune_content" in query["sql"] for query in queries)

    fans = segment("fans")
    cta = CallToAction.objects.create(key="join", name="Join", label="Join us", url="/join/")
    few = count(1)
    assert count(4) == few > 0


def test_call_to_action__leads_to_a_page__by_its_address_once_it_is_published(client: Client) -> None:
    content = make_page("Letters")
    link = f"cms-page:{content.page_id}"
    with pytest.raises(ValidationError):
        validate_target(link)
    publish(content)
    assert addresses_of(link)[""] == content.page.get_absolute_url("en")
    address = content.page.get_absolute_url("en")
    assert (link, f"Letters ({address})") in suggestions()
    for wrong in ("cms-page:0", "cms-page:x"):
        assert addresses_of(wrong) == {}


def test_call_to_action__its_page_moves_or_becomes_the_home_page__follows_it() -> None:
    shop, letters = (publish(make_page(title)).page for title in ("Shop", "Letters"))
    CallToAction.objects.create(key="join", name="Join", label="Join us", url=f"cms-page:{letters.pk}")

    def address() -> str:
        html = render('{% cta "join" %}', request_of())
        return html.partition('href="')[2].partition('"')[0]

    found = [address()]
    letters.refresh_from_db()
    letters.move_page(shop, "last-child")
    found.append(address())
    letters.refresh_from_db()
    letters.move_page(Page.objects.get(pk=shop.pk), "right")
    found.append(address())
    Page.objects.get(pk=letters.pk).update_urls("en", path="post")
    found.append(address())
    Page.objects.get(pk=letters.pk).set_as_homepage()
    found.append(address())
    assert found == ["/letters/", "/shop/letters/", "/letters/", "/post/", "/"]
