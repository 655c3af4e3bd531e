"""The letter: joined and left without script, from pages of this site only, and told to nobody."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from config.site.account_views import MOST_TRIES
from config.site.accounts import leaving_link
from config.site.models import Subscriber
from tracking.models import StoredEvent


@pytest.mark.parametrize("path", ["/", "/shop/boots/", "/magazine/the-bothy-rules/", "/cart/"])
def test_form__in_every_footer__works_without_script_and_token(stranger: Client, path: str) -> None:
    html = stranger.get(path).content.decode()
    form = html[html.index('action="/newsletter/join/"') :]
    form = form[: form.index("</form>")]
    assert 'name="email"' in form
    assert "csrfmiddlewaretoken" not in form


def test_join__an_address__is_kept_with_its_language_and_nothing_else(stranger: Client) -> None:
    answer = stranger.post("/de/newsletter/join/", {"email": "Ada@Example.org"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/de/newsletter/?done=joined")
    [held] = Subscriber.objects.values()
    assert (held["email"], held["language"]) == ("ada@example.org", "de")
    assert held.keys() == {"id", "email", "language", "joined_at"}
    assert not answer.cookies
    assert not Session.objects.exists()
    assert "Der nächste Brief findet dich" in stranger.get("/de/newsletter/?done=joined").content.decode()


def test_join__twice__is_once_and_answered_the_same(stranger: Client) -> None:
    first = stranger.post("/newsletter/join/", {"email": "ada@example.org"})
    second = stranger.post("/newsletter/join/", {"email": "ADA@example.org"})
    assert first.headers["Location"] == second.headers["Location"]
    assert Subscriber.objects.count() == 1


def link_of(email: str) -> str:
    return leaving_link(Subscriber.objects.get(email=email))


def test_leave__by_the_letters_link__ends_it_for_that_address_only(stranger: Client) -> None:
    for email in ("ada@example.org", "grace@example.org"):
        stranger.post("/de/newsletter/join/", {"email": email})
    link = link_of("ada@example.org")
    assert link.startswith("/de/newsletter/leave/?who=")
    assert "ada" not in link
    asked = stranger.get(link)
    assert "Schickt mir den Brief nicht mehr" in asked.content.decode()
    assert Subscriber.objects.count() == 2, "looking at the page, as mail programs do, ends nothing"
    # A mail program sends the form, too, from nowhere and without a cookie (RFC 8058).
    program = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = program.post(link, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/de/newsletter/?done=left")
    assert [one.email for one in Subscriber.objects.all()] == ["grace@example.org"]


@pytest.mark.parametrize("who", ["", "{pk}", "{pk}:forged", "nobody:forged"])
def test_leave__by_a_link_that_is_not_ours__is_not_found(stranger: Client, who: str) -> None:
    stranger.post("/newsletter/join/", {"email": "ada@example.org"})
    subscriber = Subscriber.objects.get()
    for answer in (stranger.get, stranger.post):
        assert answer(f"/newsletter/leave/?who={who.format(pk=subscriber.pk)}").status_code == 404
    assert Subscriber.objects.exists()


def test_leave__by_the_public_form__does_not_end_somebody_elses_letter(stranger: Client) -> None:
    stranger.post("/newsletter/join/", {"email": "ada@example.org"})
    stranger.post("/newsletter/join/", {"email": "ada@example.org", "leave": "1"})
    assert Subscriber.objects.exists()
    assert 'name="leave"' not in stranger.get("/newsletter/").content.decode()


def test_link__of_a_subscriber__is_in_the_admin_for_the_letters(admin_client: Client, stranger: Client) -> None:
    stranger.post("/newsletter/join/", {"email": "ada@example.org"})
    page = admin_client.get(f"/admin/demo_site/subscriber/{Subscriber.objects.get().pk}/change/").content.decode()
    assert link_of("ada@example.org") in page


@pytest.mark.parametrize("address", ["", "ada", "ada@", "a" * 120 + "@example.org", "a\x00da@example.org"])
def test_join__something_that_is_no_address__is_explained(stranger: Client, address: str) -> None:
    answer = stranger.post("/newsletter/join/", {"email": address})
    assert answer.status_code == 422
    assert b'class="errorlist"' in answer.content
    assert not Subscriber.objects.exists()


def test_join__from_another_site__is_refused(stranger: Client) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert stranger.post("/newsletter/join/", {"email": "ada@example.org"}, headers=headers).status_code == 403
    assert not Subscriber.objects.exists()


def test_join__too_often__is_refused_for_a_minute(stranger: Client) -> None:
    for n in range(MOST_TRIES):
        stranger.post("/newsletter/join/", {"email": f"ada{n}@example.org"})
    answer = stranger.post("/newsletter/join/", {"email": "one-more@example.org"})
    assert answer.status_code == 429
    assert Subscriber.objects.count() == MOST_TRIES


def test_lead__with_consent__is_recorded_once_and_without_the_address(consenting: Client) -> None:
    consenting.post("/newsletter/join/", {"email": "ada@example.org"})
    consenting.post("/newsletter/join/", {"email": "ada@example.org"})
    [event] = StoredEvent.objects.all()
    assert (event.name, event.properties) == ("generate_lead", {"lead_source": "newsletter"})
    assert "ada" not in f"{event.url} {event.title} {event.referrer}"


def test_lead__without_consent__is_not_recorded(stranger: Client) -> None:
    stranger.post("/newsletter/join/", {"email": "ada@example.org"})
    assert not StoredEvent.objects.exists()


def test_page__of_the_letter__may_be_cached_for_everybody(consenting: Client) -> None:
    answer = consenting.get("/newsletter/?done=joined")
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert "private" not in answer.headers.get("Cache-Control", "")
