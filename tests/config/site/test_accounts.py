"""Accounts: opened, entered, left and closed; what they show, to whom, and how often one may try."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.site.account_views import MOST_TRIES
from config.site.models import Order, Subscriber
from config.site.seeds import LOGIN, PASSWORD
from tests.config.site.test_checkout import ADDRESS
from tracking.models import StoredEvent

WHO = {"email": "Ada@Example.org", "password": "fog-on-the-tops"}
LOG_IN = {"username": "ada@example.org", "password": "fog-on-the-tops"}
Add = Callable[..., None]


@pytest.fixture
def customer(stranger: Client) -> Client:
    """Somebody who has just opened an account."""
    assert stranger.post("/account/register/", WHO).status_code == 303
    return stranger


def is_logged_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def events() -> list[tuple[str, dict[str, Any]]]:
    return list(StoredEvent.objects.order_by("id").values_list("name", "properties"))


def test_register__an_address_and_a_password__open_an_account_and_log_in(stranger: Client) -> None:
    answer = stranger.post("/account/register/", WHO)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/")
    user = get_user_model().objects.get(email="ada@example.org")
    assert (user.username, user.is_staff) == ("ada@example.org", False)
    assert "ada@example.org" in stranger.get("/account/").content.decode()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"email": ""}, "an address that we can write to"),
        ({"email": "ada"}, "valid email"),
        ({"password": ""}, "choose a password"),
        ({"password": "short"}, "too short"),
        ({"password": "password1"}, "too common"),
        ({"password": "ada@example.or"}, "too similar"),
        ({"email": "a\x00da@example.org"}, "Null characters"),
        ({"email": "a" * 120 + "@example.org"}, "at most 120"),
    ],
)
def test_register__something_wrong__is_explained_and_opens_nothing(
    stranger: Client, change: dict[str, str], message: str
) -> None:
    answer = stranger.post("/account/register/", {**WHO, **change})
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not get_user_model().objects.exclude(username=LOGIN).exists()
    assert WHO["password"] not in answer.content.decode()


def test_register__an_address_that_has_an_account__is_not_taken_over(customer: Client) -> None:
    other = Client()
    answer = other.post("/account/register/", {"email": "ADA@example.org", "password": "quite-another-fog"})
    assert answer.status_code == 422
    assert not is_logged_in(other)
    assert get_user_model().objects.get(email="ada@example.org").check_password(WHO["password"])


def test_log_in__the_right_password__opens_the_account(customer: Client) -> None:
    other = Client()
    answer = other.post("/account/log-in/", {**LOG_IN, "username": "ADA@example.org"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/")
    assert is_logged_in(other)


def test_log_in__a_wrong_password_or_an_unknown_address__are_told_the_same(customer: Client) -> None:
    def told(**change: str) -> str:
        answer = Client().post("/account/log-in/", {**LOG_IN, **change})
        assert answer.status_code == 422
        html = answer.content.decode()
        return html[html.index("<h1>") : html.index("<form")]

    assert told(password="wrong") == told(username="nobody@example.org")
    assert "do not belong together" in told(password="wrong")


def test_log_in__of_those_behind_the_counter__is_by_their_own_door(shop: None) -> None:
    client = Client()
    assert client.post("/account/log-in/", {"username": LOGIN, "password": PASSWORD}).status_code == 422
    assert not is_logged_in(client)


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        ("/checkout/", "/checkout/"),
        ("https://evil.example/", "/account/"),
        ("//evil.example/", "/account/"),
        ("javascript:alert(1)", "/account/"),
        ("/\\evil.example", "/account/"),
    ],
)
@pytest.mark.parametrize("door", ["log-in", "register"])
def test_next__of_a_door__leads_to_pages_of_this_site_only(
    customer: Client, wanted: str, there: str, door: str
) -> None:
    form = LOG_IN if door == "log-in" else {**WHO, "email": "grace@example.org"}
    other = Client()
    html = other.get(f"/account/{door}/", {"next": wanted}).content.decode()
    assert (f'name="next" value="{wanted}"' in html) == ('name="next"' in html) == (wanted == there)
    assert other.post(f"/account/{door}/", {**form, "next": wanted}).headers["Location"] == there


def test_account__for_somebody_who_is_not_logged_in__asks_to_log_in(stranger: Client) -> None:
    for page in ("", "password/", "close/"):
        answer = stranger.get(f"/account/{page}")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/account/log-in/?next=/account/{page}")
    assert stranger.get("/de/account/").headers["Location"] == "/de/account/log-in/?next=/de/account/"
    assert not Session.objects.exists()


@pytest.mark.parametrize("door", ["log-in", "register"])
def test_door__tried_too_often__closes_for_a_minute(stranger: Client, door: str) -> None:
    for _ in range(MOST_TRIES):
        assert stranger.post(f"/account/{door}/", {}).status_code == 422
    answer = stranger.post(f"/account/{door}/", {**LOG_IN, **WHO})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert "too often" in answer.content.decode()
    assert stranger.get(f"/account/{door}/").status_code == 200
    assert not get_user_model().objects.exclude(username=LOGIN).exists()


@pytest.mark.parametrize("path", ["log-in", "register", "log-out", "newsletter", "password", "close"])
def test_form__of_an_account_without_its_token__is_refused(shop: None, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(f"/account/{path}/", {**LOG_IN, **WHO}).status_code == 403


def test_log_out__by_a_form__ends_the_session_and_empties_the_header(customer: Client, add: Add) -> None:
    add(customer, "/shop/packs/cairn-24-daypack/")
    assert customer.get("/account/log-out/").status_code == 405
    assert customer.post("/account/log-out/").headers["Location"] == "/"
    assert customer.cookies["cart_count"].value == ""
    assert not is_logged_in(customer)


def test_log_in__with_something_in_the_cart__keeps_it(customer: Client, add: Add) -> None:
    other = Client(headers={"Sec-Fetch-Site": "same-origin"})
    add(other, "/shop/packs/cairn-24-daypack/")
    before = other.cookies["sessionid"].value
    other.post("/account/log-in/", LOG_IN)
    assert other.cookies["sessionid"].value != before
    assert "Cairn 24 Daypack" in other.get("/cart/").content.decode()


def test_order__of_somebody_logged_in__belongs_to_the_account_and_to_nobody_else(customer: Client, add: Add) -> None:
    add(customer, "/shop/packs/cairn-24-daypack/")
    assert 'value="ada@example.org"' in customer.get("/checkout/").content.decode()
    customer.post("/checkout/", ADDRESS)
    number = Order.objects.get().number
    assert number in customer.get("/account/").content.decode()
    other = Client()
    other.post("/account/register/", {**WHO, "email": "grace@example.org"})
    assert number not in other.get("/account/").content.decode()


def test_order__without_an_account__belongs_to_nobody(stranger: Client, add: Add) -> None:
    add(stranger, "/shop/packs/cairn-24-daypack/")
    stranger.post("/checkout/", ADDRESS)
    assert Order.objects.get().customer is None


def test_account__with_many_orders__takes_the_same_queries(customer: Client, add: Add) -> None:
    def order() -> None:
        add(customer, "/shop/packs/cairn-24-daypack/")
        customer.post("/checkout/", ADDRESS)

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            customer.get("/account/")
        return len(counted)

    order()
    queries()
    few = queries()
    order()
    order()
    assert queries() == few
    assert Order.objects.count() == 3


def test_password__changed__logs_out_elsewhere_and_stays_here(customer: Client) -> None:
    other = Client()
    other.post("/account/log-in/", LOG_IN)
    form = {
        "old_password": WHO["password"],
        "new_password1": "rain-before-seven",
        "new_password2": "rain-before-seven",
    }
    assert customer.post("/account/password/", {**form, "old_password": "no"}).status_code == 422
    assert customer.post("/account/password/", form).headers["Location"] == "/account/?done=password"
    assert is_logged_in(customer)
    assert not is_logged_in(other)


def test_close__with_the_password__deletes_the_account_and_keeps_the_order_without_it(
    customer: Client, add: Add
) -> None:
    add(customer, "/shop/packs/cairn-24-daypack/")
    customer.post("/checkout/", ADDRESS)
    customer.post("/account/newsletter/")
    assert Subscriber.objects.get().email == "ada@example.org"
    assert customer.post("/account/close/", {"password": "no"}).status_code == 422
    assert is_logged_in(customer)
    assert customer.post("/account/close/", {"password": WHO["password"]}).status_code == 200
    assert not get_user_model().objects.filter(email="ada@example.org").exists()
    assert not Subscriber.objects.exists()
    assert Order.objects.get().customer is None
    assert not is_logged_in(customer)


def test_close__for_those_behind_the_counter__is_not_for_the_asking(shop: None) -> None:
    client = Client()
    client.login(username=LOGIN, password=PASSWORD)
    assert client.post("/account/close/", {"password": PASSWORD}).status_code == 403
    assert get_user_model().objects.filter(username=LOGIN).exists()


def test_letter__of_an_account__is_begun_and_ended_there(customer: Client) -> None:
    assert "You do not get it." in customer.get("/account/").content.decode()
    customer.post("/account/newsletter/")
    assert "It comes twice a year" in customer.get("/account/").content.decode()
    customer.post("/account/newsletter/", {"leave": "1"})
    assert not Subscriber.objects.exists()


def test_events__of_accounts__say_how_and_never_who(consenting: Client) -> None:
    consenting.post("/account/register/", WHO)
    consenting.post("/account/log-out/")
    consenting.post("/account/log-in/", LOG_IN)
    consenting.post("/account/newsletter/")
    assert events() == [
        ("sign_up", {"method": "email"}),
        ("login", {"method": "email"}),
        ("generate_lead", {"lead_source": "newsletter"}),
    ]


def test_events__of_accounts_without_consent__are_none(refusing: Client) -> None:
    refusing.post("/account/register/", WHO)
    refusing.post("/account/log-out/")
    refusing.post("/account/log-in/", LOG_IN)
    assert is_logged_in(refusing)
    assert events() == []


@pytest.mark.parametrize("path", ["/account/", "/account/log-in/", "/account/register/", "/account/password/"])
def test_pages__of_accounts__are_kept_by_nobody_and_listed_nowhere(customer: Client, path: str) -> None:
    client = customer if path in {"/account/", "/account/password/"} else Client()
    answer = client.get(path)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert 'content="noindex"' in answer.content.decode()


def test_catalog__for_somebody_logged_in__is_the_strangers(customer: Client) -> None:
    for path in ("/magazine/", "/about/", "/newsletter/"):
        answer = customer.get(path)
        assert answer.content == Client().get(path).content
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_closed_page__for_an_account_that_does_not_open_it__says_so(shop: None) -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_user("ann", is_staff=True))
    answer = client.get("/admin/attune_content/block/")
    assert answer.status_code == 403
    assert "does not open this page" in answer.content.decode()
    assert "did not come from" not in answer.content.decode()
