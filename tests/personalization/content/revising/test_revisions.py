"""Histories of blocks: what is kept, compared and brought back; drafts that nobody sees, and who may publish them."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from personalization.content.checks import check_publishers
from personalization.content.models import Block, Campaign, Variant
from personalization.content.revising import kept, revisions
from personalization.content.revising.comparing import Change, changes
from personalization.content.revising.kept import BLOCK
from personalization.content.revising.revisions import OutdatedDraft, Revision
from personalization.content.services import decide
from personalization.management.commands.setup_attune import make_groups
from tests.personalization.content.posting import block_form as form
from tests.personalization.content.visitors import judged, request_of, segment

pytestmark = pytest.mark.django_db

DRAFT = Revision.State.DRAFT
PUBLISHED = Revision.State.PUBLISHED


@pytest.fixture
def block() -> Block:
    block = Block.objects.create(key="hero", name="Hero", default="<p>for all</p>")
    fans = Variant.objects.create(block=block, name="Fans", order=10, body="<p>f</p>", audience_kind="segments")
    fans.segments.add(segment("fans"))
    Variant.objects.create(block=block, name="All", order=20, body="<p>a</p>")
    return block


def editor(name: str) -> Client:
    user = User.objects.create_user(name, is_staff=True)
    make_groups()
    user.groups.add(Group.objects.get(name="Attune: editors"))
    client = Client()
    client.force_login(user)
    return client


def author(name: str) -> Client:
    """Somebody who may change all that editors may, and not publish it."""
    client = editor(name)
    user, group = User.objects.get(username=name), Group.objects.get(name="Attune: editors")
    user.user_permissions.set(group.permissions.exclude(codename="publish_block"))
    user.groups.clear()
    return client


def url(block: Block, page: str = "change") -> str:
    return reverse(f"admin:attune_content_block_{page}", args=[block.pk])


def typed(block: Block, **fields: Any) -> dict[str, Any]:
    """The block's page as a browser posts it, the body of its last variant changed."""
    fans, all_ = block.variants.all()
    variants: list[dict[str, Any]] = [
        {
            "id": fans.pk,
            "block": block.pk,
            "name": "Fans",
            "order": "10",
            "body": "<p>f</p>",
            "audience_kind": "segments",
            "segments": [segment.pk for segment in fans.segments.all()],
        },
        {"id": all_.pk, "block": block.pk, "name": "All", "order": "20", "body": "<p>typed</p>"},
    ]
    return form(variants, base=str(revisions.last_number(block))) | fields


def shown(block: Block) -> str:
    return str(getattr(decide(request_of(), block.key).variant, "name", ""))


def test_restore__anything_changed_since__is_as_it_was_with_the_same_ids(block: Block) -> None:
    before = kept.snapshot(block)
    campaign = Campaign.objects.create(name="Sale")
    fans, all_ = block.variants.all()
    Block.objects.filter(pk=block.pk).update(default="", campaign=campaign, cap_times=3)
    fans.segments.clear()
    Variant.objects.filter(pk=fans.pk).update(starts_at="2026-11-20T12:00:00Z", weekdays=["mon"], rule={"all": []})
    all_.delete()
    Variant.objects.create(block=block, name="New")
    assert len(changes(BLOCK, before, kept.snapshot(block))) == 9
    kept.restore(block, before)
    assert kept.snapshot(block) == before
    assert {one.uuid for one in block.variants.all()} == {fans.uuid, all_.uuid}


def test_restore__what_is_gone_meanwhile__is_switched_off_with_a_note(block: Block) -> None:
    campaign = Campaign.objects.create(name="Sale")
    content = kept.snapshot(block)
    content["block"]["campaign"] = content["variants"][1]["campaign"] = campaign.pk
    content["variants"][0]["segments"].append(0)
    campaign.delete()
    assert kept.restore(block, content) == [
        "It is paused: its campaign was deleted meanwhile.",
        "“Fans” is switched off: its segment was deleted meanwhile.",
        "“All” is switched off: its campaign was deleted meanwhile.",
    ]
    block.refresh_from_db()
    assert (block.campaign, block.status) == (None, "paused")
    fans, all_ = block.variants.all()
    assert [one.slug for one in fans.segments.all()] == ["fans"]
    assert (fans.enabled, all_.enabled) == (False, False)


