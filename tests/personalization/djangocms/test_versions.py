"""Drafts, publishing, going back, copying, moving, translating: what visitors see, and what is counted as the same."""

from __future__ import annotations

import pytest
from cms.api import create_page_content
from cms.models import CMSPlugin, PageContent, Placeholder
from cms.models.settingmodels import UserSettings
from cms.utils.plugins import copy_plugins_to_placeholder
from django.test import Client
from django.urls import reverse
from djangocms_versioning.models import Version
from pytest_django import Settings

from personalization.content.published import compile_published
from personalization.djangocms.models import PersonalizedBlock, Variant
from personalization.profiles.head import configuration_version
from personalization.testing import MakeVisitor
from tests.personalization.content.visitors import segment
from tests.personalization.djangocms.pages import (
    editor,
    make_page,
    next_draft,
    publish,
    put_block,
    put_default,
    put_text,
    put_variant,
    slot,
    version_of,
)
from tests.personalization.djangocms.test_deciding import seen_by

pytestmark = pytest.mark.django_db


def _blocks() -> set[str]:
    return {key for key in compile_published(1).blocks if key.startswith("cms:")}


def _only(content: PageContent) -> tuple[PersonalizedBlock, Variant]:
    block = PersonalizedBlock.objects.get(placeholder=slot(content))
    return block, Variant.objects.get(parent=block)


def test_draft__before_it_is_published__is_decided_for_nobody() -> None:
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, "for all", audience_kind="rule", rule={"event": "view_item"}, cap_times=1)
    before = configuration_version()
    assert _blocks() == set()
    publish(home)
    assert _blocks() == {block.key}
    assert configuration_version() > before


def test_draft__being_edited__does_not_move_what_is_published() -> None:
    home = make_page()
    before = configuration_version()
    block = put_block(slot(home))
    variant = put_variant(block, "for fans", segment("fans"))
    settled = configuration_version()  # the segment moved it
    assert settled >= before
    variant.name = "For our fans"
    variant.save()
    variant.segments.clear()
    variant.delete()
    assert configuration_version() == settled


def test_next_version__of_a_page__is_the_same_block_with_the_same_variants(attune_visitor: MakeVisitor) -> None:
    fans = segment("fans")
    home = make_page()
    put_variant(put_block(slot(home)), "first text", fans)
    publish(home)
    draft = next_draft(home)
    (block, variant), (old_block, old_variant) = _only(draft), _only(home)
    assert block.pk != old_block.pk
    assert (block.uuid, variant.uuid) == (old_block.uuid, old_variant.uuid)
    assert list(variant.segments.all()) == [fans]
    put_text(variant, "second text")
    fan = attune_visitor("fans")
    assert "second text" not in seen_by(fan)
    publish(draft)
    assert "second text" in seen_by(fan)
    assert _blocks() == {block.key}


def test_older_version__taken_up_again__shows_its_own(attune_visitor: MakeVisitor) -> None:
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, "first text", segment("fans"))
    put_default(block, "for others")
    publish(home)
    draft = next_draft(home)
    for variant in Variant.objects.filter(placeholder=slot(draft), audience_kind="segments"):
        variant.delete()
    publish(draft)
    fan = attune_visitor("fans")
    assert "for others" in seen_by(fan)
    again = next_draft(home)
    publish(again)
    assert "first text" in seen_by(fan)
    assert _blocks() == {block.key}


def test_version__taken_back__is_decided_for_nobody() -> None:
    home = make_page()
    put_block(slot(home))
    publish(home)
    before = configuration_version()
    version_of(home).unpublish(editor())
    assert _blocks() == set()
    assert configuration_version() > before


def test_page__copied__has_a_block_of_its_own() -> None:
    home = make_page()
    put_variant(put_block(slot(home)), "for fans", segment("fans"))
    publish(home)
    copied = home.page.copy(home.page.site, user=editor())
    copy = PageContent.admin_manager.get(page=copied)
    (block, variant), (old_block, old_variant) = _only(copy), _only(home)
    assert block.uuid != old_block.uuid
    assert variant.uuid != old_variant.uuid
    assert [chosen.slug for chosen in variant.segments.all()] == ["fans"]
    publish(copy)
    assert _blocks() == {block.key, old_block.key}


def test_page__translated_by_copying__has_a_block_of_its_own(attune_visitor: MakeVisitor) -> None:
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, "for fans", segment("fans"))
    put_default(block, "for others")
    publish(home)
    german = create_page_content("de", "Start", home.page, slug="home", created_by=editor())
    copy_plugins_to_placeholder(slot(home).get_plugins_list("en"), slot(german), language="de")
    variant = Variant.objects.get(placeholder=slot(german), audience_kind="segments")
    put_text(variant, "für Fans")
    publish(german)
    assert PersonalizedBlock.objects.get(placeholder=slot(german)).uuid != block.uuid
    fan = attune_visitor("fans")
    assert "für Fans" in seen_by(fan, "/de/home/")
    assert "für Fans" not in seen_by(fan, "/home/")


def test_page__not_translated__shows_the_variant_in_the_fallback_language(attune_visitor: MakeVisitor) -> None:
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, "English pages only", languages=["en"])
    put_variant(block, "for fans", segment("fans"))
    put_default(block, "for others")
    publish(home)
    client = Client()
    assert "English pages only" in client.get("/home/").content.decode()
    response = client.get("/de/home/", follow=True)
    assert "English pages only" in response.content.decode()  # sent to the language that there is


