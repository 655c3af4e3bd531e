"""The preferences page and its form: saving without a script, confirmation, the way back, broken bodies."""

import re
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from consent.purposes import policy_version
from tests.consent.conftest import Visitor

pytestmark = pytest.mark.django_db

SAVED = "/consent/preferences/?saved=1"


def _json(response: Any) -> Any:
    return response.json()


def test_form__ticked_box__grants_and_unticked_refuses(visitor: Visitor) -> None:
    response = visitor.submit({"analytics": "granted", "policy": policy_version()})
    assert (response.status_code, response["Location"]) == (303, SAVED)
    assert _json(visitor.get())["choices"] == {"analytics": "granted", "personalization": "refused"}


@pytest.mark.parametrize(("value", "choice"), [("granted", "granted"), ("refused", "refused")])
def test_form__answer_for_all__counts_for_every_purpose(visitor: Visitor, value: str, choice: str) -> None:
    assert visitor.submit({"analytics": "granted", "all": value}).status_code == 303
    assert set(_json(visitor.get())["choices"].values()) == {choice}


@pytest.mark.parametrize(("value", "status"), [("false", 303), ("refused", 303), ("0", 303), ("maybe", 400)])
def test_form__box_with_another_value__never_grants(visitor: Visitor, value: str, status: int) -> None:
    assert visitor.submit({"analytics": value}).status_code == status
    assert _json(visitor.get())["choices"]["analytics"] != "granted"


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/magazine/", "/magazine/"),
        ("/shop/?page=2#top", "/shop/?page=2#top"),
        ("http://testserver/shop/", "http://testserver/shop/"),
        ("", SAVED),
        ("https://evil.example/", SAVED),
        ("//evil.example/", SAVED),
        ("/\\evil.example/", SAVED),
        ("///evil.example", SAVED),
        ("http:///evil.example", SAVED),
        ("javascript:alert(1)", SAVED),
        ("data:text/html,x", SAVED),
        ("/ok\r\nSet-Cookie: a=b", SAVED),
        (" https://evil.example/", SAVED),
        ("\thttps://evil.example/", SAVED),
        ("https://testserver@evil.example/", SAVED),
        ("http://testserver.evil.example/", SAVED),
        ("/" + "a" * 5000, SAVED),
    ],
)
def test_form__next__leads_to_this_site_only(visitor: Visitor, target: str, location: str) -> None:
    response = visitor.submit({"all": "refused", "next": target})
    assert (response.status_code, response["Location"]) == (303, location)


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"marketing": "granted"}, 400, "marketing"),
        ({"analytics": "granted", "policy": "retired"}, 409, "texts have changed"),
        ({"analytics": "gran\0ted"}, 400, "NUL"),
        ({"<script>": "1"}, 400, "&lt;script&gt;"),
    ],
)
def test_form__something_wrong__shows_the_page_with_the_problem(
    visitor: Visitor, fields: dict[str, str], status: int, said: str
) -> None:
    response = visitor.submit(fields)
    assert response.status_code == status
    page = response.content.decode()
    assert said in page
    assert 'role="alert"' in page
    assert f'name="policy" value="{policy_version()}"' in page
    assert not response.cookies


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"analytics=granted", "multipart/form-data"),
        (b"", "application/x-www-form-urlencoded"),
        (b"&".join(b"a%d=1" % i for i in range(2_000)), "application/x-www-form-urlencoded"),
        (b"analytics=granted", "application/x-www-form-urlencoded; charset=utf-16"),
    ],
)
def test_form__broken_body__is_400(visitor: Visitor, body: bytes, kind: str) -> None:
    response = visitor.client.post("/consent/", body, content_type=kind, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 400
    assert not response.cookies


def test_preferences__stranger__nothing_is_ticked_and_no_cookie_is_set(
    visitor: Visitor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = visitor.get("/consent/preferences/")
    page = response.content.decode()
    assert response.status_code == 200
    assert not response.cookies
    assert page.count('type="checkbox"') == 2
    assert " checked" not in page
    assert "<script" not in page
    assert "style=" not in page


def test_preferences__posted_as_shown__saves_and_confirms(visitor: Visitor) -> None:
    page = visitor.get("/consent/preferences/?next=/magazine/").content.decode()
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    fields = {name: value.replace("&amp;", "&") for name, value in fields.items()}
    response = visitor.submit(fields | {"personalization": "granted"})
    assert response.status_code == 303
    confirmation = visitor.get(response["Location"]).content.decode()
    assert "Your choice is saved." in confirmation
    assert 'href="/magazine/"' in confirmation
    assert confirmation.count(" checked") == 1
    assert "You have agreed." in confirmation
    assert "You have refused." in confirmation


def test_preferences__foreign_next__is_not_linked(visitor: Visitor) -> None:
    assert "evil.example" not in visitor.get("/consent/preferences/?next=//evil.example/").content.decode()


def test_preferences__saved_in_the_address_but_nothing_chosen__does_not_confirm(visitor: Visitor) -> None:
    assert "Your choice is saved." not in visitor.get(SAVED).content.decode()
