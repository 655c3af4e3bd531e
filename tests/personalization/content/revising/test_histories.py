"""Histories and drafts of what blocks use: calls to action, campaigns, groups, pictures; and codes, which have none."""

from __future__ import annotations

from importlib import import_module
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from personalization.content.models import (
    Block,
    BlockGroup,
    BlockGroupPlace,
    CallToAction,
    CallToActionOverride,
    Campaign,
    CodeStock,
    Picture,
    Variant,
)
from personalization.content.previewing.drafts import with_drafts
from personalization.content.revising import kept, revisions
from personalization.content.revising.comparing import changes
from personalization.content.revising.revisions import Revision
from personalization.content.serving.rendering import render_cta
from personalization.profiles.head import configuration_version
from tests.personalization.content.revising.test_revisions import author, editor
from tests.personalization.content.visitors import request_of, segment

pytestmark = pytest.mark.django_db


def url(thing: type[Model] | Model, page: str = "change") -> str:
    args = [] if isinstance(thing, type) else [thing.pk]
    return reverse(f"admin:attune_content_{thing._meta.model_name}_{page}", args=args)


def publish(client: Client, thing: Any) -> str:
    draft = revisions.open_draft(thing)
    assert draft is not None
    return client.post(url(thing, "publish"), {"number": draft.number}, follow=True).content.decode()


def rows(name: str, *values: dict[str, Any], stored: int = 0) -> dict[str, Any]:
    """The rows of an inline as a browser posts them."""
    data: dict[str, Any] = {f"{name}-TOTAL_FORMS": len(values), f"{name}-INITIAL_FORMS": stored}
    for number, row in enumerate(values):
        data |= {f"{name}-{number}-{field}": value for field, value in row.items()}
    return data


def a_file(name: str = "lake.png", size: tuple[int, int] = (60, 40)) -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", size).save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue())


CTA = {"name": "Join", "label": "Come in", "url": "/join/", "style": "primary"}
TIMES = {"weekdays": [], "hours_from": "", "hours_until": "", "time_zone": "", "cap_times": "", "cap_within": "7d"}


def test_cta__draft_with_an_exception__is_seen_once_somebody_publishes_it() -> None:
    join = CallToAction.objects.create(key="join", name="Join", label="Join us", url="/join/")
    anna, berta, fans = author("anna"), editor("berta"), segment("fans")
    new = {"order": 1, "segment": fans.pk, "rule": "", "label": "Fans", "url": "", "style": ""}
    assert anna.post(url(join), CTA | rows("overrides", new)).status_code == 302
    draft = revisions.open_draft(join)
    assert draft is not None
    assert 'value="Come in"' in anna.get(f"{url(join)}?draft").content.decode()
    # What is opened as a draft is saved as one again, its new exception under the same id.
    again = new | {"id": kept._negative(draft.content["overrides"][0]["uuid"]), "cta": join.pk, "label": "Dear fans"}
    assert anna.post(f"{url(join)}?draft", CTA | rows("overrides", again, stored=1)).status_code == 302
    assert "Ask somebody who may" in publish(anna, join)
    assert ("Join us" in render_cta(request_of(), "join"), CallToActionOverride.objects.count()) == (True, 0)
    publish(berta, join)
    assert "Come in" in render_cta(request_of(), "join")
    stored = CallToActionOverride.objects.get()
    assert (str(stored.uuid), stored.label) == (draft.content["overrides"][0]["uuid"], "Dear fans")
    assert stored.pk > 0
    page = berta.get(url(join, "history")).content.decode()
    assert f"“Exception for {fans}”: new" in page
    assert "<ins>Come in</ins>" in page
    berta.post(url(join, "bring_back"), {"number": 1})
    assert ("Join us" in render_cta(request_of(), "join"), CallToActionOverride.objects.count()) == (True, 0)


@pytest.mark.once
def test_cta__new_as_a_draft__shows_nothing_and_cannot_be_chosen_yet() -> None:
    anna = author("anna")
    assert anna.post(url(CallToAction, "add"), CTA | {"key": "join"} | rows("overrides")).status_code == 302
    join = CallToAction.objects.get()
    assert render_cta(request_of(), "join") == ""
    variant = Variant(block=Block.objects.create(key="b", name="B"), name="V", body_kind="cta", cta=join)
    with pytest.raises(Exception, match="waits as a draft"):
        variant.clean()
    publish(editor("berta"), join)
    assert "Come in" in render_cta(request_of(), "join")


@pytest.mark.once
def test_migration__on_its_way_back__leaves_the_histories_of_blocks_alone() -> None:
    block, sale = Block.objects.create(key="b", name="B"), Campaign.objects.create(name="Sale")
    for thing in (block, sale):
        revisions.record_published(thing, by="anna")
    migration = import_module("personalization.content.migrations.0028_histories")
    migration.forget_others(apps, SimpleNamespace(connection=connection))
    assert [one.thing for one in Revision.objects.all()] == [block]


