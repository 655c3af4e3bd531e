"""The start page: what visitors see now, what needs somebody, what starts and ends, and the buttons to pause."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from personalization.content import sources
from personalization.content.advising import overview
from personalization.content.deciding.blocks import PublishedBlock, PublishedVariant
from personalization.content.deciding.schedule import Schedule
from personalization.content.finding import found
from personalization.content.finding.missing import MissingName
from personalization.content.finding.template_names import Templates
from personalization.content.measuring.comparing import Share, Verdict
from personalization.content.measuring.results import BlockResults, VariantResults
from personalization.content.models import (
    Block,
    BlockGroup,
    CallToAction,
    CallToActionOverride,
    Campaign,
    PausedEverything,
    Picture,
    Variant,
)
from personalization.content.previewing.preview import Preview, token_in
from personalization.content.revising.kept import Thing, snapshot
from personalization.content.revising.revisions import drop_draft, save_draft
from personalization.segments.models import Segment
from tests.architecture.test_words import expert_words
from tests.personalization.content.posting import block_form
from tests.personalization.content.visitors import segment

pytestmark = pytest.mark.django_db
PAGE = "/admin/attune_content/block/start/"


@pytest.fixture(autouse=True)
def _no_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found, "read_templates", lambda: Templates(()))


def said(client: Client, address: str = PAGE) -> str:
    page = client.get(address).content.decode()
    assert expert_words(page) == []
    main = page.partition('id="content-main"')[2]
    return " ".join(re.sub("<[^>]*>", " ", main).split())


def staff(*permissions: str) -> Client:
    user = User.objects.create_user("some", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


def block(key: str, *segments: Segment, **fields: Any) -> Block:
    made = Block.objects.create(key=key, name=key.capitalize(), default="<p>All</p>")
    variant = Variant.objects.create(
        block=made, name=f"{key} for some", body="<p>Some</p>", audience_kind="segments" if segments else "everybody",
        **fields,
    )  # fmt: skip
    variant.segments.set(segments)
    return made


def test_start__what_visitors_see__is_told_for_each_block_with_whom(admin_client: Client) -> None:
    block("note", segment("fans"))
    Block.objects.create(key="plain", name="Plain")
    block("later", starts_at=timezone.now() + timedelta(days=400))
    text = said(admin_client)
    assert "Note Live Pause Note note for some : Fans" in text
    assert "Plain Live Pause Plain The same for everyone" in text
    later = text.partition("Starts later")[2].partition("What needs you")[0]
    assert re.search("Later Starts later Pause Later later for some : everybody Not shown before [^.]", later)


def test_start__what_needs_somebody__is_gathered_from_everywhere(admin_client: Client) -> None:
    segment("crowd", size=1_000)
    nobody = segment("nobody", size=0)
    segment("idle", size=0)
    block("note", nobody)
    block("over", ends_at=timezone.now() - timedelta(days=1))
    block("failing", broken_at=timezone.now(), failure="It is empty.")
    MissingName.objects.create(kind="block", key="home-aside", asked_at=timezone.now())
    text = said(admin_client).partition("What needs you")[2]
    for one in ("Home aside Write here", "Over: over for some Its time is over",
                "Segment “Nobody” Nobody is in it. One variant depends on it.",
                "Failing: failing for some Switched off after errors"):  # fmt: skip
        assert one in text
    assert "Idle" not in text


def test_start__drafts__wait_for_those_who_may_see_what_they_are_of(admin_client: Client, settings: Settings) -> None:
    things: list[Thing] = [
        block("note"),
        CallToAction.objects.create(key="join", name="Join", label="Join"),
        Campaign.objects.create(name="Summer"),
        BlockGroup.objects.create(name="Offers"),
        Picture.objects.create(name="Lake"),
    ]
    for thing in things:
        save_draft(thing, snapshot(thing), by="admin")
    drop_draft(things[-1])
    waits = "A draft of admin waits to be published (today)."
    text = said(admin_client)
    assert re.findall(rf"(\w+) {re.escape(waits)}", text) == ["Offers", "Summer", "Join", "Note"]
    html = admin_client.get(PAGE).content.decode()
    assert f'<a href="/admin/attune_content/blockgroup/{things[3].pk}/change/?draft">Offers</a>' in html
    settings.PERSONALIZATION_FOUR_EYES = True
    assert said(admin_client).count(f"{waits} You wrote this draft, so somebody else must publish it.") == 4
    text = said(staff("view_campaign"))
    assert f"Summer {waits} You may write drafts, not publish them." in text
    assert text.count(waits) == 1


def test_start__a_segment_that_fell_to_zero__tells_when_and_what_depends_on_it(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    segment("crowd", size=1_000)
    emptied_at = timezone.now() - timedelta(days=1)
    fans = segment("fans", size=0, emptied_at=emptied_at)
    block("note", fans)
    block("off", fans, enabled=False)
    lost = segment("lost", size=0)
    block("rest", lost)
    Variant.objects.filter(block__key="rest").update(audience_kind="everybody")
    segment("called", size=0)
    calling = CallToAction.objects.create(key="go", name="Go", label="Go", url="/")
    CallToActionOverride.objects.create(cta=calling, segment=Segment.objects.get(slug="called"), label="Come")
    segment("read", size=0)
    brought = PublishedBlock(
        "cms:1", True, "", (PublishedVariant("1", "A", ("fans", "read")), PublishedVariant("2", "B", ("fans",)))
    )
    monkeypatch.setitem(sources._sources, "test", lambda: [brought])
    with time_machine.travel(emptied_at + timedelta(days=1), tick=False):
        text = said(admin_client).partition("What needs you")[2]
    assert "Segment “Fans” It fell to zero yesterday. 3 variants depend on it." in text
    assert "Segment “Called” Nobody is in it. A call to action says something else to it." in text
    assert "Segment “Read” Nobody is in it. One variant depends on it." in text
    assert "Segment “Lost”" not in text


def test_start__add_a_variant__leads_to_a_new_one_after_the_others(admin_client: Client) -> None:
    note = block("note")
    page = admin_client.get(PAGE).content.decode()
    (address,) = re.findall(r'href="([^"]*\?variant[^"]*)"', page)
    assert address == f"/admin/attune_content/block/{note.pk}/change/?variant#variants-1"
    assert 'name="variants-1-name"' in admin_client.get(address).content.decode()
    assert 'name="variants-1-name"' not in admin_client.get(address.partition("?")[0]).content.decode()


def test_start__nothing_to_do__says_so(admin_client: Client) -> None:
    assert "Nothing: all is well." in said(admin_client)
    assert "There is no block yet" in said(admin_client)


def test_start__calendar__tells_what_starts_and_ends_and_leafs(admin_client: Client) -> None:
    now = timezone.now()
    block("note", starts_at=now, ends_at=now + timedelta(days=400))
    Campaign.objects.create(name="Sale", status="paused", starts_at=now, time_zone="Pacific/Kiritimati")
    idle = Campaign.objects.create(name="Idle", status="paused")
    block("over", ends_at=now, campaign=idle)
    page = admin_client.get(f"{PAGE}?month={now:%Y-%m}")
    text = said(admin_client, f"{PAGE}?month={now:%Y-%m}").partition("What starts and ends")[2]
    assert re.search(r"Note: note for some starts [^()]*Over: over for some ends [^()]*\(paused\)", text)
    ahead = f"{now.astimezone(Campaign(time_zone='Pacific/Kiritimati').zone):%Y-%m}"
    text = said(admin_client, f"{PAGE}?month={ahead}").partition("What starts and ends")[2]
    assert "(Pacific/Kiritimati) (campaign) (paused)" in text
    assert f"?month={page.context['month'].after}#" in page.content.decode()
    assert "Nothing starts or ends" in said(admin_client, f"{PAGE}?month=2020-01")


def test_start__pause_buttons__act_at_once_and_come_back(admin_client: Client) -> None:
    note, sale = block("note"), Campaign.objects.create(name="Sale")
    addresses = re.findall(r'action="(/admin/attune[^"]*)"', admin_client.get(PAGE).content.decode())
    assert len(addresses) == 3
    for address in addresses:
        assert admin_client.post(address, {"to": "paused"})["Location"] == PAGE
    note.refresh_from_db()
    sale.refresh_from_db()
    assert (note.status, sale.status, PausedEverything.objects.count()) == ("paused", "paused", 1)
    assert "Everything is paused since" in said(admin_client)


def test_start__everything_paused__tells_that_all_see_the_same(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    block("note")
    monkeypatch.setitem(
        sources._sources, "test", lambda: [PublishedBlock("cms:1", True, "", (PublishedVariant("1", "For all", None),))]
    )
    assert ("note for some : everybody" in said(admin_client), "For all : everybody" in said(admin_client)) == (
        True,
        True,
    )
    PausedEverything.objects.create()
    text = said(admin_client)
    assert "Note Paused with everything The same for everyone" in text
    assert text.count("Resume everything") == 1
    assert "all is well" not in text
    assert "for some" not in text
    assert "For all" not in text


def test_start__whatever_there_is__costs_as_many_queries(
    admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    fans = segment("fans", size=100)
    for number in range(20):
        note = block(f"note-{number}", fans, segment(f"nobody-{number}", size=0), ends_at=timezone.now())
        save_draft(note, snapshot(note), by="eva")
        Campaign.objects.create(name=f"Sale {number}", starts_at=timezone.now())
        MissingName.objects.create(kind="block", key=f"missing-{number}", asked_at=timezone.now())
    with django_assert_max_num_queries(19):
        admin_client.get(PAGE)


def test_start__what_works__is_told_in_sentences_and_counted_now_and_then(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Too early to say: of no block" in said(admin_client)
    cache.clear()
    now, counted = timezone.now(), []

    def result(name: str, clicked: int, pk: int | None) -> BlockResults:
        tailored = VariantResults("", "", clicked=Share(clicked, 1_000), verdict=Verdict.MORE)
        default = VariantResults("default", "", clicked=Share(50, 1_000))
        return BlockResults(name, name, now, now, (), default, tailored, pk)

    def best_and_worst(**times: Any) -> Any:
        counted.append(times)
        return [result("Hero", 200, 7)], [result("Note of a page", 10, None)]

    monkeypatch.setattr(overview, "best_and_worst", best_and_worst)
    for _ in range(2):
        text = said(admin_client)
        assert "Clicked more than without it Hero Of 100 who saw one of the variants, 20 clicked; of" in text
        assert "Clicked less than without it Note of a page Of 100 who saw one of the variants, 1 clicked; of" in text
    assert len(counted) == 1
    monkeypatch.setattr("personalization.profiles.keeping.cache.get_or_set", lambda *args: 1 / 0)
    assert "20 clicked" in said(admin_client)


def test_start__blocks_of_a_cms__are_told_beside_those_of_the_admin(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    segment("fans")
    brought = PublishedBlock("cms:1", True, "", name="Hero of the page", variants=(
        PublishedVariant("1", "For fans", ("fans",), schedule=Schedule(ends_at=now + timedelta(minutes=1))),
        PublishedVariant("2", "By rule", ("variant:2",)),
        PublishedVariant("6", "Not yet fans", ("variant:6",), not_in=("fans",), languages=frozenset({"de"})),
        PublishedVariant("3", "For all", None),
        PublishedVariant("5", "Behind", ("fans",)),
        PublishedVariant("4", "Over", None, schedule=Schedule(ends_at=now)),
    ))  # fmt: skip
    monkeypatch.setitem(sources._sources, "test", lambda: [brought])
    text = said(admin_client)
    assert "Hero of the page Live For fans : Fans By rule : visitors who match a rule" in text
    assert "match a rule Not yet fans : visitors not in Fans (Deutsch)" in text
    assert "and 2 more For all : everybody" in text
    assert "Hero of the page: Behind Nobody ever sees it: all whom it is for get “For all” first." in text
    assert "Hero of the page: Over Its time is over." in text
    assert "Hero of the page: For fans" not in text.partition("What starts and ends")[0]
    assert "Hero of the page: Over ends" in text
    ends = overview.entries_elsewhere([brought, replace(brought, live=False)], url_of="/{}/".format)
    assert [(one.name, one.url, one.is_paused) for one in ends][::2] == [
        ("Hero of the page: For fans", "/cms:1/", False),
        ("Hero of the page: For fans", "/cms:1/", True),
    ]


def test_start__for_those_who_see_segments_alone__has_neither_blocks_nor_buttons() -> None:
    segment("crowd", size=1_000)
    block("secret", segment("few", size=3))
    text = said(staff("view_segment"))
    assert "Segment “Few” Under 10 visitors are in it" in text
    assert "Secret" not in text
    assert "Pause" not in text
    assert "What starts and ends" not in text


def test_start__for_those_who_see_results_and_segments__tells_what_works() -> None:
    assert "What works" not in said(staff("view_segment"))
    User.objects.all().delete()
    text = said(staff("view_segment", "view_results"))
    assert "What works Too early to say" in text
    assert "What visitors see now" not in text


def test_start__for_those_who_may_only_look_at_blocks__has_no_buttons() -> None:
    block("note")
    text = said(staff("view_block"))
    assert "note for some" in text
    assert "Pause" not in text
    assert "Add block" not in text


def test_start__for_those_who_may_see_none_of_it__is_closed() -> None:
    client = staff("view_user")
    assert client.get(PAGE).status_code == 403


def test_start__what_a_paused_campaign_holds_back__stands_under_paused_with_why(admin_client: Client) -> None:
    campaign = Campaign.objects.create(name="Sale", status="paused")
    block("held", campaign=campaign)
    ended = Campaign.objects.create(name="Spring", ends_at=timezone.now() - timedelta(days=1))
    block("gone", campaign=ended, starts_at=timezone.now() + timedelta(days=3))
    text = said(admin_client)
    paused = text.partition("all 2 blocks of the site")[2].partition("What needs you")[0]
    assert (
        "Paused Held Not shown Pause Held held for some : everybody Not shown: the campaign “Sale” is paused." in paused
    )
    assert "Spring Ended Ended on" in text
    assert "gone for some starts" not in text
    listed = admin_client.get(reverse("admin:attune_content_block_changelist")).content.decode()
    assert "Not shown: the campaign “Sale” is paused." in listed


def test_start__a_pause__can_be_taken_back_in_its_message(admin_client: Client) -> None:
    note = block("note")
    pause = reverse("admin:attune_content_block_pause", args=[note.pk])
    admin_client.post(f"{pause}?start", {"to": "paused"})
    page = admin_client.get(PAGE).content.decode()
    assert 'id="attune-undo"' in page
    button = re.search(r'<button type="submit" form="attune-undo" formaction="([^"]*)" name="to" value="([^"]*)"', page)
    assert button is not None
    assert admin_client.post(button[1], {"to": button[2]})["Location"] == PAGE
    note.refresh_from_db()
    assert note.status == "live"


def test_new_message__begins_with_the_place__and_leads_to_a_variant(admin_client: Client) -> None:
    note = block("note")
    MissingName.objects.create(kind="block", key="home-aside", asked_at=timezone.now(), page="/shop/")
    address = reverse("admin:attune_content_new_message")
    assert address in admin_client.get(PAGE).content.decode()
    text = said(admin_client, address)
    assert "Free places Home aside Write here Home aside On the page /shop/." in text
    assert "Note Write here Note One message so far. Everyone else sees: All" in text
    assert f"/block/{note.pk}/change/?variant#variants-1" in admin_client.get(address).content.decode()
    assert address not in staff("view_block").get(PAGE).content.decode()


def test_save__of_a_block__says_whether_visitors_see_it_and_leads_back(admin_client: Client) -> None:
    note = block("note")
    change = reverse("admin:attune_content_block_change", args=[note.pk])
    (variant,) = note.variants.all()
    buttons = admin_client.get(change).content.decode()
    assert [f'value="{one}"' in buttons for one in ("Save and publish", "Save as draft", "Save")] == [True, True, False]
    typed = block_form(
        [{"id": variant.pk, "name": "A", "audience_kind": "everybody", "body": "<p>Hi</p>"}], name="Note"
    )
    for address, leads_to in ((f"{change}?start", PAGE), (change, reverse("admin:attune_content_block_changelist"))):
        assert admin_client.post(address, typed | {"_save": "1"})["Location"] == leads_to
        page = admin_client.get(leads_to).content.decode()
        assert "“Note” is published: visitors see it from now on." in page
        assert 'form="attune-undo"' in page
    PausedEverything.objects.create()
    admin_client.post(change, typed | {"_save": "1"})
    assert "Everything is paused: visitors see nothing of it." in admin_client.get(change).content.decode()


def test_look__at_a_draft_that_starts_later__is_as_its_visitor_at_its_first_moment(admin_client: Client) -> None:
    fans, opens = segment("fans"), timezone.now().replace(microsecond=0) + timedelta(days=8)
    note = block("note", fans)
    live = note.variants.get()
    Variant.objects.filter(pk=live.pk).update(starts_at=opens)
    save_draft(note, snapshot(note), by="admin")
    Variant.objects.filter(pk=live.pk).update(starts_at=None)
    change = reverse("admin:attune_content_block_change", args=[note.pk])
    look = reverse("admin:attune_content_block_look", args=[note.pk])
    assert f'href="{look}?drafts"' in admin_client.get(f"{change}?draft").content.decode()
    address = admin_client.get(f"{look}?drafts")["Location"]
    preview = Preview.read(token_in(address.partition("?")[2]) or "", now=timezone.now())
    assert (preview.assumed.segments, preview.assumed.at, preview.drafts) == (("fans",), opens, True)
    assert preview.back == f"{change}?draft"
