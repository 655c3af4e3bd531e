"""Who may do what in the admin: every page and every action, walked as each group. New ones fail until listed here."""

from __future__ import annotations

import re
from typing import Final

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import URLPattern, reverse
from django.utils import timezone

from personalization.content.models import Block, BlockGroup, CallToAction, Campaign, CodeStock, OverallLimit, Picture
from personalization.management.commands.setup_attune import make_groups
from personalization.profiles.services import set_traits
from personalization.segments.admin import SegmentAdmin
from personalization.segments.models import Segment, Status
from tests.tracking.samples import NOW, batch, event
from tracking.models import EventType, Goal, Import, RefusedEvents, Visitor, VisitorAccess
from tracking.recording import record_events

pytestmark = [pytest.mark.django_db, pytest.mark.once]

GROUPS: Final = {"E": "Attune: editors", "A": "Attune: analysts", "P": "Attune: privacy officers"}
NOBODY, ALL = "", "EAPS"
WHO: Final = {**GROUPS, "S": "superuser", "B": "bare staff"}

# Who may open each page of the admin: the letters of the groups, S for superusers.
PAGES: Final = {
    **{f"attune_content_{model}_{page}": "ES"
       for model in ("block", "blockgroup", "calltoaction", "campaign", "overalllimit", "picture", "codestock")
       for page in ("changelist", "add", "history", "delete", "change")},
    **{f"attune_content_block_{page}": "ES" for page in ("pause", "retry", "pause_everything", "duplicate")},
    **{f"attune_content_{model}_{page}": "ES"
       for model in ("block", "blockgroup", "calltoaction", "campaign", "picture")
       for page in ("bring_back", "publish", "drop_draft")},
    **{f"attune_content_block_{page}": "ES" for page in ("preview_as", "side_by_side", "look")},
    "attune_content_campaign_pause": "ES",
    "attune_content_campaign_end": "ES",
    "attune_content_new_message": "ES",
    "attune_content_block_cached_pages": "ES",
    "attune_content_block_found": "ES",
    "attune_content_block_audiences": "ES",
    "attune_content_start": ALL,
    "attune_content_block_preview": "ES",
    "attune_content_block_results": ALL,
    **{f"attune_segments_segment_{page}": ALL for page in ("changelist", "history", "change")},
    **{f"attune_segments_segment_{page}": "ES"
       for page in ("add", "delete", "update_now", "rule_in_words", "rule_vocabulary")},
    **{f"attune_tracking_{model}_{page}": ALL for model in ("eventtype", "goal")
       for page in ("changelist", "history", "change")},
    **{f"attune_tracking_{model}_{page}": "ES" for model in ("eventtype", "goal") for page in ("add", "delete")},
    **{f"attune_tracking_refusedevents_{page}": ALL for page in ("changelist", "history", "change")},
    **{f"attune_tracking_import_{page}": ALL for page in ("changelist", "history", "change")},
    **{f"attune_scoring_engagementscore_{page}": ALL for page in ("changelist", "history", "change")},
    **{f"attune_scoring_engagementscore_{page}": NOBODY for page in ("add", "delete")},
    "attune_tracking_import_undo": "PS",
    "attune_tracking_visitor_changelist": "APS",
    "attune_tracking_visitor_change": "APS",
    "attune_tracking_visitor_history": "PS",
    **{f"attune_tracking_visitoraccess_{page}": "PS" for page in ("changelist", "history", "change")},
    **{f"attune_tracking_{model}_{page}": NOBODY for model in ("refusedevents", "import", "visitor", "visitoraccess")
       for page in ("add", "delete")},
}  # fmt: skip

# Who may send what stands on a page, where that is not everybody who may open it.
SENDS: Final = {
    "attune_scoring_engagementscore_changelist": "ES",
    "attune_scoring_engagementscore_change": "ES",
    "attune_segments_segment_change": "ES",
    "attune_tracking_eventtype_change": "ES",
    "attune_tracking_goal_change": "ES",
    "attune_tracking_refusedevents_change": NOBODY,
    "attune_tracking_import_change": NOBODY,
    "attune_tracking_visitoraccess_change": NOBODY,
}