def test_changes__in_editors_words__name_variant_field_before_and_after(block: Block) -> None:
    before = kept.snapshot(block)
    Variant.objects.filter(name="All").update(body="<p>b</p><p>c</p>", enabled=False)
    assert changes(BLOCK, before, kept.snapshot(block)) == [
        Change("All", "Text", "a", "b c"),
        Change("All", "Switched on", "Yes", "No"),
    ]


def test_changes__dates__are_by_the_clocks_that_the_variant_had(block: Block) -> None:
    variants = Variant.objects.filter(name="All")
    variants.update(starts_at="2027-03-01T09:00:00Z", time_zone="Europe/Berlin")
    before = kept.snapshot(block)
    variants.update(starts_at="2027-03-01T01:00:00Z", time_zone="Asia/Tokyo")
    assert changes(BLOCK, before, kept.snapshot(block)) == [
        Change("All", "From", "March 1, 2027, 10 a.m. (Europe/Berlin)", "March 1, 2027, 10 a.m. (Asia/Tokyo)"),
        Change("All", "Time zone", "Europe/Berlin", "Asia/Tokyo"),
    ]


def test_record__nothing_changed__keeps_nothing_and_many_are_pruned(
    block: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revisions, "MOST_REVISIONS", 3)
    assert revisions.record_published(block, by="anna") is not None
    assert revisions.record_published(block, by="anna") is None
    revisions.save_draft(block, kept.snapshot(block), by="anna")
    for number in range(6):
        Block.objects.filter(pk=block.pk).update(room=number + 1)
        revisions.record_published(block, by="anna")
    assert [(one.number, one.state) for one in Revision.objects.all()] == [
        *((number, PUBLISHED) for number in (8, 7, 6)),
        (2, DRAFT),
    ]


def test_duplicate__block__is_paused_under_new_names_and_ids(block: Block) -> None:
    copies = [revisions.duplicate(block, by="anna", may_publish=True) for _ in range(2)]
    assert [(copy.key, copy.status) for copy in copies] == [("hero-copy", "paused"), ("hero-copy-2", "paused")]
    assert [one.name for one in copies[0].variants.all()] == ["Fans", "All"]
    assert copies[0].variants.all()[0].segments.count() == 1
    assert not {one.uuid for one in copies[0].variants.all()} & {one.uuid for one in block.variants.all()}


def test_publish_draft__changed_meanwhile__is_refused(block: Block) -> None:
    draft = revisions.save_draft(block, kept.snapshot(block), by="anna")
    Block.objects.filter(pk=block.pk).update(default="<p>other</p>")
    with pytest.raises(OutdatedDraft):
        revisions.publish_draft(draft, by="berta", may_publish=True)
    block.refresh_from_db()
    assert block.default == "<p>other</p>"


def test_publish_draft__replaced_or_dropped_meanwhile__is_refused(block: Block) -> None:
    content = kept.snapshot(block)
    content["variants"][1]["name"] = "Renamed"
    replaced = revisions.save_draft(block, content, by="anna")
    dropped = revisions.save_draft(block, content, by="anna")
    revisions.drop_draft(block)
    for draft in (replaced, dropped):
        draft.state = DRAFT  # as somebody read it a moment before
        with pytest.raises(OutdatedDraft):
            revisions.publish_draft(draft, by="berta", may_publish=True)
    assert shown(block) == "All"


def test_publish_draft__four_eyes__takes_somebody_else_who_may(block: Block, settings: Settings) -> None:
    settings.PERSONALIZATION_FOUR_EYES = True
    content = kept.snapshot(block)
    content["variants"][1]["name"] = "Renamed"
    draft = revisions.save_draft(block, content, by="anna")
    for by, may in (("anna", True), ("berta", False)):
        with pytest.raises(PermissionDenied):
            revisions.publish_draft(draft, by=by, may_publish=may)
    assert shown(block) == "All"
    revisions.publish_draft(draft, by="berta", may_publish=True)
    assert shown(block) == "Renamed"
    assert (draft.state, draft.by, draft.published_by) == (PUBLISHED, "anna", "berta")