def test_cta__exceptions_that_changed_places__come_back() -> None:
    join = CallToAction.objects.create(key="join", name="Join", label="Join us", url="/join/")
    a, b, gone = (segment(slug) for slug in ("a", "b", "gone"))
    first = CallToActionOverride.objects.create(cta=join, segment=a, label="A")
    second = CallToActionOverride.objects.create(cta=join, segment=b, label="B")
    before = kept.snapshot(join)
    CallToActionOverride.objects.filter(pk=first.pk).update(segment=gone)
    CallToActionOverride.objects.filter(pk=second.pk).update(segment=a)
    CallToActionOverride.objects.filter(pk=first.pk).update(segment=b)
    assert kept.restore(join, before) == []
    assert kept.snapshot(join) == before
    assert {one.pk for one in join.overrides.all()} == {first.pk, second.pk}
    before["overrides"][0]["segment"] = 0
    assert kept.restore(join, before) == ["An exception is left out: its segment was deleted meanwhile."]
    assert [one.label for one in join.overrides.all()] == ["B"]


def test_campaign__new_where_two_must_look__waits_paused_and_begins_when_it_is_published(settings: Settings) -> None:
    settings.PERSONALIZATION_FOUR_EYES = True
    anna, berta = editor("anna"), editor("berta")
    form = {"name": "Sale", "status": "live", "starts_at_0": "2030-01-02", "starts_at_1": "10:00", **TIMES}
    assert anna.post(url(Campaign, "add"), form).status_code == 302
    sale = Campaign.objects.get()
    assert (sale.status, sale.starts_at) == ("paused", None)
    block = Block.objects.create(key="b", name="B", campaign=sale)
    Variant.objects.create(block=block, name="V", body="<p>v</p>")
    (campaign,) = with_drafts(configuration_version()).content.blocks["b"].variants[0].campaigns
    assert (campaign.live, campaign.schedule.starts_at is None) == (True, False)
    anna.post(url(sale, "pause"), {"to": "live"})
    sale.refresh_from_db()
    assert sale.status == "paused"  # nothing is shown without its bounds
    assert anna.post(f"{url(sale)}?draft", form | {"name": "Big sale"}).status_code == 302
    publish(anna, sale)
    sale.refresh_from_db()
    assert (sale.status, sale.name) == ("paused", "Sale")
    publish(berta, sale)
    sale.refresh_from_db()
    assert (sale.status, sale.name, sale.starts_at is None) == ("live", "Big sale", False)
    anna.post(url(sale, "pause"), {"to": "paused"})
    anna.post(url(sale), form | {"name": "Small sale"})
    publish(berta, sale)
    sale.refresh_from_db()
    assert (sale.status, sale.name) == ("paused", "Small sale")


@pytest.mark.once
def test_campaign__new_draft_that_was_dropped__still_does_not_run_without_its_bounds() -> None:
    anna, berta = author("anna"), editor("berta")
    form = {"name": "Sale", "status": "live", "starts_at_0": "2030-01-02", "starts_at_1": "10:00", **TIMES}
    anna.post(url(Campaign, "add"), form)
    sale = Campaign.objects.get()
    draft = revisions.open_draft(sale)
    assert draft is not None
    anna.post(url(sale, "drop_draft"), {"number": draft.number})
    assert revisions.open_draft(sale) is None
    anna.post(url(sale, "pause"), {"to": "live"})
    sale.refresh_from_db()
    assert (sale.status, sale.starts_at) == ("paused", None)
    anna.post(url(sale, "bring_back"), {"number": draft.number})
    anna.post(url(sale, "pause"), {"to": "live"})
    sale.refresh_from_db()
    assert (sale.status, sale.starts_at) == ("paused", None)
    publish(berta, sale)
    sale.refresh_from_db()
    assert (sale.status, sale.starts_at is None) == ("live", False)
    anna.post(url(sale, "pause"), {"to": "paused"})
    anna.post(url(sale, "pause"), {"to": "live"})
    sale.refresh_from_db()
    assert sale.status == "live"


