"""The toolbar leads those who may see blocks from a page to its preview, and pages of the CMS are previewed alike."""

from __future__ import annotations

import pytest
from cms.models import PageContent
from cms.toolbar.utils import get_object_edit_url
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from tests.personalization.content.visitors import segment
from tests.personalization.djangocms.pages import make_page, publish, put_block, put_default, put_variant, slot
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


def test_preview__of_a_page_that_the_cms_keeps__is_of_its_state(page: PageContent) -> None:
    address = page.page.get_absolute_url("en")
    for _ in range(2):  # the second comes from the CMS's cache
        assert "for others" in Client().get(address).content.decode()
    assert "for fans" in Client().get(preview(segments=("fans",)).address(address)).content.decode()
    assert "for others" in Client().get(address).content.decode()
