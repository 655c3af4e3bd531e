"""Blocks of pages that show several variants, or come after their page: to whom the page itself is open."""

from __future__ import annotations

from typing import Any

import pytest
from cms.models import PageContent, PagePermission
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from personalization.djangocms.models import PersonalizedBlock
from personalization.djangocms.where import edit_url
from personalization.testing import MakeVisitor, Visitor
from tests.personalization.content.visitors import segment
from tests.personalization.djangocms.pages import (
    editor,
    make_page,
    next_draft,
    publish,
    put,
    put_block,
    put_default,
    put_text,
    put_variant,
    slot,
)
from tests.personalization.djangocms.test_deciding import HOME, seen_by
from tests.personalization.djangocms.test_editing import edited

pytestmark = pytest.mark.django_db


@pytest.fixture
def hero() -> PersonalizedBlock:
    """A block of a published page that comes after it."""
    return _publish_hero(show="deferred", room=120)


def _publish_hero(**fields: Any) -> PersonalizedBlock:
    home = make_page()
    block = put_block(slot(home), **fields)
    variant = put_variant(block, "for fans", segment("fans"))
    put_text(put(slot(home), "IfSegmentPlugin", variant, segment=segment("buyers")), "and buyers")
    put_default(block, "for others")
    publish(home)
    return block


def _filled(block: PersonalizedBlock, visitor: Visitor, client: Client | None = None, **about: str) -> dict[str, Any]:
    client = client or Client()
    for name, value in visitor.cookies.items():
        client.cookies[name] = value
    response = client.get("/personalization/blocks/", {"keys": block.key, "page": HOME} | about)
    assert response.status_code == 200
    answer: dict[str, Any] = response.json()
    return answer


def test_block__that_shows_several__shows_all_that_fit(attune_visitor: MakeVisitor) -> None:
    home = make_page()
    block = put_block(slot(home), pick="up_to", pick_most=2)
    for name in ("first", "second", "third"):
        put_variant(block, f"the {name}")
    put_variant(block, "for fans", segment("fans"))
    assert "Several that fit, in this order (at most 2)" in edited(home)
    publish(home)
    page = seen_by(attune_visitor())
    assert page.index("the first") < page.index("the second")
    assert "the third" not in page
    assert page.count("data-attune-variant") == 2


def test_block__on_trial__is_shown_to_the_team_alone(attune_visitor: MakeVisitor) -> None:
    home = make_page()
    block = put_block(slot(home), team_only=True)
    variant = put_variant(block, "on trial")
    put_default(block, "for others")
    assert "on trial: only your team sees it" in edited(home)
    publish(home)
    assert "for others" in seen_by(attune_visitor())
    staff = Client()
    staff.force_login(editor())
    staff.get("/admin/")
    page = staff.get("/home/").content.decode()
    assert f'data-attune-variant="trial:{variant.uuid}"' in page
    assert "for others" in seen_by(attune_visitor())


def test_variant__on_trial__is_shown_to_the_team_alone(attune_visitor: MakeVisitor) -> None:
    home = make_page()
    put_variant(put_block(slot(home)), "on trial", team_only=True)
    assert "only your team sees it" in edited(home)
    publish(home)
    assert "on trial" not in seen_by(attune_visitor())
    client = Client()
    client.force_login(editor())
    client.get(HOME)  # the browser learns that this may be staff
    assert "on trial" in client.get(HOME).content.decode()


def test_block__in_a_variant_on_trial__is_counted_as_part_of_the_trial() -> None:
    home = make_page()
    outer = put_variant(put_block(slot(home)), "on trial", team_only=True)
    part = put(slot(home), "IfSegmentPlugin", outer, segment=segment("fans"), is_negated=True)
    inner = put_variant(put_block(slot(home), "Inner", part), "deep within")
    beside = put_variant(put_block(slot(home), "Beside"), "beside it")
    publish(home)
    staff = Client()
    staff.force_login(editor())
    staff.get("/admin/")
    page = staff.get(HOME).content.decode()
    assert f'data-attune-variant="trial:{inner.uuid}"' in page
    assert f'data-attune-variant="{beside.uuid}"' in page


