"""A variant of a page that keeps failing is switched off, one block can be paused, campaigns know their variants."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain, repeat
from typing import Any

import pytest
import time_machine
from cms.models import PageContent
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from djangocms_text.cms_plugins import TextPlugin  # type: ignore[import-untyped]  # it has no types
from pytest_django import Settings

from personalization.content.models import Campaign, FailingElsewhere
from personalization.content.serving import breaking, cutting
from personalization.content.serving.breaking import APART, FAILURES
from personalization.djangocms.models import PersonalizedBlock, Variant
from personalization.djangocms.where import edit_url
from personalization.testing import MakeVisitor
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
    version_of,
)
from tests.personalization.djangocms.test_deciding import seen_by
from tests.personalization.djangocms.test_editing import edited

pytestmark = pytest.mark.django_db
LIST = "admin:attune_djangocms_personalizedblock_changelist"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def home() -> PageContent:
    """A published page whose first variant is empty."""
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, name="Nothing in it")
    put_variant(block, "the next one")
    put_default(block, "for others")
    breaking._failing.clear()
    return publish(home)


def _fail(home: PageContent, visitor: Any) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        for _ in range(FAILURES):
            assert "for others" in seen_by(visitor)
            clock.shift(APART)


def _listed(user: User | None = None) -> str:
    client = Client()
    client.force_login(user or editor())
    return client.get(reverse(LIST)).content.decode()


def _press(name: str, **values: str) -> None:
    client = Client()
    client.force_login(editor())
    address = reverse(f"admin:attune_djangocms_personalizedblock_{name}", args=[_block().pk])
    assert client.post(address, values).status_code == 302


def _block() -> PersonalizedBlock:
    block: PersonalizedBlock = PersonalizedBlock.objects.latest("pk")
    return block


def test_variant_of_a_page__that_takes_too_long__gives_way_and_counts(
    attune_visitor: MakeVisitor, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    del settings.PERSONALIZATION_SLOW_VARIANT  # as on any site
    home = make_page()
    block = put_block(slot(home))
    slow = put_variant(block, "too late")
    put_default(block, "for others")
    publish(home)
    moments = chain([10.0], repeat(12.1))
    monkeypatch.setattr(cutting, "monotonic", lambda: next(moments))
    assert "for others" in seen_by(attune_visitor())
    assert "longer than 2 seconds" in FailingElsewhere.objects.get(uuid=slow.uuid).why_failing


@pytest.mark.once
def test_variant_of_a_page__that_takes_too_long__is_cut_off_before_the_next_plugin_in_it(
    attune_visitor: MakeVisitor, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    del settings.PERSONALIZATION_SLOW_VARIANT  # as on any site
    home = make_page()
    block = put_block(slot(home))
    slow = put_variant(block, name="slow")
    around = put(slot(home), "GridContainerPlugin", slow, config={"container_type": "container"})
    for number in (1, 2, 3):
        put_text(around, f"the {number}")
    put_default(block, "for others")
    publish(home)
    rendered: list[str] = []
    clock = [10.0]

    def render(self: Any, context: Any, instance: Any, placeholder: Any) -> Any:
        rendered.append(instance.body)
        clock[0] += 1.5
        context["body"] = instance.body
        return context

    monkeypatch.setattr(cutting, "monotonic", lambda: clock[0])
    monkeypatch.setattr(TextPlugin, "render", render)
    page = seen_by(attune_visitor())
    assert "the 1" not in page
    assert rendered == ["<p>the 1</p>", "<p>the 2</p>", "<p>for others</p>"]


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_variant_of_a_page__that_keeps_failing__is_switched_off_and_its_editors_are_told(
    home: PageContent, attune_visitor: MakeVisitor, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = attune_visitor()
    _fail(home, visitor)
    assert "the next one" in seen_by(visitor)
    assert "is switched off" in caplog.text
    assert "<b>Nothing in it</b>: It is empty." in _listed()
    assert "is switched off after errors" in edited(home)
    client = Client()
    client.force_login(editor())
    start = client.get(reverse("admin:attune_content_start")).content.decode()
    assert "A variant is switched off after errors: It is empty." in start
    page = reverse("admin:attune_djangocms_personalizedblock_page_of", args=[_block().uuid])
    assert f'<a href="{page}">Hero</a>' in start
    assert "“Nothing in it” is switched off after errors" in client.get(page).content.decode()
    _press("retry")
    assert not FailingElsewhere.objects.exists()
    assert "for others" in seen_by(visitor)


def test_variant_of_a_page__published_with_what_was_missing__is_shown_again(
    home: PageContent, attune_visitor: MakeVisitor
) -> None:
    visitor = attune_visitor()
    _fail(home, visitor)
    draft = next_draft(home)
    put_text(Variant.objects.get(placeholder=slot(draft), name="Nothing in it"), "filled in")
    assert "the next one" in seen_by(visitor)
    publish(draft)
    assert "filled in" in seen_by(visitor)


def test_block_of_a_page__paused_in_one_click__shows_what_everyone_else_sees(attune_visitor: MakeVisitor) -> None:
    home = make_page()
    block = put_block(slot(home))
    put_variant(block, "for all")
    put_default(block, "for others")
    publish(home)
    visitor = attune_visitor()
    assert "for all" in seen_by(visitor)
    _press("pause", to="paused")
    assert "for others" in seen_by(visitor)
    assert "paused: everyone sees the same" in edited(home)
    publish(next_draft(home))
    assert "for others" in seen_by(visitor)
    assert ">Resume</button>" in _listed()
    _press("pause", to="live")
    assert "for all" in seen_by(visitor)


def test_start_page__lists_blocks_of_pages__with_a_link_and_a_button_for_every_version(
    attune_visitor: MakeVisitor,
) -> None:
    home = make_page()
    put_variant(put_block(slot(home)), "for all")
    publish(home)
    key = str(_block().uuid)
    client, visitor = Client(), attune_visitor()
    client.force_login(editor())
    start = reverse("admin:attune_content_start")
    pause = reverse("admin:attune_djangocms_personalizedblock_pause_by_name", args=[key])

    def told() -> str:
        html = client.get(start).content.decode()
        assert f'action="{pause}?start"' in html
        return html

    page = reverse("admin:attune_djangocms_personalizedblock_page_of", args=[key])
    assert f'<a class="attune-place-name" href="{page}">Hero</a>' in told()
    assert f'href="{edit_url(_block().key)}"' in client.get(page).content.decode()
    assert client.post(f"{pause}?start", {"to": "paused"}).headers["Location"] == start
    assert "for all" not in seen_by(visitor)
    publish(draft := next_draft(home))
    assert "for all" not in seen_by(visitor)
    assert "Resume" in told()
    client.post(pause, {"to": "live"})  # of the version that is published by now
    assert "for all" in seen_by(visitor)
    version_of(draft).unpublish(editor())
    assert client.post(pause, {"to": "paused"}).status_code == 404


def test_start_page__for_those_who_may_not_change_pages__has_no_button_for_their_blocks(home: PageContent) -> None:
    dora = User.objects.create_user("dora", is_staff=True)
    dora.user_permissions.set(Permission.objects.filter(codename="view_block"))
    client = Client()
    client.force_login(dora)
    html = client.get(reverse("admin:attune_content_start")).content.decode()
    assert '<span class="attune-place-name">Hero</span>' in html
    assert "Pause" not in html


def test_blocks_of_pages__listed__lead_to_their_pages_and_cost_the_same(home: PageContent) -> None:
    def count() -> int:
        client = Client()
        client.force_login(editor())
        client.get(reverse(LIST))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(LIST))
        return len(queries)

    html = _listed()
    assert "Home (en)</a>" in html
    few = count()
    put_block(slot(other := make_page("Other")))
    publish(other)
    assert count() == few
    assert "Other (en)</a>" in _listed()


def test_blocks_of_pages__without_the_right__cannot_be_paused(home: PageContent) -> None:
    client = Client()
    client.force_login(User.objects.create_user("dora", is_staff=True))
    assert client.get(reverse(LIST)).status_code == 403
    address = reverse("admin:attune_djangocms_personalizedblock_pause", args=[_block().pk])
    assert client.post(address, {"to": "paused"}).status_code == 403


def test_campaign__with_blocks_and_variants_of_pages__names_those_that_are_published() -> None:
    summer = Campaign.objects.create(name="Summer")
    home = make_page()
    put_variant(put_block(slot(home)), "sale", campaign=summer)
    put_block(slot(home), "Offers", campaign=summer)
    client = Client()
    client.force_login(editor())
    page = reverse("admin:attune_content_campaign_change", args=[summer.pk])
    assert "Nothing yet" in client.get(page).content.decode()
    publish(home)
    next_draft(home)
    for address in (page, reverse("admin:attune_content_campaign_changelist")):
        html = client.get(address).content.decode()
        assert html.count("Home (en): sale</a>") == 1
        assert html.count("Home (en): Offers</a>") == 1
