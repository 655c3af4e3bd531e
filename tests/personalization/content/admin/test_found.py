"""The admin's page of names that templates use and nobody configured, and its button."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client

from personalization.content.finding import found
from personalization.content.finding.template_names import Named, Place, Stays, Templates
from personalization.content.models import Block, CallToAction
from tests.architecture.test_words import expert_words

pytestmark = pytest.mark.django_db
PAGE = "/admin/attune_content/block/found/"
SOME = Templates(
    (
        Named("block", "home-hero", (Place("site/home.html", 10, "/x"),), default="<p>Out you&nbsp;go.</p>"),
        Named("block", "home-note", (Place("site/home.html", 20, "/x"),), stays=Stays.TAGS),
        Named("cta", "join", (Place("site/home.html", 30, "/x"),)),
    )
)


@pytest.fixture(autouse=True)
def _some_templates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found, "read_templates", lambda: SOME)


def test_page__names_without_a_block__are_listed_with_where_and_what_is_seen(admin_client: Client) -> None:
    CallToAction.objects.create(key="old", name="Old one", label="x", url="/")
    page = admin_client.get(PAGE).content.decode()
    text = " ".join(re.sub("<[^>]*>", " ", page).split())
    for said in ("site/home.html, line 10", "Out you", "made while the page is made", "Say what it says", "Old one"):
        assert said in text
    assert "/attune_content/calltoaction/add/?key=join&amp;name=Join" in page
    assert expert_words(page) == []


def test_button__pressed__makes_the_block_and_leads_to_it(admin_client: Client) -> None:
    answer = admin_client.post(PAGE, {"key": "home-hero"}, follow=True)
    block = Block.objects.get()
    assert (block.key, block.default) == ("home-hero", "<p>Out you&nbsp;go.</p>")
    assert answer.redirect_chain == [(f"/admin/attune_content/block/{block.pk}/change/?variant#variants-0", 302)]
    assert 'name="variants-0-name"' in answer.content.decode()
    assert "Visitors still see what they saw" in answer.content.decode()
    assert LogEntry.objects.get().is_addition()
    again = admin_client.post(PAGE, {"key": "home-hero"})
    assert (again.status_code, Block.objects.count()) == (302, 1)


def test_add_page__name_in_templates__says_which_are_there(admin_client: Client) -> None:
    page = admin_client.get("/admin/attune_content/block/add/").content.decode()
    assert "they are not made yet: home-hero, home-note." in page


@pytest.mark.parametrize("key", ["made-up", "join", ""])
def test_button__for_what_was_not_found__makes_nothing(admin_client: Client, key: str) -> None:
    assert admin_client.post(PAGE, {"key": key})["Location"] == PAGE
    assert not Block.objects.exists()


def test_page__for_those_who_may_only_look__has_no_buttons() -> None:
    user = User.objects.create_user("viewer", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_block"))
    client = Client()
    client.force_login(user)
    page: Any = client.get(PAGE)
    assert page.status_code == 200
    assert "home-hero" in page.content.decode()
    assert "Make the block" not in page.content.decode()
    assert client.post(PAGE, {"key": "home-hero"}).status_code == 403