def test_group__draft__is_staged_and_published_without_blocks_that_are_elsewhere_by_now() -> None:
    anna, berta = author("anna"), editor("berta")
    one, two, three = (Block.objects.create(key=key, name=key.upper()) for key in ("one", "two", "three"))
    group, other = BlockGroup.objects.create(name="Offers"), BlockGroup.objects.create(name="Other")
    place = BlockGroupPlace.objects.create(group=group, block=one, order=1)
    posted = [
        {"id": place.pk, "group": group.pk, "order": 5, "block": one.pk},
        *({"group": group.pk, "order": order, "block": block.pk} for order, block in enumerate((two, three))),
    ]
    assert anna.post(url(group), {"name": "Best offers"} | rows("places", *posted, stored=1)).status_code == 302
    assert [str(one.block) for one in group.places.all()] == ["ONE"]
    BlockGroupPlace.objects.create(group=other, block=two)
    said = "“TWO” is left out: it is in the group “Other” by now."
    assert said in berta.get(f"{url(group)}?draft").content.decode()
    assert said in publish(berta, group)
    assert [str(one.block) for one in group.places.all()] == ["THREE", "ONE"]
    assert place.pk in group.places.values_list("pk", flat=True)


def test_picture__new_file__is_shown_once_published_and_brought_back_while_it_is_stored(
    settings: Settings, tmp_path: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.MEDIA_ROOT = tmp_path
    anna, berta = author("anna"), editor("berta")
    picture = Picture.objects.create(name="Lake", image=a_file(), alt={"en": "A lake", "de": "Ein See"})
    old = picture.image.name
    posted = {"name": "Lake", "focus_x": 20, "focus_y": 50, "alt_en": "A sea", "alt_de": "Ein Meer"}
    posted |= {"alt_0": "A sea", "alt_1": "Ein Meer", "image": a_file("sea.png", (80, 30))}
    assert anna.post(url(picture), posted).status_code == 302
    picture.refresh_from_db()
    assert (picture.image.name, picture.width) == (old, 60)
    assert "sea" in anna.get(f"{url(picture)}?draft").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        publish(berta, picture)
    picture = Picture.objects.get()
    assert ("sea" in str(picture.image.name), picture.width, picture.focus_x) == (True, 80, 20)
    page = berta.get(url(picture, "history")).content.decode()
    for words in ("<del>lake", "<ins>sea", "What it shows (Deutsch)", "<del>Ein See</del>"):
        assert words in page
    assert "Width" not in page
    berta.post(url(picture, "bring_back"), {"number": 1})
    picture = Picture.objects.get()
    assert (picture.image.name, picture.width) == (old, 60)
    sea = Revision.objects.get(picture=picture, number=3)
    default_storage.delete(sea.content["picture"]["image"])
    page = berta.post(url(picture, "bring_back"), {"number": 3}, follow=True).content.decode()
    assert "is not stored any more, so that nothing was changed" in page
    assert Picture.objects.get().image.name == old
    with django_capture_on_commit_callbacks(execute=True):
        Picture.objects.get().delete()
    assert not default_storage.exists(str(old))


@pytest.mark.once
def test_name__taken_meanwhile__stays_what_it_is_with_a_note() -> None:
    sale = Campaign.objects.create(name="Sale")
    content = kept.snapshot(sale)
    Campaign.objects.filter(pk=sale.pk).update(name="Old sale")
    Campaign.objects.create(name="Sale")
    assert kept.restore(sale, content) == ["It keeps the name “Old sale”: “Sale” is something else by now."]
    assert sale.name == "Old sale"


@pytest.mark.once
def test_codes__who_may_not_publish__adds_none_and_no_history_has_them() -> None:
    stock = CodeStock.objects.create(name="Spring")
    author("anna").post(url(stock), {"name": "Spring", "more": "SECRET"})
    assert not stock.codes.exists()
    editor("berta").post(url(stock), {"name": "Spring", "more": "SECRET"})
    assert stock.codes.count() == 1
    assert all(one.model is not CodeStock for one in kept.ALL)


@pytest.mark.once
def test_changes__of_what_variants_show__are_in_the_words_of_the_form() -> None:
    block = Block.objects.create(key="b", name="B")
    lake = Picture.objects.create(name="Lake", alt={})
    variant = Variant.objects.create(block=block, name="V", body_kind="items", body="<p>x</p>")
    variant.content = {"items_source": "recently_viewed", "items_count": 4, "picture_shape": "wide"}
    variant.save()
    before = kept.snapshot(block)
    variant.content = {"items_source": "still_in_cart", "offer_price": True}
    variant.body_kind, variant.picture, variant.body = "image", lake, "<h2>x</h2>"
    variant.weekdays = ["mon", "tue"]
    variant.save()
    found = {change.what: (change.before, change.after) for change in changes(kept.BLOCK, before, kept.snapshot(block))}
    assert found == {
        "What they see": ("A list of items", "A picture"),
        "Text": ("<p>x</p>", "<h2>x</h2>"),
        "Picture": ("–", "Lake"),
        "Which items": ("What they looked at lately", "What is still in their cart"),
        "How many at most": ("4", "–"),
        "Cut to": ("Wide: 16 to 9", "–"),
        "It changes a price for those who see it": ("No", "Yes"),
        "On these days": ("–", "Monday, Tuesday"),
    }
