"""With what sites build pages beside the CMS itself: aliases, the frontend's plugins, and pages without versions."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from cms.models import CMSPlugin, Placeholder
from cms.plugin_pool import plugin_pool
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from djangocms_alias.models import Alias, AliasContent, Category

from personalization.content.published import compile_published
from personalization.djangocms import versions
from personalization.djangocms.models import PersonalizedBlock, Variant
from personalization.profiles.head import configuration_version
from personalization.testing import MakeVisitor
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
from tests.personalization.djangocms.test_deciding import seen_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def unversioned(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the site had no versions: what is there is seen."""
    monkeypatch.setattr(versions, "VERSIONING", "not_installed")


def _column(placeholder: Placeholder, parent: CMSPlugin | None = None) -> CMSPlugin:
    container = put(placeholder, "GridContainerPlugin", parent, config={"container_type": "container"})
    row = put(placeholder, "GridRowPlugin", container, config={"vertical_alignment": "", "horizontal_alignment": ""})
    column: CMSPlugin = put(placeholder, "GridColumnPlugin", row, config={"column_alignment": ""})
    return column


def _decided() -> list[tuple[str, list[str]]]:
    blocks = compile_published(configuration_version()).blocks.values()
    return [(block.name, [variant.name for variant in block.variants]) for block in blocks]


@pytest.mark.filterwarnings("ignore:No user has been supplied")  # by the aliases' own copying
def test_alias__on_two_pages__is_one_block_with_versions_of_its_own(attune_visitor: MakeVisitor) -> None:
    alias = Alias.objects.create(category=Category.objects.create(name="Offers"))
    content = AliasContent.objects.with_user(editor()).create(alias=alias, name="Offer", language="en")
    block = put_block(content.placeholder)
    put_variant(block, "for fans", segment("fans"))
    put_default(block, "for others")
    for title in ("Home", "Shop"):
        page = make_page(title)
        put(slot(page), "Alias", alias=alias)
        publish(page)
    fan = attune_visitor("fans")
    assert "for fans" not in seen_by(fan, "/home/")  # the alias is a draft
    publish(content)
    cache.clear()  # the CMS itself keeps a page that shows nothing of an alias until its time is over
    for path in ("/home/", "/shop/"):
        assert "for fans" in seen_by(fan, path)
        assert "for others" in seen_by(attune_visitor(), path)
    draft = next_draft(content)
    again = PersonalizedBlock.objects.get(placeholder=draft.placeholder)
    assert again.uuid == block.uuid
    put_text(Variant.objects.get(parent=again, audience_kind="segments"), "more for fans")
    assert "more for fans" not in seen_by(fan, "/home/")
    publish(draft)
    assert "more for fans" in seen_by(fan, "/shop/")


def test_variant__with_plugins_of_the_frontend__shows_them(attune_visitor: MakeVisitor) -> None:
    home = make_page()
    block = put_block(slot(home))
    variant = put_variant(block, "", segment("fans"), name="Fans")
    put_text(_column(slot(home), variant), "in a column")
    publish(home)
    assert "in a column" in seen_by(attune_visitor("fans"))
    assert "in a column" not in seen_by(attune_visitor())


def test_block__in_a_column_of_the_frontend__is_decided(attune_visitor: MakeVisitor) -> None:
    home = make_page()
    block = put_block(slot(home), "Hero", _column(slot(home)))
    put_variant(block, "for fans", segment("fans"))
    publish(home)
    assert "for fans" in seen_by(attune_visitor("fans"))
    assert "for fans" not in seen_by(attune_visitor())


@pytest.mark.usefixtures("unversioned")
def test_unversioned_page__being_edited__counts_at_once() -> None:
    home = make_page()
    block = put_block(slot(home))
    variant = put_variant(block, name="first")
    assert _decided() == [("Hero", ["first"])]
    variant.name = "renamed"
    variant.save()
    assert _decided() == [("Hero", ["renamed"])]
    before = configuration_version()
    variant.segments.add(segment("fans"))
    assert configuration_version() > before
    before = configuration_version()
    variant.delete()
    assert configuration_version() > before
    assert _decided() == [("Hero", [])]


@pytest.mark.usefixtures("unversioned")
def test_unversioned_page__variant_moved_by_hand__counts_at_once(client: Client) -> None:
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, name="first")
    last = put_variant(block, name="last")
    before = configuration_version()
    client.force_login(editor())
    moved = client.post(
        reverse("admin:cms_placeholder_move_plugin") + "?cms_path=/",
        {"plugin_id": last.pk, "plugin_parent": block.pk, "target_language": "en", "target_position": 2},
    )
    assert moved.status_code == 200
    assert configuration_version() > before
    assert _decided() == [("Hero", ["last", "first"])]


@pytest.mark.usefixtures("unversioned")
def test_unversioned_page__copied__has_a_block_of_its_own() -> None:
    home = make_page()
    put_variant(put_block(slot(home)), name="first")
    home.page.copy(home.page.site, user=editor())
    assert len(set(PersonalizedBlock.objects.values_list("uuid", flat=True))) == 2
    assert len(set(Variant.objects.values_list("uuid", flat=True))) == 2
    assert _decided() == [("Hero", ["first"])] * 2


def test_clipboard__of_an_editor__is_seen_by_nobody() -> None:
    assert not versions.visible(CMSPlugin.objects.filter(placeholder=None)).exists()


def test_plugins__taken_out_to_uninstall__leave_pages_as_they_are(client: Client) -> None:
    home = make_page()
    put_variant(put_block(slot(home)), "for fans", segment("fans"))
    put_text(put(slot(home), "IfSegmentPlugin", segment=segment("buyers")), "part for buyers")
    put(slot(home), "TextPlugin", body="<p>the same for all</p>")
    publish(home)
    plugins = [plugin.value for plugin in plugin_pool.registered_plugins if plugin.module == "Personalization"]
    guide = (Path(__file__).parents[3] / "docs" / "how-to" / "django-cms.md").read_text()
    assert len(plugins) == 7
    for plugin in plugins:
        assert plugin in guide
        call_command("cms", "uninstall", "plugins", plugin, interactive=False, stdout=StringIO())
    assert "the same for all" in client.get("/home/").content.decode()
    assert CMSPlugin.objects.count() == 1