# Who is offered each action of a list, and so may run it.
ACTIONS: Final = {
    "attune_content.block.delete_selected": "ES",
    "attune_content.blockgroup.delete_selected": "ES",
    "attune_content.campaign.delete_selected": "ES",
    "attune_content.overalllimit.delete_selected": "ES",
    "attune_content.picture.delete_selected": "ES",
    "attune_content.codestock.delete_selected": "ES",
    "attune_content.calltoaction.delete_selected": "ES",
    "attune_segments.segment.delete_selected": "ES",
    "attune_segments.segment.update_now_action": "ES",
    "attune_tracking.eventtype.delete_selected": "ES",
    "attune_tracking.goal.delete_selected": "ES",
    "attune_scoring.engagementscore.delete_selected": NOBODY,
    **{f"attune_tracking.{model}.delete_selected": NOBODY
       for model in ("import", "refusedevents", "visitor", "visitoraccess")},
}  # fmt: skip


def own_admins() -> list[admin.ModelAdmin[Model]]:
    return [one for model, one in admin.site._registry.items() if model._meta.app_label.startswith("attune")]


def own_pages() -> dict[str, URLPattern]:
    """Every named page of our models in the admin."""
    return {
        pattern.name: pattern
        for one in own_admins()
        for pattern in one.get_urls()
        if isinstance(pattern, URLPattern) and pattern.name
    }


def own_actions() -> dict[str, object]:
    """Every action of our lists."""
    return {
        f"{one.opts.label_lower}.{name}": function
        for one in own_admins()
        for function, name, _ in one._get_base_actions()  # type: ignore[attr-defined]  # all of them, for whomever
    }


def person(who: str) -> User:
    if who == "S":
        return User.objects.create_superuser("anna")
    user = User.objects.create_user("anna", is_staff=True)
    if who in GROUPS:
        make_groups()
        user.groups.add(Group.objects.get(name=GROUPS[who]))
    return user


def one_of_each() -> dict[str, object]:
    """The key of one row of each model."""
    sent = batch([event()])
    record_events([sent], now=NOW)
    rows: list[Model] = [
        Visitor.objects.get(),
        Block.objects.create(key="hero", name="Hero"),
        BlockGroup.objects.create(name="Offers"),
        OverallLimit.objects.create(times=2, within="session"),
        Picture.objects.create(name="Lake"),
        CodeStock.objects.create(name="Spring"),
        Campaign.objects.create(name="Summer"),
        CallToAction.objects.create(key="buy", name="Buy", label="Buy", url="/"),
        Segment.objects.create(slug="fans", name="Fans", status=Status.ACTIVE),
        EventType.objects.create(name="wave", label="Wave", purposes=1),
        Goal.objects.create(name="A wave", event="wave"),
        Import.objects.create(
            name="old.csv", purposes=3, shift_microseconds=0, last_event_at=NOW, rows=1, started_at=NOW
        ),
        RefusedEvents.objects.create(day=NOW.date(), reason="bot", count=2),
        VisitorAccess.objects.create(visitor_id=sent.visitor_id, who="anna", reason="Ticket 4711", at=timezone.now()),
    ]
    only: dict[str, object] = {"attune_scoring_engagementscore": 1}
    return only | {row._meta.label_lower.replace(".", "_"): row.pk for row in rows}


def test_pages__each_that_is_registered__has_its_rights_listed() -> None:
    assert set(own_pages()) == set(PAGES), "say in PAGES who may open it"


def test_actions__each_that_is_registered__has_its_rights_listed_and_asks() -> None:
    found = own_actions()
    assert set(found) == set(ACTIONS), "say in ACTIONS who may run it"
    assert [name for name, function in found.items() if not getattr(function, "allowed_permissions", ())] == []


@pytest.mark.parametrize("who", WHO)
def test_pages__walked_by_each__open_for_those_alone_who_may(client: Client, who: str) -> None:
    client.force_login(person(who))
    keys = one_of_each()
    wrong = []
    for name, pattern in own_pages().items():
        args = [keys["_".join(name.split("_")[:3])]] if pattern.pattern.converters else []
        url = reverse(f"admin:{name}", args=args)
        with transaction.atomic():
            asked = [(PAGES[name], client.get(url)), (SENDS.get(name, PAGES[name]), client.post(url))]
            transaction.set_rollback(True)  # an import that was undone is walked to again
        wrong += [
            f"{name}: {answer.request['REQUEST_METHOD']} {answer.status_code}"
            for letters, answer in asked
            if answer.status_code not in ({200, 302, 405} if who in letters else {403})
        ]
    assert wrong == []


