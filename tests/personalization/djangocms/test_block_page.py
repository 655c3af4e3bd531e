"""The page of the admin about a block of a page: what is wrong, who sees what, when, how it looks, and the ways on."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from cms.api import create_page_content
from cms.models import CMSPlugin, PageContent, PagePermission
from cms.toolbar.utils import get_object_preview_url
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from djangocms_versioning.helpers import version_list_url
from pytest_django import Settings

from personalization.djangocms.four_eyes import personalized_in
from personalization.djangocms.models import PersonalizedBlock, Variant
from tests.personalization.content.visitors import judged, segment
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
)
from tests.personalization.djangocms.test_editing import edited

pytestmark = pytest.mark.django_db
START = "admin:attune_content_start"
NO_DEFAULT = "Whom no variant fits sees nothing here."


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(editor())
    return client


@pytest.fixture
def home() -> PageContent:
    """A published page with a block for fans until a day, for fans and buyers, and for readers with nothing in it."""
    home = make_page()
    block = put_block(slot(home), show="deferred", room=200)
    fans, buyers, readers = segment("fans"), segment("buyers"), segment("readers")
    put_variant(block, "for fans", fans, ends_at=timezone.now() + timedelta(days=3))
    put_variant(block, "for both", fans, buyers)
    put_variant(block, "", readers, name="nothing yet")
    for _ in range(12):
        judged(uuid.uuid4(), ["fans"])
    judged(uuid.uuid4(), ["buyers"])
    return publish(home)


def block_in(content: PageContent) -> PersonalizedBlock:
    block: PersonalizedBlock = PersonalizedBlock.objects.get(placeholder=slot(content))
    return block


def address(block: PersonalizedBlock) -> str:
    return reverse("admin:attune_djangocms_personalizedblock_change", args=[block.pk])


def told(client: Client, url: str) -> str:
    """What is said on a page, without markup."""
    html = client.get(url).content.decode().partition('id="content-main"')[2]
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_page__of_a_published_block__tells_all_about_it(home: PageContent, staff: Client) -> None:
    block = block_in(home)
    html = staff.get(address(block)).content.decode()
    by_name = reverse("admin:attune_djangocms_personalizedblock_page_of", args=[block.uuid])
    assert staff.get(by_name).content.decode().count("<h3") == html.count("<h3") == 3
    for way in (
        get_object_preview_url(home),
        version_list_url(home),
        reverse("admin:attune_djangocms_personalizedblock_side_by_side", args=[block.pk]),
        reverse("admin:attune_content_block_results") + f"?block=cms%3A{block.uuid}",
    ):
        assert f'href="{way}"'.replace("&", "&amp;") in html.replace("&amp;amp;", "&amp;"), way
    text = told(staff, address(block))
    assert "On “Home (en)”, as visitors see it." in text
    assert "“Copy” and “Paste” in the structure board" in text
    assert "If several variants fit The first that fits" in text
    assert "Right after the page" in text
    assert "When they are shown" in text
    assert "for fans : until" in text
    assert "nothing yet : There is nothing to show" in text
    assert NO_DEFAULT in text
    assert "for both 13 of 13 for fans: 12" in text


def test_page__previews__show_each_variant_and_count_nothing(home: PageContent, staff: Client) -> None:
    block = block_in(home)
    put_variant(put_block(slot(home), "Inner", Variant.objects.get(name="for both")), "within")
    found = re.findall(r'data-attune-src="(.*?)"', staff.get(address(block)).content.decode())
    pages = [staff.get(one) for one in found]
    texts = [[text for text in ("for fans", "for both", "within") if text in page.content.decode()] for page in pages]
    assert texts == [["for fans"], ["for both", "within"], []]
    assert "There is nothing to show yet." in pages[2].content.decode()
    assert {page["X-Frame-Options"] for page in pages} == {"SAMEORIGIN"}
    assert "default-src 'none'" in pages[0]["Content-Security-Policy"]


def test_page__of_a_draft__tells_of_the_draft_and_cannot_pause_what_is_not_published(
    staff: Client, settings: Settings
) -> None:
    draft = make_page()
    block = put_block(slot(draft))
    put_variant(block, "for all")
    url = address(block)
    text = told(staff, url)
    assert "In a version of “Home (en)” that visitors do not see." in text
    assert "Pause" not in text
    assert "Results" not in text
    assert NO_DEFAULT not in text  # all see the only one
    assert f'href="{url}"' in edited(draft)
    publish(draft)
    assert "Pause" in told(staff, url)
    dora = User.objects.create_user("dora", is_staff=True)
    client = Client()
    client.force_login(dora)
    assert client.get(url).status_code == 403
    dora.user_permissions.set(Permission.objects.filter(codename="view_personalizedblock"))
    assert "Pause" not in told(client, url)
    next_url = address(block_in(next_draft(draft)))
    settings.CMS_PERMISSION = True
    PagePermission.objects.create(page=draft.page, user=editor(), can_view=True)
    assert [client.get(one).status_code for one in (url, next_url)] == [200, 403]
    assert client.post(url).status_code == 405


def test_page__pause_and_resume__come_back_to_it(home: PageContent, staff: Client) -> None:
    url = address(block_in(home))
    html = staff.get(url).content.decode()
    (pause,) = re.findall(r'action="([^"]*/pause/\?page)"', html)
    assert staff.post(pause, {"to": "paused"}).headers["Location"] == url
    assert "Paused: everyone sees what everyone else sees. " in told(staff, url)
    assert "Resume" in told(staff, url)


def test_page__languages__are_those_in_which_this_version_of_the_page_is_shown(staff: Client) -> None:
    draft = make_page()
    block = put_block(slot(draft))
    german = put_variant(block, "for all", languages=["de"])
    said = "On pages in {} its visitors see what others see."
    assert said.format("English") in told(staff, address(block))
    german.languages = ["en"]
    german.save()
    assert said.format("Deutsch") in told(staff, address(block))  # without a German version, this one is shown
    create_page_content("de", "Start", draft.page, created_by=editor())
    assert "On pages in" not in told(staff, address(block))


def test_start_page__blocks_of_pages_for_whom_nothing_fits__are_among_what_needs_somebody(
    home: PageContent, staff: Client
) -> None:
    by_name = reverse("admin:attune_djangocms_personalizedblock_page_of", args=[block_in(home).uuid])
    html = staff.get(reverse(START)).content.decode()
    assert re.search(rf'<a href="{by_name}">Hero</a>\s*<p class="help">{NO_DEFAULT}', html)
    draft = next_draft(home)
    put_default(block_in(draft), "")  # left empty: that is what they want
    publish(draft)
    assert NO_DEFAULT not in told(staff, reverse(START))


def test_start_page__drafts_of_pages_with_blocks__wait_for_those_who_may_see_them(
    home: PageContent, staff: Client, settings: Settings
) -> None:
    waits = "A draft of eva waits to be published (today)."
    make_page("Nothing in it")
    assert waits not in told(staff, reverse(START))

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            html = staff.get(reverse(START)).content.decode()
        assert f'href="{get_object_preview_url(drafts[-1])}"'.replace("&", "&amp;") in html
        return len(queries)

    drafts = [next_draft(home)]
    assert f"Page “Home (en)” {waits}" in told(staff, reverse(START))
    few = count()
    drafts.append(make_page("Shop"))
    put_block(slot(drafts[-1]))
    assert count() == few
    dora = User.objects.create_user("dora", is_staff=True)
    dora.user_permissions.set(Permission.objects.filter(codename__in=["view_block", "view_personalizedblock"]))
    client = Client()
    client.force_login(dora)
    settings.CMS_PERMISSION = True
    for draft in drafts:
        PagePermission.objects.create(page=draft.page, user=editor(), can_view=True)
    assert waits not in told(client, reverse(START))


def test_list_and_menu__blocks_of_pages__are_called_alike(staff: Client) -> None:
    url = reverse("admin:attune_djangocms_personalizedblock_changelist")
    html = staff.get(url).content.decode()
    assert "<h1>Blocks in pages</h1>" in html
    assert f'<a href="{url}" aria-current="page">Blocks in pages</a>' in html


def test_page__plugin_whose_app_is_gone__stays_out_of_the_way(staff: Client, settings: Settings) -> None:
    settings.PERSONALIZATION_FOUR_EYES = True
    home = make_page()
    block = put_block(slot(home))
    variant = put_variant(block, "for all")
    gone = put_text(variant, "gone")
    put_text(gone, "in what is gone")
    before = personalized_in(slot(home))
    CMSPlugin.objects.filter(pk=gone.pk).update(plugin_type="PluginOfAnAppThatIsGone")
    assert len(personalized_in(slot(home))) == len(before) - 2
    publish(home)
    shown = Client().get("/home/").content.decode()
    assert "for all" in shown
    assert "gone" not in shown
    assert "for all" in edited(home)
    assert "How many see what" in told(staff, address(block))