def test_admin__saved_twice__history_tells_and_brings_back(block: Block) -> None:
    anna = editor("anna")
    assert anna.post(url(block), typed(block)).status_code == 302
    assert [(one.by, one.state) for one in Revision.objects.all()] == [("anna", PUBLISHED), ("", PUBLISHED)]
    page = anna.get(url(block, "history")).content.decode()
    assert "<del>a</del>" in page
    assert "<ins>typed</ins>" in page
    assert "All of this changes, against what is live now:" in page
    assert "<ins>a</ins>" in page.partition("attune-back")[2]
    uuids = list(block.variants.values_list("uuid", flat=True))
    anna.post(url(block, "bring_back"), {"number": "1"})
    assert [one.body for one in block.variants.all()] == ["<p>f</p>", "<p>a</p>"]
    assert list(block.variants.values_list("uuid", flat=True)) == uuids
    assert revisions.last_number(block) == 3


def test_admin__draft__is_seen_by_editors_only_until_it_is_published(block: Block) -> None:
    anna = editor("anna")
    fan = judged(uuid4(), ["fans"])
    new = {"name": "New", "order": "5", "body": "<p>new</p>"}
    data = typed(block, _draft="1") | {
        f"variants-2-{name.removeprefix('variants-0-')}": value
        for name, value in form([new]).items()
        if name.startswith("variants-0-")
    }
    data |= {"variants-TOTAL_FORMS": 3}
    answer = anna.post(url(block), data)
    assert answer.status_code == 302
    assert answer["Location"] == f"{url(block)}?draft"
    assert [one.name for one in block.variants.all()] == ["Fans", "All"]
    assert getattr(decide(request_of(fan), "hero").variant, "name", "") == "Fans"
    assert "A draft of anna waits" in anna.get(url(block)).content.decode()
    page = anna.get(f"{url(block)}?draft").content.decode()
    assert 'value="New"' in page
    assert block.variants.count() == 2
    # What is opened as a draft is saved as one again, its new variant under the same id.
    draft = revisions.open_draft(block)
    assert draft is not None
    number = -(UUID(draft.content["variants"][0]["uuid"]).int >> 66) - 1
    again = data | {"base": str(draft.number), "variants-2-id": str(number), "variants-2-block": block.pk}
    again |= {"variants-INITIAL_FORMS": 3, "name": "Renamed"}
    assert anna.post(f"{url(block)}?draft", again).status_code == 302
    latest = revisions.open_draft(block)
    assert latest is not None
    assert latest.content["block"]["name"] == "Renamed"
    assert [one["uuid"] for one in latest.content["variants"]] == [one["uuid"] for one in draft.content["variants"]]
    anna.post(url(block, "publish"), {"number": str(draft.number)})  # it was replaced
    assert shown(block) == "All"
    anna.post(url(block, "publish"), {"number": str(latest.number)})
    assert shown(block) == "New"
    assert Variant.objects.filter(pk__lt=0).count() == 0


def test_admin__draft__can_be_saved_live_and_dropped(block: Block) -> None:
    anna = editor("anna")
    anna.post(url(block), typed(block, _draft="1"))
    anna.post(url(block, "drop_draft"), {"number": 1})  # not the one that waits
    assert revisions.open_draft(block) is not None
    anna.post(url(block, "drop_draft"), {"number": revisions.last_number(block)})
    assert revisions.open_draft(block) is None
    anna.post(url(block), typed(block, _draft="1"))
    assert anna.post(f"{url(block)}?draft", typed(block)).status_code == 302
    assert block.variants.all()[1].body == "<p>typed</p>"
    assert revisions.open_draft(block) is None


def test_admin__two_editors_at_once__the_second_is_told_and_loses_nothing(block: Block) -> None:
    anna, berta = editor("anna"), editor("berta")
    data = typed(block)
    anna.post(url(block), data)
    answer = berta.post(url(block), data | {"default": "<p>of berta</p>"})
    page = answer.content.decode()
    assert "anna saved this while you were editing it" in page
    assert "of berta" in page
    assert 'name="base" value="2"' in page
    block.refresh_from_db()
    assert block.default == "<p>for all</p>"
    assert berta.post(url(block), data | {"default": "<p>of berta</p>", "base": "2"}).status_code == 302
    assert Revision.objects.filter(block=block, by="anna").exists()


