"""Variants on trial: staff who are logged in see them, and nobody else's page or cache tells that they exist."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from personalization.content.deciding.reasons import Passed
from personalization.content.measuring.results import all_results
from personalization.content.models import Block, Campaign, Variant
from personalization.content.services import decide
from personalization.profiles.services import publish
from personalization.segments.team import TEAM
from personalization.shortcuts import Recorded, track
from tests.personalization.content.visitors import judged, request_of
from tests.personalization.pages_of_staff import made

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.personalization.pages_of_staff")]
CACHED = [
    "personalization.middleware.EdgeMiddleware",
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "personalization.middleware.KeyMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
]


@pytest.fixture
def trial(settings: Settings) -> Variant:
    settings.MIDDLEWARE = CACHED
    block = Block.objects.create(key="hero", name="Hero")
    Variant.objects.create(block=block, name="Usual", body="<p>usual</p>", order=2)
    return Variant.objects.create(block=block, name="Trial", body="<p>trial</p>", order=1, team_only=True)


def browser(user: User | None = None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
        client.get("/who/")
    return client


def shown(client: Client) -> str:
    return "trial" if "<p>trial</p>" in client.get("/block/").content.decode() else "usual"


def test_trial__staff_and_others_in_turns__each_sees_their_own(trial: Variant) -> None:
    staff = browser(User.objects.create_user("anna", is_staff=True))
    customer = browser(User.objects.create_user("bert"))
    visitors = [browser(), staff, customer, browser(), staff, customer, browser()]
    assert [shown(one) for one in visitors] == ["usual", "trial", "usual", "usual", "trial", "usual", "usual"]


def test_trial__the_page_of_others__is_found_in_the_cache_whoever_came_between(trial: Variant) -> None:
    staff = browser(User.objects.create_user("anna", is_staff=True))
    made.clear()
    assert shown(browser()) == "usual"
    assert [shown(staff), shown(staff)] == ["trial", "trial"]
    assert len(made) == 3
    visitor = browser()
    with CaptureQueriesContext(connection) as queries:
        answer = visitor.get("/block/")
    assert not any("session" in query["sql"] or "auth_user" in query["sql"] for query in queries)
    assert "usual" in answer.content.decode()
    assert not visitor.cookies
    assert len(made) == 3


@pytest.mark.parametrize("whole", ["block", "campaign"])
def test_trial__of_all_that_a_block_or_campaign_shows__is_seen_by_the_team_alone(trial: Variant, whole: str) -> None:
    trial.team_only = False
    trial.campaign = Campaign.objects.create(name="Sale", team_only=whole == "campaign")
    trial.save()
    Block.objects.update(team_only=whole == "block")
    publish()
    staff = browser(User.objects.create_user("anna", is_staff=True))
    pages = [one.get("/block/").content.decode() for one in (browser(), staff, browser())]
    assert ["<p>trial</p>" in page for page in pages] == [False, True, False]
    assert ["<p>usual</p>" in page for page in pages] == [whole == "campaign", False, whole == "campaign"]
    assert f'data-attune-variant="trial:{trial.uuid}"' in pages[1]
    step = decide(request_of(), "hero", explain=True).reason.steps[0]
    assert step.passed is Passed.TEAM
    assert ("“Sale”" in step.text) is (whole == "campaign")


def test_trial__what_the_team_sees__is_in_no_results(trial: Variant) -> None:
    usual = Variant.objects.get(name="Usual")
    visitor = judged(uuid4())
    for name in (f"trial:{trial.uuid}", str(usual.uuid)):
        assert isinstance(track(request_of(visitor), "block_view", block="hero", variant=name), Recorded)
    now = timezone.now()
    (found,) = all_results(since=now - timedelta(hours=1), until=now + timedelta(hours=1))
    assert [(one.name, one.views) for one in found.variants] == [("Trial", 0), ("Usual", 1)]
    assert found.tailored.views == 1


def test_marker__made_up_by_a_visitor__opens_nothing(trial: Variant) -> None:
    visitor = browser()
    visitor.cookies[TEAM] = "1"
    assert shown(visitor) == "usual"
    customer = browser(User.objects.create_user("bert"))
    customer.cookies[TEAM] = "1"
    assert shown(customer) == "usual"


def test_marker__staff_log_out__is_gone_and_so_is_the_trial(trial: Variant) -> None:
    staff = browser(User.objects.create_user("anna", is_staff=True))
    assert staff.cookies[TEAM].value == "1"
    assert shown(staff) == "trial"
    answer = staff.get("/out/")
    assert answer.cookies[TEAM]["max-age"] == 0
    assert answer["Cache-Control"].startswith("private")
    assert shown(staff) == "usual"


def test_decide__variant_on_trial__says_so_to_those_who_look(trial: Variant) -> None:
    decision = decide(request_of(), "hero", explain=True)
    assert [(step.variant, step.passed) for step in decision.reason.steps] == [
        ("Trial", Passed.TEAM),
        ("Usual", Passed.SHOWN),
    ]
