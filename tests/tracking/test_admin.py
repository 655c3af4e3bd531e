"""The admin of measuring: what we measure without JSON, visitors for those who may see persons, what was refused."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from consent import stores
from personalization.rules import Rule
from tests.tracking.samples import NOW, batch, event
from tracking import admin_panels
from tracking.access import expire_accesses, has_stated_reason, named, shortened, state_reason
from tracking.conf import settings
from tracking.event_types import BUILTIN, registered
from tracking.event_types import EventType as EventKind
from tracking.models import EventType, Import, Visitor, VisitorAccess
from tracking.pseudonyms import without_addresses
from tracking.recording import record_events
from tracking.refusals import REASONS, count_refused
from tracking.timeline import Page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alone")]

ADD = "/admin/attune_tracking/eventtype/add/"
FIELDS = {"name": "wave", "label": "Waved", "purposes": ["analytics"], "enabled": "on", "by_visitor": "on"}


def test_event_type__filled_in_by_an_editor__is_measured(admin_client: Client) -> None:
    response = admin_client.post(ADD, FIELDS | {"properties": "hand: text\n\nTimes\ntimes: number"})
    assert response.status_code == 200
    assert "Line 3: “Times” needs a name" in response.content.decode()
    response = admin_client.post(ADD, FIELDS | {"properties": "hand\ntimes: number"})
    assert response.status_code == 302
    kind = registered()["wave"]
    assert (kind.purposes, dict(kind.properties)) == (frozenset({"analytics"}), {"hand": "text", "times": "number"})
    page = admin_client.get(f"/admin/attune_tracking/eventtype/{EventType.objects.get().pk}/change/").content.decode()
    assert "hand: text\ntimes: number" in page


@pytest.mark.parametrize("lines", ["a: number\na: text", "a: date", "9a", "a b: text", "<script>: text"])
def test_event_type__wrong_lines__are_told(admin_client: Client, lines: str) -> None:
    response = admin_client.post(ADD, FIELDS | {"properties": lines})
    assert response.status_code == 200
    assert "Line " in response.content.decode()
    assert "<script>: text" not in response.content.decode()
    assert not EventType.objects.exists()


def test_event_type__built_in_described_anew__starts_from_what_it_is(admin_client: Client) -> None:
    listed = admin_client.get("/admin/attune_tracking/eventtype/").content.decode()
    assert "?name=add_to_cart" in listed
    page = admin_client.get(f"{ADD}?name=scroll").content.decode()
    assert "percent_scrolled: number" in page
    assert str(BUILTIN["scroll"].label) in page


@pytest.mark.parametrize("kind", BUILTIN.values(), ids=BUILTIN)
def test_built_in__label__is_what_rules_say(kind: EventKind) -> None:
    assert Rule.parse({"event": kind.name}).describe() == f"{kind.label}."


def test_visitors__events__are_shown_newest_first_in_pages(admin_client: Client) -> None:
    script = "<script>alert(1)</script>"
    sent = batch([event("page_view") for _ in range(60)] + [event(item_id=["A", "B"], item_name=script)])
    record_events([sent], now=NOW)
    assert str(sent.visitor_id) in admin_client.get("/admin/attune_tracking/visitor/").content.decode()
    url = f"/admin/attune_tracking/visitor/{sent.visitor_id}/change/"
    pages = [admin_client.get(f"{url}?p={number}").content.decode() for number in (1, 2)]
    assert [page.count("<time ") for page in pages] == [50, 11]
    assert "Page 1 of 2, 61 events" in pages[0]
    assert any("item_id: A, B" in page for page in pages)
    assert not any(script in page for page in pages)
    assert admin_client.post(url, {}).status_code in (200, 403)


def test_visitors__imported_one__tells_from_where_and_how_far_moved(admin_client: Client) -> None:
    record = Import.objects.create(
        file_digest="f",
        mapping_digest="m",
        name="old.csv",
        purposes=3,
        shift_microseconds=2 * 86_400_000_000,
        last_event_at=NOW,
        rows=1,
        started_at=NOW,
    )
    sent = batch([event()])
    record_events([sent], now=NOW, imported_from=record)
    page = admin_client.get(f"/admin/attune_tracking/visitor/{sent.visitor_id}/change/").content.decode()
    assert "old.csv, moved in time by +2 days, 0:00:00" in page
    assert '<div class="breadcrumbs">' in page


def test_visitors__panels__stand_on_the_page(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin_panels, "_panels", {})

    def panel(visitor_id: UUID, /, *, person: bool) -> SafeString:
        return format_html("<p>Known of {} {}</p>", visitor_id, "by name" if person else "by pseudonym")

    admin_panels.register_panel("Known about the visitor", panel)
    admin_panels.register_panel("Known about the visitor", panel)
    sent = batch([event()])
    record_events([sent], now=NOW)
    url = f"/admin/attune_tracking/visitor/{sent.visitor_id}/change/"
    page = admin_client.get(url).content.decode()
    assert page.count(f"<p>Known of {sent.visitor_id} by name</p>") == 1
    page = staff(admin_client).post(url, {"reason": REASON}, follow=True).content.decode()
    assert page.count(f"<p>Known of {sent.visitor_id} by pseudonym</p>") == 1


def test_visitors__search__takes_a_whole_number(admin_client: Client) -> None:
    first, second = batch([event()]), batch([event()])
    record_events([first, second], now=NOW)
    found = admin_client.get(f"/admin/attune_tracking/visitor/?q={first.visitor_id}").content.decode()
    assert str(first.visitor_id) in found
    assert str(second.visitor_id) not in found
    assert admin_client.get("/admin/attune_tracking/visitor/?q=nobody").status_code == 200


def test_visitors__nobody_of_that_id__leads_back(admin_client: Client) -> None:
    for unknown in (uuid4(), "x"):
        assert admin_client.get(f"/admin/attune_tracking/visitor/{unknown}/change/").status_code == 302


def test_visitors__without_permission__stay_unseen(client: Client) -> None:
    sent = batch([event()])
    record_events([sent], now=NOW)
    user = User.objects.create_user("editor", password="x", is_staff=True)
    client.force_login(user)
    urls = ("/admin/attune_tracking/visitor/", f"/admin/attune_tracking/visitor/{sent.visitor_id}/change/")
    assert [client.get(url).status_code for url in urls] == [403, 403]
    user.user_permissions.add(Permission.objects.get(codename="view_visitor"))
    assert [client.get(url).status_code for url in urls] == [200, 200]
    assert client.get("/admin/attune_tracking/visitor/add/").status_code == 403


def staff(client: Client, name: str = "analyst", *more: str) -> Client:
    """The client, logged in as somebody who may view visitors, and `more`."""
    user = User.objects.create_user(name, password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_visitor", *more]))
    client.force_login(user)
    return client


REASON = "The reminder did not show; ticket 4711."


def test_visitors__reason_to_look__is_asked_for_kept_and_enough_for_that_visitor(client: Client) -> None:
    first, second = batch([event()]), batch([event()])
    record_events([first, second], now=NOW)
    staff(client)
    url, other = (f"/admin/attune_tracking/visitor/{shortened(one.visitor_id)}/change/" for one in (first, second))
    assert "What they did" not in client.get(url).content.decode()
    assert "What they did" not in client.post(url, {"reason": "because  "}).content.decode()
    assert not VisitorAccess.objects.exists()
    page = client.post(f"{url}?p=1", {"reason": REASON}, follow=True).content.decode()
    assert "What they did" in page
    kept = VisitorAccess.objects.get()
    assert (kept.who, kept.reason, kept.visitor_id) == ("analyst", REASON, first.visitor_id)
    assert "What they did" in client.get(url).content.decode()
    asked = client.get(other).content.decode()
    assert "What they did" not in asked
    assert REASON in asked  # one click for the next visitor
    staff(client, "colleague")
    page = client.get(url).content.decode()
    assert "What they did" not in page
    assert REASON not in page


def test_visitors__reason_of_long_ago__is_asked_for_again(client: Client) -> None:
    sent = batch([event()])
    record_events([sent], now=NOW)
    ago = timezone.now() - timedelta(minutes=61)
    assert state_reason(sent.visitor_id, who="analyst", reason=REASON, now=ago)
    assert has_stated_reason(sent.visitor_id, who="analyst", now=ago + timedelta(minutes=59))
    page = staff(client).get(f"/admin/attune_tracking/visitor/{sent.visitor_id}/change/").content.decode()
    assert "What they did" not in page
    assert REASON not in page


def test_visitors__seen_by_analysts__are_pseudonyms(client: Client) -> None:
    sent = batch([event("purchase", transaction_id="T-1001", value=48.0)])
    record_events([sent], now=NOW)
    whole, short = str(sent.visitor_id), shortened(sent.visitor_id)
    staff(client)
    url = f"/admin/attune_tracking/visitor/{short}/change/"
    listed = client.get("/admin/attune_tracking/visitor/").content.decode()
    to_pick_from = client.get("/admin/attune_tracking/visitor/?_popup=1&_to_field=id").content.decode()
    asked = client.get(url).content.decode()
    page = client.post(url, {"reason": REASON}, follow=True).content.decode()
    assert url in listed
    for text in (listed, to_pick_from, asked, page):
        assert short in text
        assert whole not in text
        assert sent.visitor_id.hex not in text
    assert "value: 48.0" in page
    assert "T-1001" not in page
    assert short in client.get(f"/admin/attune_tracking/visitor/?q={short}").content.decode()
    assert client.get(f"/admin/attune_tracking/visitor/?id__gte={whole}").status_code == 400
    assert client.get(f"/admin/attune_tracking/visitor/{whole}/history/").status_code == 403


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Write to anna.b+shop@mail.example.org, please", "Write to …, please"),
        ("https://shop.example/bye/anna%40example.org?q=boots", "https://shop.example/bye/…?q=boots"),
        ("/bye/anna%2540example.org/", "/bye/…/"),
        ("tel:0151-234 5678", "…"),
        ("call +49 (151) 234-5678 now", "call … now"),
        ("2+2 boots, size 10+ @home, 4006381333931", "2+2 boots, size 10+ @home, 4006381333931"),
    ],
)
def test_without_addresses__texts__lose_those_alone(text: str, shown: str) -> None:
    assert without_addresses(text) == shown


def test_without_addresses__long_text_of_nothing_else__takes_no_time() -> None:
    before = time.process_time()
    without_addresses("a" * 200_000 + "@" + "b" * 200_000 + "+" + "1 " * 100_000)
    assert time.process_time() - before < 5  # without bounds: minutes


def test_visitors__seen_by_analysts__leave_out_what_names_them_anywhere(client: Client) -> None:
    page = Page("https://shop.example/bye/anna%40example.org", "Good bye anna@example.org")
    sent = batch(
        [
            event("search", search_term="anna@example.org", page=page),
            event("page_view", page=Page(page.url, "")),
            event("wave", billing_email="hidden by its name", item_name="Boots", hands=["a@b.example", "left"]),
        ]
    )
    record_events([sent], now=NOW)
    for name, permissions, sees in (("analyst", [], False), ("officer", ["identify_visitor"], True)):
        staff(client, name, *permissions)
        url = f"/admin/attune_tracking/visitor/{sent.visitor_id}/change/"
        read = client.post(url, {"reason": REASON}, follow=True).content.decode()
        assert "item_name: Boots" in read
        for secret in ("anna@example.org", "anna%40example.org", "hidden by its name", "a@b.example"):
            assert (secret in read) is sees
        assert ("hands: …, left" in read) is not sees


def test_visitors__seen_by_privacy_officers__are_whole_and_need_no_reason(client: Client) -> None:
    sent = batch([event("purchase", transaction_id="T-1001")])
    record_events([sent], now=NOW)
    assert state_reason(sent.visitor_id, who="analyst", reason=REASON, now=timezone.now())
    staff(client, "officer", "identify_visitor", "view_visitoraccess")
    page = client.get(f"/admin/attune_tracking/visitor/{sent.visitor_id}/change/").content.decode()
    assert str(sent.visitor_id) in page
    assert "T-1001" in page
    read = client.get("/admin/attune_tracking/visitoraccess/").content.decode()
    assert REASON in read
    assert str(sent.visitor_id) in read


def test_accesses__visitor_who_withdraws__take_them_along() -> None:
    first, second = batch([event()]), batch([event()])
    record_events([first, second], now=NOW)
    for one in (first, second):
        assert state_reason(one.visitor_id, who="analyst", reason=REASON, now=NOW)
    stores.erase_everywhere(first.visitor_id, withdrawn=2, remaining=1)
    assert VisitorAccess.objects.count() == 2
    stores.erase_everywhere(first.visitor_id, withdrawn=3, remaining=0)
    assert [one.visitor_id for one in VisitorAccess.objects.all()] == [second.visitor_id]
    assert not state_reason(first.visitor_id, who="analyst", reason=REASON, now=NOW)


def test_accesses__before_retention_or_of_nobody__expire() -> None:
    sent = batch([event()])
    record_events([sent], now=NOW)
    for at in (NOW - settings.RETENTION - timedelta(days=1), NOW):
        VisitorAccess.objects.create(visitor_id=sent.visitor_id, who="analyst", reason=REASON, at=at)
    VisitorAccess.objects.create(visitor_id=uuid4(), who="analyst", reason=REASON, at=NOW)
    assert expire_accesses(NOW) == 2
    assert [(one.visitor_id, one.at) for one in VisitorAccess.objects.all()] == [(sent.visitor_id, NOW)]


@pytest.mark.parametrize("name", ["", "4f1c", "zzzzzzzzzzzz", "4f1c2a9b-03de-", "x" * 32])
def test_named__what_is_no_id__finds_nobody_or_just_the_one(name: str) -> None:
    record_events([batch([event()])], now=NOW)
    assert not named(Visitor.objects.all(), name).exists()


def test_refused_events__counted__are_listed_in_words(admin_client: Client) -> None:
    count_refused({"bot": 2}, now=NOW)
    count_refused({"bot": 3, "nul": 0}, now=NOW)
    page = admin_client.get("/admin/attune_tracking/refusedevents/").content.decode()
    assert str(REASONS["bot"]) in page
    assert ">5<" in page
    assert str(REASONS["nul"]) not in page


@pytest.mark.parametrize(
    ("model", "name", "empty"),
    [
        ("eventtype", "What we measure", "No events of your own yet."),
        ("visitor", "Visitors", "0 visitors"),
        ("visitoraccess", "Who looked at visitors", "Nobody looked at a visitor yet."),
        ("refusedevents", "Refused events", "Nothing was refused yet."),
        ("import", "Imports", "Nothing was imported yet."),
    ],
)
def test_list__nothing_in_it__says_so_under_its_name(admin_client: Client, model: str, name: str, empty: str) -> None:
    url = f"/admin/attune_tracking/{model}/"
    page = admin_client.get(url).content.decode()
    assert f"<h1>{name}</h1>" in page
    assert empty in page
    if model == "refusedevents":
        assert "Nothing found." in admin_client.get(f"{url}?day__gte=2026-11-20").content.decode()


def test_refused_events__more_than_a_page__has_pages(admin_client: Client) -> None:
    for days in range(101):
        count_refused({"bot": 12_345}, now=NOW - timedelta(days=days))
    page = admin_client.get("/admin/attune_tracking/refusedevents/").content.decode()
    assert "?p=2" in page
    assert ">12,345<" in page