def test_page__shown_in_another_language__is_decided_for_the_one_that_was_asked_for(settings: Settings) -> None:
    fallback = {"fallbacks": ["en"], "redirect_on_fallback": False, "public": True, "hide_untranslated": False}
    languages = [{"code": code, "name": name, **fallback} for code, name in settings.LANGUAGES]
    settings.CMS_LANGUAGES = {settings.SITE_ID: languages, "default": fallback}
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, "English pages only", languages=["en"])
    put_variant(block, "German pages only", languages=["de"])
    untranslated = put_block(slot(home, "aside"), "Untranslated")
    put_variant(untranslated, "in English alone", languages=["en"])
    put_default(untranslated, "for everyone else")
    publish(home)
    assert "English pages only" in Client().get("/home/").content.decode()
    for _ in range(2):  # rendered, and found
        response = Client().get("/de/home/")
        assert response.status_code == 200
        assert "German pages only" in response.content.decode()
        assert "for everyone else" in response.content.decode()


def test_block__dragged_to_another_place__stays_the_same(client: Client) -> None:
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, "for fans", segment("fans"))
    client.force_login(editor())
    _move(client, block, slot(home, "aside"))
    moved = PersonalizedBlock.objects.get(placeholder=slot(home, "aside"))
    assert moved.uuid == block.uuid
    publish(home)
    assert len(compile_published(1).blocks[block.key].variants) == 1


def test_block__cut_out_and_put_in_again__stays_the_same_once(client: Client) -> None:
    home = make_page()
    put_variant(put_block(slot(home)), "for fans", segment("fans"))
    publish(home)
    draft = next_draft(home)
    block, variant = _only(draft)
    client.force_login(editor())
    clipboard = _clipboard()
    _move(client, block, clipboard)
    for slot_name in ("content", "aside"):
        _move(client, PersonalizedBlock.objects.get(placeholder=clipboard), slot(draft, slot_name), move_a_copy="true")
    assert _only(draft)[0].uuid == block.uuid
    assert _only(draft)[1].uuid == variant.uuid
    second = PersonalizedBlock.objects.get(placeholder=slot(draft, "aside"))
    assert second.uuid != block.uuid
    elsewhere = make_page("Elsewhere")
    _move(client, PersonalizedBlock.objects.get(placeholder=clipboard), slot(elsewhere), move_a_copy="true")
    assert _only(elsewhere)[0].uuid not in (block.uuid, second.uuid)


def test_block__copied_within_its_page__is_another_one(client: Client) -> None:
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, "for fans", segment("fans"))
    client.force_login(editor())
    clipboard = _clipboard()
    copied = client.post(
        reverse("admin:cms_placeholder_copy_plugins") + "?cms_path=/",
        {
            "source_language": "en",
            "source_placeholder_id": slot(home).pk,
            "source_plugin_id": block.pk,
            "target_language": "en",
            "target_placeholder_id": clipboard.pk,
        },
    )
    assert copied.status_code == 200
    in_clipboard = PersonalizedBlock.objects.get(placeholder=clipboard)
    assert in_clipboard.uuid != block.uuid
    publish(home)
    assert _blocks() == {block.key}


def test_variant__moved_within_a_block__changes_who_comes_first(client: Client, attune_visitor: MakeVisitor) -> None:
    """A published page cannot be changed; its next version can, and counts once it is published."""
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, "for fans", segment("fans"))
    put_variant(block, "for all")
    publish(home)
    fan = attune_visitor("fans")
    assert "for fans" in seen_by(fan)
    draft = next_draft(home)
    last = Variant.objects.get(placeholder=slot(draft), name="for all")
    client.force_login(editor())
    response = client.post(
        reverse("admin:cms_placeholder_move_plugin") + "?cms_path=/",
        {
            "plugin_id": last.pk,
            "plugin_parent": last.parent_id,
            "target_language": "en",
            "target_position": 2,
        },
    )
    assert response.status_code == 200
    publish(draft)
    assert "for all" in seen_by(fan)


def test_page__deleted__takes_its_blocks_with_it() -> None:
    home = make_page()
    put_variant(put_block(slot(home)), "for fans", segment("fans"))
    publish(home)
    before = configuration_version()
    home.page.delete()
    assert _blocks() == set()
    assert configuration_version() > before
    assert not Version.objects.exists()


def _move(client: Client, plugin: CMSPlugin, placeholder: Placeholder, **values: str) -> None:
    """Drag it there, or cut it out, if there is the clipboard; with `move_a_copy`, put it in from the clipboard."""
    response = client.post(
        reverse("admin:cms_placeholder_move_plugin") + "?cms_path=/",
        {
            "plugin_id": plugin.pk,
            "plugin_parent": "",
            "target_language": "en",
            "placeholder_id": placeholder.pk,
            "target_position": 1,
            **values,
        },
    )
    assert response.status_code == 200


def _clipboard() -> Placeholder:
    clipboard = Placeholder.objects.create(slot="clipboard")
    UserSettings.objects.create(user=editor(), language="en", clipboard=clipboard)
    return clipboard