def test_admin__draft_of_somebody_else_waits__saving_another_says_that_it_made_room(block: Block) -> None:
    anna, berta = author("anna"), author("berta")
    anna.post(url(block), typed(block))
    page = berta.post(url(block), typed(block, name="Other"), follow=True).content.decode()
    assert "The draft of anna that waited made room for yours." in page
    assert [one.by for one in Revision.objects.filter(state="dropped")] == ["anna"]
    page = anna.post(url(block, "bring_back"), {"number": 1}, follow=True).content.decode()
    assert "The draft of berta that waited made room for yours." in page


def test_admin__four_eyes__every_save_is_a_draft_for_somebody_else(block: Block, settings: Settings) -> None:
    settings.PERSONALIZATION_FOUR_EYES = True
    anna, berta = editor("anna"), editor("berta")
    assert 'name="_save"' not in anna.get(url(block)).content.decode()
    anna.post(url(block), typed(block))
    draft = revisions.open_draft(block)
    assert draft is not None
    page = anna.post(url(block, "publish"), {"number": draft.number}, follow=True).content.decode()
    assert "You wrote this draft, so somebody else must publish it." in page
    assert block.variants.all()[1].body == "<p>a</p>"
    berta.post(url(block, "publish"), {"number": draft.number})
    assert block.variants.all()[1].body == "<p>typed</p>"
    anna.post(reverse("admin:attune_content_block_add"), form([{"name": "First"}], key="note"))
    note = Block.objects.get(key="note")
    assert (note.variants.count(), note.default) == (0, "")
    berta.post(url(note, "publish"), {"number": "2"})
    assert shown(note) == "First"


def test_admin__draft_with_mistakes__tells_them_and_stores_nothing(block: Block) -> None:
    anna = editor("anna")
    anna.post(url(block), typed(block, _draft="1"))
    page = anna.post(f"{url(block)}?draft", typed(block, name="", _draft="1")).content.decode()
    assert "This field is required." in page
    assert block.variants.all()[1].body == "<p>a</p>"
    assert Revision.objects.filter(state=DRAFT).count() == 1


def test_admin__without_the_right_to_publish__everything_is_a_draft_and_pausing_one_click(block: Block) -> None:
    anna = author("anna")
    page = anna.get(url(block)).content.decode()
    assert ('name="_save"' in page, 'name="_draft"' in page) == (False, True)
    anna.post(url(block), typed(block, _save="Save"))
    draft = revisions.open_draft(block)
    assert draft is not None
    page = anna.post(url(block, "publish"), {"number": draft.number}, follow=True).content.decode()
    assert "Ask somebody who may." in page
    assert "Publish the draft" not in page
    anna.post(url(block, "bring_back"), {"number": 1})
    anna.post(url(block, "duplicate"))
    assert not Block.objects.get(key="hero-copy").variants.exists()
    assert block.variants.all()[1].body == "<p>a</p>"
    for to in ("paused", "live"):
        anna.post(url(block, "pause"), {"to": to})
        block.refresh_from_db()
        assert block.status == to


@pytest.mark.once
def test_rights__of_those_who_could_change__are_kept_unless_somebody_chose_already(settings: Settings) -> None:
    keep_rights = import_module("personalization.content.migrations.0024_publishing").keep_rights
    user = User.objects.create_user("anna")
    user.user_permissions.add(Permission.objects.get(codename="change_picture"))
    group = Group.objects.create(name="Writers")
    group.permissions.add(Permission.objects.get(codename="change_block", content_type__app_label="attune_content"))
    settings.PERSONALIZATION_FOUR_EYES = True
    keep_rights(apps, SimpleNamespace(connection=connection))
    assert not group.permissions.filter(codename="publish_block").exists()
    settings.PERSONALIZATION_FOUR_EYES = False
    keep_rights(apps, SimpleNamespace(connection=connection))
    assert group.permissions.filter(codename="publish_block").exists()
    assert user.has_perm("attune_content.publish_block")


@pytest.mark.once
def test_check__four_eyes_and_one_publisher__warns(settings: Settings) -> None:
    editor("anna")
    assert check_publishers(databases=["default"]) == []
    settings.PERSONALIZATION_FOUR_EYES = True
    assert [one.id for one in check_publishers(databases=["default"])] == ["personalization.W033"]
    assert check_publishers() == []
    User.objects.create_superuser("root")
    assert check_publishers(databases=["default"]) == []
