"""The admin of measuring: what we measure without JSON, visitors for those who may see persons, what was refused."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tests.tracking.samples import NOW, batch, event
from tracking import admin_panels
from tracking.event_types import BUILTIN, registered
from tracking.models import EventType, Import
from tracking.recording import record_events
from tracking.refusals import REASONS, count_refused

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

    def panel(visitor_id: UUID) -> SafeString:
        return format_html("<p>Known of {}</p>", visitor_id)

    admin_panels.register_panel("Known about the visitor", panel)
    admin_panels.register_panel("Known about the visitor", panel)
    sent = batch([event()])
    record_events([sent], now=NOW)
    page = admin_client.get(f"/admin/attune_tracking/visitor/{sent.visitor_id}/change/").content.decode()
    assert page.count(f"<p>Known of {sent.visitor_id}</p>") == 1


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


def test_refused_events__counted__are_listed_in_words(admin_client: Client) -> None:
    count_refused({"bot": 2}, now=NOW)
    count_refused({"bot": 3, "nul": 0}, now=NOW)
    page = admin_client.get("/admin/attune_tracking/refusedevents/").content.decode()
    assert str(REASONS["bot"]) in page
    assert ">5<" in page
    assert str(REASONS["nul"]) not in page
