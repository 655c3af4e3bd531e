"""The page of the score, and what a visitor's page shows of it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from personalization.scoring.admin_panels import items_panel
from personalization.scoring.forms import weights_as_lines
from personalization.scoring.models import EngagementScore, default_weights
from personalization.segments.admin_panels import known_panel
from personalization.segments.services import judge_visitors
from tests.personalization.segments.people import NOW, view, visitor_with
from tracking.models import EventType

pytestmark = pytest.mark.django_db

PAGE = "admin:attune_scoring_engagementscore_changelist"


@pytest.fixture
def editor(client: Client) -> Client:
    """Somebody who may change the score and nothing else."""
    user = User.objects.create_user("erik", is_staff=True)
    user.user_permissions.add(
        *Permission.objects.filter(content_type__app_label="attune_scoring", content_type__model="engagementscore")
    )
    client.force_login(user)
    return client


def test_page__nothing_saved_yet__shows_the_defaults_and_stores_nothing(editor: Client) -> None:
    page = editor.get(reverse(PAGE)).content.decode()
    assert weights_as_lines(default_weights()) in page
    assert "Old behavior counts less after" in page
    assert not EngagementScore.objects.exists()


def test_page__for_those_who_may_only_look__says_the_same_in_lines(client: Client) -> None:
    user = User.objects.create_user("ana", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_engagementscore"))
    client.force_login(user)
    page = client.get(reverse(PAGE)).content.decode()
    assert f"<pre>{weights_as_lines(default_weights())}</pre>" in page
    assert "<textarea" not in page


@pytest.mark.parametrize("times", [1, 2])
def test_page__posted__saves_the_one_row(editor: Client, times: int) -> None:
    EventType.objects.create(name="stroke", label="Stroked", purposes=3)
    for half_life in range(times):
        posted = {"weights": "stroke: 2.5\nscroll: -1", "half_life_days": 14 + half_life}
        response = editor.post(reverse(PAGE), posted, follow=True)
        assert response.status_code == 200
        assert "changed successfully" in response.content.decode()
    row = EngagementScore.objects.get()
    assert (row.pk, row.weights, row.half_life_days) == (1, {"stroke": 2.5, "scroll": -1.0}, 13 + times)


@pytest.mark.parametrize(
    ("weights", "days", "mistake"),
    [
        ("clikc: 1", 30, "There is no “clikc” under What we measure."),
        ("click", 30, "Line 1: “click” needs a name, a colon and a number"),
        ("click: 1\nclick: 2", 30, "Line 2: “click: 2” is there twice."),
        ("click: nan", 30, "needs a name"),
        ("click: 1e9", 30, "needs a name"),
        ("click: 1", 0, "greater than or equal to 1"),
    ],
)
def test_page__mistakes__are_named_and_nothing_is_stored(editor: Client, weights: str, days: int, mistake: str) -> None:
    page = editor.post(reverse(PAGE), {"weights": weights, "half_life_days": days}).content.decode()
    assert mistake in page
    assert not EngagementScore.objects.exists()


def test_page__somebody_without_the_permission__is_refused(client: Client) -> None:
    client.force_login(User.objects.create_user("otto", is_staff=True))
    assert client.get(reverse(PAGE)).status_code == 403
    assert client.post(reverse(PAGE), {"weights": "", "half_life_days": 1}).status_code == 403
    assert not EngagementScore.objects.exists()


def test_visitor_page__score_and_items__are_shown() -> None:
    visitor_id = visitor_with(view(name="purchase", item_id=["boots", "<b>"]), view(name="view_item", item_id="pack"))
    judge_visitors([visitor_id], now=NOW)
    known = known_panel(visitor_id, person=True)
    assert "engagement" in known
    assert "30 days" in known
    items = items_panel(visitor_id, person=True)
    assert "boots" in items
    assert "&lt;b&gt;" in items
    assert "pack" not in items
