"""Pages where two people must look: who may publish a version, and what is said to whom may not."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from cms.models import PageContent
from cms.operations import CHANGE_PLUGIN
from django.contrib.auth.models import User
from django.core.checks import Tags, run_checks
from django.test import Client
from django.urls import reverse
from djangocms_versioning.constants import PUBLISHED
from djangocms_versioning.models import Version
from pytest_django import Settings

from personalization.djangocms.four_eyes import note_change
from personalization.djangocms.models import Variant
from tests.personalization.content.visitors import segment
from tests.personalization.djangocms.pages import (
    editor,
    make_page,
    next_draft,
    publish,
    put,
    put_block,
    put_text,
    put_variant,
    slot,
    version_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def berta(settings: Settings) -> User:
    """A second person, where two must look."""
    settings.PERSONALIZATION_FOUR_EYES = True
    return User.objects.create_superuser("berta")


def changed_by(user: User, content: PageContent) -> None:
    request = SimpleNamespace(user=user)
    note_change(None, request=request, operation=CHANGE_PLUGIN, placeholder=slot(content))


def may(content: PageContent, user: User) -> bool:
    return bool(version_of(content).check_publish.as_bool(user))


def state_of(content: PageContent) -> str:
    return str(Version.objects.get(pk=version_of(content).pk).state)


def test_publish__who_made_or_changed_it_last__is_told_that_somebody_else_must(berta: User) -> None:
    home = make_page()
    put_variant(put_block(slot(home)), "for all")
    client = Client()
    client.force_login(editor())
    url = reverse("admin:djangocms_versioning_pagecontentversion_publish", args=[version_of(home).pk])
    page = client.post(url, follow=True).content.decode()
    assert "so somebody else must publish it" in page
    assert state_of(home) != PUBLISHED
    assert (may(home, editor()), may(home, berta)) == (False, True)
    changed_by(berta, home)
    assert (may(home, editor()), may(home, berta)) == (True, False)
    client.post(url)
    assert state_of(home) == PUBLISHED


def test_publish__nothing_personalized_changed__is_as_ever(berta: User, settings: Settings) -> None:
    home = make_page()
    fans = segment("fans")
    put_variant(put_block(slot(home)), "for all", fans)
    draft = next_draft(publish(home))
    put(slot(draft), "TextPlugin", body="<p>the same for all</p>")
    assert may(draft, editor())
    variant = Variant.objects.get(placeholder=slot(draft))
    variant.segments.clear()
    assert not may(draft, editor())
    variant.segments.add(fans)
    assert may(draft, editor())
    put_text(variant, "more")
    assert not may(draft, editor())
    settings.PERSONALIZATION_FOUR_EYES = False
    assert may(draft, editor())


def test_check__pages_without_drafts__are_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PERSONALIZATION_FOUR_EYES = True

    def found() -> list[str]:
        return [str(message.id) for message in run_checks(tags=[Tags.security]) if message.id == "personalization.W034"]

    assert found() == []
    monkeypatch.setattr("personalization.djangocms.checks.VERSIONING", "nowhere")
    assert found() == ["personalization.W034"]
    settings.PERSONALIZATION_FOUR_EYES = False
    assert found() == []
