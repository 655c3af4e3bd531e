"""Cart and checkout: what is put in, what is refused, and that a purchase counts once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from config.site.models import Order, OrderLine
from tracking.models import StoredEvent, Visitor

SHELL = "/shop/jackets/fieldfare-shell/"
PACK = "/shop/packs/cairn-24-daypack/"
DRY_PACK = "/shop/packs/skerry-18-dry-pack/"
ADDRESS = {
    "name": "Ada Fell",
    "email": "ada@example.org",
    "street": "Mill Lane 4",
    "postcode": "CA12 5AB",
    "city": "Keswick",
    "country": "GB",
}
Add = Callable[..., None]


def events(name: str) -> list[dict[str, Any]]:
    return list(StoredEvent.objects.filter(name=name).order_by("id").values_list("properties", flat=True))


def test_cart__nobody_put_anything_in__is_empty_and_keeps_no_session(stranger: Client) -> None:
    answer = stranger.get("/cart/")
    assert "Nothing in it yet" in answer.content.decode()
    assert not answer.cookies
    assert not Session.objects.exists()


def test_cart__something_put_in__shows_it_and_counts_it(stranger: Client, add: Add) -> None:
    add(stranger, SHELL, size="L")
    add(stranger, SHELL, size="L")
    add(stranger, PACK)
    html = stranger.get("/cart/").content.decode()
    assert "Size L" in html
    assert "€605" in html
    assert stranger.cookies["cart_count"].value == "3"


@pytest.mark.parametrize("size", ["", "XXXXL", "<b>"])
def test_cart__a_size_that_is_not_sold__is_explained_on_the_products_page(stranger: Client, size: str) -> None:
    answer = stranger.post(f"{SHELL}add/", {"size": size})
    assert answer.status_code == 422
    assert b'class="errorlist"' in answer.content
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, {"Sec-Fetch-Site": ""}]
)
def test_cart__a_form_from_elsewhere__changes_nothing(stranger: Client, headers: dict[str, str]) -> None:
    answer = stranger.post(f"{PACK}add/", headers=headers)
    assert answer.status_code == 403
    assert not Session.objects.exists()


def test_cart__quantities__are_changed_and_held_to_sense(stranger: Client, add: Add) -> None:
    add(stranger, PACK)
    for wanted, shown in (("3", "3"), ("99", "9"), ("-1", "9"), ("many", "9"), ("²", "9")):
        assert stranger.post("/cart/", {"line": "LM-401:", "quantity": wanted}).status_code == 303
        assert stranger.cookies["cart_count"].value == shown
    stranger.post("/cart/", {"line": "LM-999:", "quantity": "1"})
    assert stranger.cookies["cart_count"].value == "9"
    stranger.post("/cart/", {"line": "LM-401:", "quantity": "0"})
    assert "Nothing in it yet" in stranger.get("/cart/").content.decode()
    assert stranger.cookies["cart_count"].value == ""


def test_add_to_cart__with_consent__is_recorded_once(consenting: Client, add: Add) -> None:
    add(consenting, SHELL, size="M")
    [properties] = events("add_to_cart")
    assert properties["item_id"] == "LM-101"
    assert properties["item_category"] == "jackets"
    assert (properties["value"], properties["currency"]) == (245.0, "EUR")


def test_checkout__without_a_cart__leads_to_the_cart(stranger: Client) -> None:
    assert stranger.get("/checkout/").headers["Location"] == "/cart/"
    assert stranger.post("/checkout/", ADDRESS).headers["Location"] == "/cart/"
    assert stranger.get("/checkout/thanks/").headers["Location"] == "/cart/"


def test_checkout__filled_in__ends_in_an_order_and_its_confirmation(stranger: Client, add: Add) -> None:
    add(stranger, SHELL, size="M")
    answer = stranger.post("/checkout/", ADDRESS)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/checkout/thanks/")
    order = Order.objects.get()
    html = stranger.get("/checkout/thanks/").content.decode()
    assert order.number in html
    assert "Thank you, Ada Fell." in html
    assert OrderLine.objects.get().size == "M"
    assert order.value == 245
    assert order.delivery == 0
    assert stranger.cookies["cart_count"].value == ""
    assert "Nothing in it yet" in stranger.get("/cart/").content.decode()


def test_checkout__below_eighty_euros__costs_delivery(stranger: Client, add: Add) -> None:
    add(stranger, "/shop/trousers/bracken-shorts/", size="M")
    stranger.post("/checkout/", ADDRESS)
    assert Order.objects.get().total == 74


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "whom the parcel is for"),
        ("name", "12345", "at least one letter"),
        ("name", "A" * 81, "at most 80"),
        ("email", "ada", "valid email"),
        ("street", "x", "at least 3"),
        ("postcode", "????", "such as 8020"),
        ("city", "", "give the town"),
        ("country", "XX", "not one of the available choices"),
        ("name", "Ada\x00", "Null characters"),
    ],
)
def test_checkout__a_field_is_wrong__says_what_and_keeps_the_rest(
    stranger: Client, add: Add, field: str, value: str, message: str
) -> None:
    add(stranger, PACK)
    answer = stranger.post("/checkout/", {**ADDRESS, field: value})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert message in html
    assert ("ada@example.org" in html) or field == "email"
    assert not Order.objects.exists()


def test_checkout__markup_in_a_name__is_shown_as_text(stranger: Client, add: Add) -> None:
    add(stranger, PACK)
    stranger.post("/checkout/", {**ADDRESS, "name": "<script>alert(1)</script>"})
    assert "<script>alert" not in stranger.get("/checkout/thanks/").content.decode()


def test_purchase__with_consent__is_recorded_with_its_items(consenting: Client, add: Add) -> None:
    add(consenting, SHELL, size="M")
    add(consenting, DRY_PACK)
    add(consenting, DRY_PACK)
    consenting.get("/cart/")
    consenting.get("/checkout/")
    consenting.get("/checkout/")
    consenting.post("/checkout/", ADDRESS)
    [properties] = events("purchase")
    assert properties["transaction_id"] == Order.objects.get().number
    assert properties["item_id"] == ["LM-101", "LM-403"]
    assert properties["quantity"] == [1, 2]
    assert (properties["value"], properties["currency"]) == (421.0, "EUR")
    assert len(events("view_cart")) == 1
    assert len(events("begin_checkout")) == 1


def test_purchase__sent_twice__is_one_order_and_one_event(consenting: Client, add: Add) -> None:
    add(consenting, PACK)
    session = consenting.session
    before = dict(session.items())
    assert consenting.post("/checkout/", ADDRESS).status_code == 303
    # The second click of a double click was on its way before the first answer emptied the cart.
    session = consenting.session
    session.update(before)
    session.save()
    assert consenting.post("/checkout/", ADDRESS).headers["Location"] == "/checkout/thanks/"
    assert Order.objects.count() == OrderLine.objects.count() == len(events("purchase")) == 1
    # And one that came after it.
    assert consenting.post("/checkout/", ADDRESS).headers["Location"] == "/checkout/thanks/"
    assert len(events("purchase")) == 1


def test_purchase__without_consent__leaves_an_order_and_no_trace_of_a_visitor(stranger: Client, add: Add) -> None:
    add(stranger, PACK)
    stranger.get("/cart/")
    stranger.get("/checkout/")
    stranger.post("/checkout/", ADDRESS)
    assert Order.objects.count() == 1
    assert not StoredEvent.objects.exists()
    assert not Visitor.objects.exists()
    assert set(stranger.cookies) <= {"sessionid", "csrftoken", "cart_count"}


def test_thanks__for_somebody_else__shows_nothing(stranger: Client, add: Add) -> None:
    add(stranger, PACK)
    stranger.post("/checkout/", ADDRESS)
    assert Client().get("/checkout/thanks/").headers["Location"] == "/cart/"


def test_checkout__its_pages__are_kept_by_nobody(stranger: Client, add: Add) -> None:
    add(stranger, PACK)
    for path in ("/cart/", "/checkout/"):
        assert "no-store" in stranger.get(path).headers["Cache-Control"]