@pytest.mark.parametrize("who", WHO)
def test_actions__asked_for_by_each__are_offered_to_those_alone_who_may(who: str) -> None:
    request = RequestFactory().get("/admin/")
    request.user = person(who)
    offered = {f"{one.opts.label_lower}.{name}" for one in own_admins() for name in one.get_actions(request)}
    assert offered == {name for name, letters in ACTIONS.items() if who in letters}


def test_index__bare_staff__shows_none_of_ours(client: Client) -> None:
    client.force_login(person("B"))
    assert "/admin/attune_" not in client.get(reverse("admin:index")).content.decode()


@pytest.mark.parametrize("who", WHO)
def test_visitor__page_as_each__names_persons_to_those_alone_who_may_see_them(client: Client, who: str) -> None:
    sent = batch([event("search", search_term="anna@example.org")])
    record_events([sent], now=NOW)
    set_traits(sent.visitor_id, {"company": "Anna Bolika", "visits": 12}, source="test", now=NOW)
    client.force_login(person(who))
    url = reverse("admin:attune_tracking_visitor_change", args=[sent.visitor_id])
    answer = client.post(url, {"reason": "Ticket 4711"}, follow=True)
    page = answer.content.decode()
    assert answer.status_code == (200 if who in "APS" else 403)
    assert [text in page for text in ("anna@example.org", "Anna Bolika")] == [who in "PS"] * 2
    assert ("<td>12</td>" in page) is (who in "APS")


def numbers(client: Client) -> list[str]:
    """What the list and the pages of the segments say of their people, smallest name first."""
    page = client.get("/admin/attune_segments/segment/").content.decode()
    said = re.findall(r'field-people">(.*?)<', page)
    for pk in Segment.objects.order_by("name").values_list("pk", flat=True):
        shown = client.get(f"/admin/attune_segments/segment/{pk}/change/").content.decode()
        said += re.findall(r'field-people.*?readonly">(.*?)<', shown, re.DOTALL)
    return said


@pytest.mark.parametrize(("who", "said"), [("E", "under 10"), ("A", "under 10"), ("P", "3"), ("S", "3")])
def test_small_counts__sizes_of_segments__are_exact_for_privacy_officers_alone(
    client: Client, who: str, said: str
) -> None:
    for name, size in (("a", 3), ("b", 1234)):
        Segment.objects.create(slug=name, name=name, status=Status.ACTIVE, size=size, size_at=NOW)
    client.force_login(person(who))
    assert numbers(client) == [said, "1,234"] * 2


@pytest.mark.parametrize(("size", "said"), [(0, "under 10"), (9, "under 10"), (10, "10")])
def test_small_counts__at_the_border__are_told_from_ten(client: Client, size: int, said: str) -> None:
    Segment.objects.create(slug="a", name="a", status=Status.ACTIVE, size=size, size_at=NOW)
    client.force_login(person("E"))
    assert numbers(client) == [said] * 2


def test_small_counts__sorted_and_filtered_by__do_not_tell(client: Client) -> None:
    for name, size in (("a", 9), ("b", 1), ("c", 5), ("d", 20)):
        Segment.objects.create(slug=name, name=name, status=Status.ACTIVE, size=size, size_at=NOW)
    client.force_login(person("E"))
    column = list(SegmentAdmin.list_display).index("people") + 1  # the boxes to tick come first

    def order() -> list[str]:
        page = client.get(f"/admin/attune_segments/segment/?o={column}").content.decode()
        return re.findall(r'field-name"><a[^>]*>(.)<', page)

    before = order()
    assert before[-1] == "d"
    for name, size in (("a", 1), ("b", 9)):
        Segment.objects.filter(slug=name).update(size=size)
    assert order() == before
    assert client.get("/admin/attune_segments/segment/?size__lt=3").status_code == 400


@pytest.mark.parametrize(("who", "said"), [("E", "under 10 visitors were"), ("S", "one visitor was")])
def test_small_counts__update_now__tells_no_more(client: Client, who: str, said: str) -> None:
    record_events([batch([event()])], now=NOW)
    client.force_login(person(who))
    page = client.post(reverse("admin:attune_segments_segment_update_now"), follow=True).content.decode()
    assert f"Updated: {said} looked at." in page
