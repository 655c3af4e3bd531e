"""The toolbar leads those who may see blocks from a page to its preview, and pages of the CMS are previewed alike."""

from __future__ import annotations

import re
from html import unescape

import pytest
from cms.models import PageContent, PagePermission
from cms.toolbar.utils import get_object_edit_url
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from personalization.djangocms.models import PersonalizedBlock
from tests.personalization.content.visitors import segment
from tests.personalization.djangocms.pages import (
    make_page,
    next_draft,
    publish,
    put_block,
    put_default,
    put_variant,
    slot,
)
from tests.personalization.test_preview import preview

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> PageContent:
    """A page with a block for fans."""
    draft = make_page("Shop")
    block = put_block(slot(draft))
    put_variant(block, "for fans", segment("fans"))
    put_default(block, "for others")
    return publish(draft)


@pytest.mark.parametrize("may_see", [True, False])
def test_toolbar__of_a_page_and_of_its_draft__leads_to_the_preview(page: PageContent, may_see: bool) -> None:
    user = User.objects.create_user("anna", is_staff=True, is_superuser=False)
    user.user_permissions.add(*Permission.objects.filter(content_type__app_label__in=["cms", "djangocms_versioning"]))
    if may_see:
        user.user_permissions.add(Permission.objects.get(codename="view_block"))
    client = Client()
    client.force_login(user)
    link = f"{reverse('admin:attune_content_block_preview_as')}?url=%2Fshop%2F"
    for address in (get_object_edit_url(page), f"{page.page.get_absolute_url('en')}"):
        assert (link in client.get(address, follow=True).content.decode()) is may_see, address


def _side_by_side(client: Client, page: PageContent) -> list[tuple[str, str]]:
    """The name of each column and where its frames lead, from the link in the CMS's menu."""
    block = PersonalizedBlock.objects.get(placeholder=slot(page))
    address = reverse("admin:attune_djangocms_personalizedblock_side_by_side", args=[block.pk])
    assert address in client.get(get_object_edit_url(page), follow=True).content.decode()
    html = client.get(address).content.decode()
    frames = re.findall(r'<h2>(.*?)</h2>.*?<iframe src="(.*?)".*?<iframe src="(.*?)"', html, re.DOTALL)
    assert all(phone == laptop for _, phone, laptop in frames)
    return [(name, unescape(phone)) for name, phone, _ in frames]


def test_side_by_side__of_what_is_published__shows_each_variant_whoever_it_is_for(
    page: PageContent, admin_client: Client
) -> None:
    (fans, others) = _side_by_side(admin_client, page)
    assert (fans[0], others[0]) == ("for fans", "Everyone else sees")
    seen = [admin_client.get(address) for _, address in (fans, others)]
    for response, text in zip(seen, ("for fans", "for others"), strict=True):
        html = response.content.decode()
        assert f"<p>{text}</p>" in html
        assert "attune-edited" not in html
        assert "cms-toolbar" not in html
        assert "tracker.js" not in html
        assert response["Cache-Control"] == "private, no-store"
    assert "cms-toolbar" in admin_client.get("/shop/").content.decode()
    assert "for others" in Client().get("/shop/").content.decode()
    assert "for fans" not in Client().get(fans[1]).content.decode()


def test_side_by_side__of_a_draft__shows_what_is_in_it_to_those_who_may_see_drafts(
    page: PageContent, admin_client: Client, settings: Settings
) -> None:
    draft = next_draft(page)
    block = PersonalizedBlock.objects.get(placeholder=slot(draft))
    outer = put_variant(block, "new in the draft")
    inner = put_block(slot(draft), "Inner", outer)
    put_variant(inner, "within")
    block.name = "Renamed"
    block.save()
    address = reverse("admin:attune_djangocms_personalizedblock_side_by_side", args=[block.pk])
    html = admin_client.get(address).content.decode()
    assert "Renamed" in html
    shown = []
    for name, frame in re.findall(r'<h2>(.*?)</h2>.*?<iframe src="(.*?)"', html, re.DOTALL):
        seen = admin_client.get(unescape(frame)).content.decode()
        assert "attune-edited" not in seen
        shown.append(
            (name, [text for text in ("for fans", "new in the draft", "for others") if f"<p>{text}</p>" in seen])
        )
    assert shown == [
        ("for fans", ["for fans"]),
        ("new in the draft", ["new in the draft"]),
        ("Everyone else sees", ["for others"]),
    ]
    nested = reverse("admin:attune_djangocms_personalizedblock_side_by_side", args=[inner.pk])
    frame = re.findall(r'<iframe src="(.*?)"', admin_client.get(nested).content.decode())[0]
    assert "<p>within</p>" in admin_client.get(unescape(frame)).content.decode()
    user = User.objects.create_user("bert", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_personalizedblock"))
    client = Client()
    client.force_login(user)
    settings.CMS_PERMISSION = True
    PagePermission.objects.create(page=page.page, user=User.objects.create_user("anna"), can_view=True)
    published = PersonalizedBlock.objects.get(placeholder=slot(page))
    by_name = reverse("admin:attune_djangocms_personalizedblock_side_by_side_by_name", args=[published.uuid])
    assert [client.get(one).status_code for one in (address, by_name)] == [403, 200]


def test_preview__of_a_page_that_the_cms_keeps__is_of_its_state(page: PageContent) -> None:
    address = page.page.get_absolute_url("en")
    for _ in range(2):  # the second comes from the CMS's cache
        assert "for others" in Client().get(address).content.decode()
    assert "for fans" in Client().get(preview(segments=("fans",)).address(address)).content.decode()
    assert "for others" in Client().get(address).content.decode()