def test_deferred_block__its_page__is_the_same_for_all_and_nobodys_own(
    hero: PersonalizedBlock, attune_visitor: MakeVisitor
) -> None:
    page = seen_by(attune_visitor("fans"))
    assert page == seen_by(attune_visitor())
    assert f'data-attune-deferred="{hero.key}"' in page
    assert "attune-room-120" in page
    assert "for others" in page
    assert "for fans" not in page
    for _ in range(2):  # made, and found
        response = Client().get(HOME)
        assert "private" not in response.headers["Cache-Control"]


def test_deferred_block__asked_for__is_rendered_with_all_that_is_in_it(
    hero: PersonalizedBlock, attune_visitor: MakeVisitor
) -> None:
    html = _filled(hero, attune_visitor("fans"))["blocks"][hero.key]["html"]
    assert "for fans" in html
    assert "and buyers" not in html
    assert "and buyers" in _filled(hero, attune_visitor("fans", "buyers"))["blocks"][hero.key]["html"]
    assert _filled(hero, attune_visitor())["blocks"][hero.key]["html"] is None


def test_deferred_block__of_a_draft_or_taken_back__is_unknown(attune_visitor: MakeVisitor) -> None:
    hero = _publish_hero(show="deferred")
    home = PageContent.admin_manager.get()
    draft = next_draft(home)
    fan = attune_visitor("fans")
    put_text(PersonalizedBlock.objects.get(placeholder=slot(draft)).get_children()[0], "not yet")
    assert "not yet" not in str(_filled(hero, fan))
    publish(draft)
    assert "not yet" in str(_filled(hero, fan))
    draft.versions.get().unpublish(editor())
    assert _filled(hero, fan) == {"blocks": {}, "unknown": [hero.key]}


@pytest.mark.parametrize("closed", ["to strangers", "by permissions"])
@pytest.mark.parametrize("form", ["html", "data"])
def test_deferred_block__of_a_page_that_is_not_for_all__is_told_to_nobody_else(
    hero: PersonalizedBlock, attune_visitor: MakeVisitor, settings: Settings, closed: str, form: str
) -> None:
    page = PageContent.objects.get().page
    anna = User.objects.create_user("anna")
    if closed == "to strangers":
        page.login_required = True
        page.save()
    else:
        settings.CMS_PERMISSION = True
        PagePermission.objects.create(page=page, user=anna, can_view=True)
    fan = attune_visitor("fans")
    assert _filled(hero, fan, format=form) == _filled(hero, fan, format=form, page="/") | {"unknown": [hero.key]}
    assert "for fans" not in str(_filled(hero, fan, format=form))
    client = Client()
    client.force_login(anna)
    assert "for fans" in str(_filled(hero, fan, client, format=form))


@pytest.mark.once
@pytest.mark.parametrize("form", ["html", "data"])
def test_deferred_block__in_a_variant_on_trial__is_told_to_the_team_alone(
    attune_visitor: MakeVisitor, form: str
) -> None:
    home = make_page()
    outer = put_block(slot(home))
    inner = put_block(slot(home), "Inner", put_variant(outer, "on trial", team_only=True), show="deferred")
    put_variant(inner, "for fans", segment("fans"))
    put_default(inner, "in the trial")
    publish(home)
    staff = Client()
    staff.force_login(editor())
    staff.get("/admin/")
    for who, what in ((attune_visitor("fans"), "for fans"), (attune_visitor(), "in the trial")):
        told = _filled(inner, who, format=form)
        assert told["unknown"] == [inner.key]
        assert what not in str(told)
    assert "for fans" in str(_filled(inner, attune_visitor("fans"), staff, format=form))


def test_deferred_block__asked_for_with_an_odd_name__is_unknown(attune_visitor: MakeVisitor) -> None:
    for key in ("cms:", "cms:1", "cms:not-a-uuid", "other:1"):
        answer = Client().get("/personalization/blocks/", {"keys": key}).json()
        assert answer == {"blocks": {}, "unknown": [key]}


def test_overlay__on_a_block_of_a_page__leads_to_where_it_is_edited(hero: PersonalizedBlock) -> None:
    client = Client()
    client.force_login(editor())
    told = client.get("/personalization/overlay/", {"keys": f"{hero.key},cms:gone", "page": HOME}).json()["blocks"]
    assert {"label": "Edit", "url": edit_url(hero.key)} in told[hero.key]["links"]
    assert "Edit" not in [link["label"] for link in told["cms:gone"]["links"]]
    assert client.get(edit_url(hero.key)).status_code == 200
