"""Variants on trial: staff who are logged in see them, and nobody else's page or cache tells that they exist."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from personalization.content.models import Block, Variant
from personalization.content.reasons import Passed
from personalization.content.services import decide
from personalization.segments.team import TEAM
from tests.personalization.content.visitors import request_of
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
