"""Goals: what reaches them, what they are worth, and how editors write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from personalization.rules import Facts, Rule
from tests.tracking.samples import NOW, event
from tracking.goals import CompiledGoal, Happened, compile_goal, counted_goals
from tracking.models import EventType, Goal
from tracking.timeline import Page, Timeline

LIST = "admin:attune_tracking_goal_changelist"
ADD = "admin:attune_tracking_goal_add"


def goal(**fields: Any) -> CompiledGoal:
    return compile_goal(Goal(**{"pk": 1, "name": "Goal", "event": "purchase"} | fields))


def happened(name: str = "purchase", url: str = "https://shop.example/checkout/", **properties: Any) -> Happened:
    return Happened(name, Page(url), properties, "mobile")


def filled_in(**fields: str) -> dict[str, str]:
    rows = {f"where_{number}": "in" if number % 3 == 1 else "" for number in range(9)}
    return rows | {"name": "Large order", "event": "purchase", "within_days": "7", "enabled": "on"} | fields


@pytest.mark.parametrize(
    ("where", "reached"),
    [
        ([], True),
        ([{"property": "path", "starts_with": "/checkout"}, {"property": "value", "at_least": 50}], True),
        ([{"property": "path", "starts_with": "/checkout"}, {"property": "value", "at_least": 51}], False),
        ([{"property": "coupon", "exists": True}], False),
        ([{"property": "item_id", "in": ["A1"]}], True),
        ([{"property": "device", "not_in": ["mobile"]}], False),
    ],
)
def test_goal__conditions__mean_what_a_rules_filters_mean(where: list[dict[str, Any]], reached: bool) -> None:
    one = happened(value=50, item_id=["A1", "A2"])
    assert goal(where=where).is_reached_by(one) is reached
    assert not goal(where=where).is_reached_by(happened("refund", value=50, item_id="A1"))
    stored = event("purchase", at=NOW, page=one.page, **one.properties)
    rule = Rule.parse({"event": "purchase", "where": [one for one in where if one["property"] != "device"]})
    if all(one["property"] != "device" for one in where):
        assert rule.evaluate(Facts(Timeline([stored])), NOW).matches is reached


@pytest.mark.parametrize(
    ("fields", "properties", "worth"),
    [
        ({}, {"value": 5}, 0),
        ({"value_property": "value"}, {"value": 5.5, "currency": "USD"}, 5.5),
        ({"value_property": "value", "currency": "EUR"}, {"value": 5.5, "currency": "usd"}, 0),
        ({"value_property": "value", "currency": "EUR"}, {"value": 5.5, "currency": "eur"}, 5.5),
        ({"value_property": "value"}, {"value": "5"}, 0),
        ({"value_property": "value"}, {"value": True}, 0),
        ({"fixed_value": Decimal("2.50")}, {"value": 5}, 2.5),
    ],
)
def test_goal__worth__is_a_number_in_its_currency(fields: dict[str, Any], properties: Any, worth: float) -> None:
    assert goal(**fields).value_of(happened(**properties)) == worth


@pytest.mark.django_db
def test_counted_goals__switched_off_or_unreadable__are_left_out() -> None:
    Goal.objects.create(name="Off", event="purchase", enabled=False)
    Goal.objects.create(name="Odd", event="purchase", where=[{"property": "path", "matches": "("}])
    Goal.objects.create(name="On", event="purchase")
    assert [one.name for one in counted_goals()] == ["On"]


@pytest.mark.django_db
def test_admin__rows_filled_in__make_conditions_and_come_back(admin_client: Client) -> None:
    rows = {"where_0": "path", "where_1": "starts_with", "where_2": "/de/", "where_3": "value", "where_4": "at_least"}
    answer = admin_client.post(reverse(ADD), filled_in(**rows, where_5="50", value_property="value", currency="EUR"))
    assert answer.status_code == 302, answer.content.decode()
    made = Goal.objects.get(name="Large order")
    assert made.where == [{"property": "path", "starts_with": "/de/"}, {"property": "value", "at_least": 50}]
    page = admin_client.get(reverse("admin:attune_tracking_goal_change", args=[made.pk])).content.decode()
    assert [f'value="{value}"' in page for value in ("/de/", "50")] == [True, True]
    listed = admin_client.get(reverse(LIST)).content.decode()
    assert "Bought something (path starts with “/de/”, value is at least “50”)" in listed


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "mistake"),
    [
        ({"where_0": "value", "where_1": "at_least", "where_2": "much"}, "“much” is no number."),
        ({"where_2": "/shop/"}, "Say of what “/shop/” is to be asked."),
        ({"where_0": "path"}, "Say what “path” is compared with."),
        ({"value_property": "value", "fixed_value": "2"}, "leave one empty"),
        ({"event": "made_up"}, "Select a valid choice"),
        ({"currency": "euro"}, "at most 3 characters"),
    ],
)
def test_admin__mistakes__are_named(admin_client: Client, fields: dict[str, str], mistake: str) -> None:
    page = admin_client.post(reverse(ADD), filled_in(**fields)).content.decode()
    assert mistake in page
    assert not Goal.objects.exists()


@pytest.mark.django_db
def test_admin__event_of_the_site__is_offered_and_called_as_it_is(client: Client) -> None:
    EventType.objects.create(name="wave", label="Waved", purposes=1)
    Goal.objects.create(name="A wave", event="wave")
    client.force_login(User.objects.create_superuser("anna"))
    assert '<option value="wave">Waved (wave)</option>' in client.get(reverse(ADD)).content.decode()
    assert ">Waved<" in client.get(reverse(LIST)).content.decode()


@pytest.mark.django_db
def test_admin__more_conditions_than_rows__are_all_kept(admin_client: Client) -> None:
    where = [{"property": f"p{number}", "contains": "x"} for number in range(4)]
    made = Goal.objects.create(name="Many", event="purchase", where=where)
    page = admin_client.get(reverse("admin:attune_tracking_goal_change", args=[made.pk]))
    form = page.context["adminform"].form
    sent = {f"where_{place}": part for place, part in enumerate(form["where"].value())}
    admin_client.post(reverse("admin:attune_tracking_goal_change", args=[made.pk]), filled_in(**sent))
    made.refresh_from_db()
    assert (made.name, made.where) == ("Large order", where)
