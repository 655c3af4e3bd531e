"""The imports in the admin: shown with basis, purposes, move and report; nothing can be changed, all can be undone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from tests.tracking.importing.files import CLOCK, HEADER, written
from tracking.importing import admin as importing_admin
from tracking.importing.mapping import parse_mapping
from tracking.importing.models import Import
from tracking.importing.services import import_events
from tracking.models import StoredEvent, Visitor


@pytest.fixture
def imported(tmp_path: Path) -> Import:
    """A small import with a row that could not be read."""
    import_events(
        written(
            tmp_path / "old.csv",
            HEADER + "ann,2026-01-01T00:00:00Z,view,x,1\n<script>,<script>alert(1)</script>,view,x,1\n",
        ),
        mapping=parse_mapping(CLOCK),
        now=datetime(2026, 11, 20, 12, tzinfo=UTC),
        problem_path=tmp_path / "problems.csv",
    )
    return Import.objects.get()


@pytest.mark.django_db
def test_import_page__finished__tells_basis_move_and_report(admin_client: Client, imported: Import) -> None:
    page = admin_client.get(reverse("admin:attune_tracking_import_change", args=[imported.pk])).content.decode()

    for text in (
        "Consent of 2025, text 3",
        "Measuring visits, Personal content",
        "+323 days, 12:00:00",
        "Line 3",
        "– time",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ):
        assert text in page
    assert "<script>alert(1)" not in page
    assert 'name="_save"' not in page


@pytest.mark.django_db
def test_import_page__interrupted__says_where(admin_client: Client, imported: Import) -> None:
    Import.objects.update(finished_at=None, position=1)

    page = admin_client.get(reverse("admin:attune_tracking_import_change", args=[imported.pk])).content.decode()

    assert "Interrupted after row" in page
    assert "1 / 2" in page


@pytest.mark.django_db
def test_import_list__any__cannot_be_added_to(admin_client: Client, imported: Import) -> None:
    page = admin_client.get(reverse("admin:attune_tracking_import_changelist")).content.decode()

    assert "old.csv" in page
    assert admin_client.get(reverse("admin:attune_tracking_import_add")).status_code == 403


@pytest.mark.django_db
def test_visitor_page__imported__tells_the_import_and_its_move(admin_client: Client, imported: Import) -> None:
    visitor = Visitor.objects.get()

    page = admin_client.get(reverse("admin:attune_tracking_visitor_change", args=[visitor.pk])).content.decode()

    assert "old.csv" in page
    assert "323 days, 12:00:00" in page


def staff(client: Client, *permissions: str) -> Client:
    """The client, logged in as somebody with these permissions alone."""
    user = User.objects.create_user("bo", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


@pytest.mark.django_db
def test_undo__without_its_permission__is_neither_offered_nor_done(client: Client, imported: Import) -> None:
    staff(client, "view_import", "change_import", "delete_import")
    url = reverse("admin:attune_tracking_import_undo", args=[imported.pk])

    assert "Undo" not in client.get(reverse("admin:attune_tracking_import_change", args=[imported.pk])).content.decode()
    assert (client.get(url).status_code, client.post(url).status_code) == (403, 403)
    assert StoredEvent.objects.exists()


@pytest.mark.django_db
def test_import_page__rows_that_could_not_be_read__are_for_those_who_may_identify(
    client: Client, imported: Import
) -> None:
    url = reverse("admin:attune_tracking_import_change", args=[imported.pk])
    assert "alert(1)" not in staff(client, "view_import").get(url).content.decode()


@pytest.mark.django_db
def test_undo__without_small_counts__tells_that_it_were_few(client: Client, imported: Import) -> None:
    staff(client, "view_import", "undo_import")
    url = reverse("admin:attune_tracking_import_undo", args=[imported.pk])
    assert "Visitors whom it brought: under 10." in client.get(url).content.decode()
    assert "about them: under 10." in client.post(url, follow=True).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("rights", "said"), [((), "under 10"), (("see_small_counts",), "3")])
def test_import_page__rows_of_few_who_have_withdrawn__are_exact_for_those_who_may_know(
    client: Client, imported: Import, rights: tuple[str, ...], said: str
) -> None:
    Import.objects.update(counts=imported.counts | {"withdrawn": 3})
    staff(client, "view_import", *rights)
    page = client.get(reverse("admin:attune_tracking_import_change", args=[imported.pk])).content.decode()
    assert f'<th scope="row">Of visitors who have withdrawn</th><td>{said}</td>' in page
    assert '<th scope="row">Events added</th><td>1</td>' in page


@pytest.mark.django_db
def test_undo__confirmed__is_done_told_and_written_down(client: Client, imported: Import) -> None:
    staff(client, "view_import", "undo_import", "see_small_counts")
    url = reverse("admin:attune_tracking_import_undo", args=[imported.pk])
    assert url in client.get(reverse("admin:attune_tracking_import_change", args=[imported.pk])).content.decode()
    asked = client.get(url).content.decode()
    assert "that are here: 1. Visitors whom it brought: 1." in asked
    assert StoredEvent.objects.exists()

    told = client.post(url, follow=True).content.decode()

    assert "The import is undone. Events removed: 1. Visitors removed with what was known about them: 1." in told
    assert not StoredEvent.objects.exists()
    assert not Import.objects.exists()
    entry = LogEntry.objects.get()
    assert (entry.action_flag, entry.object_repr, entry.user.get_username()) == (DELETION, "old.csv", "bo")
    assert "Events removed: 1." in entry.change_message
    assert "no such import" in client.get(url, follow=True).content.decode()


@pytest.mark.django_db
def test_undo__more_than_fits_into_a_request__asks_to_go_on(
    client: Client, imported: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff(client, "view_import", "undo_import", "see_small_counts")
    monkeypatch.setattr(importing_admin, "SECONDS", -1)
    monkeypatch.setattr(importing_admin, "AT_ONCE", 1)
    url = reverse("admin:attune_tracking_import_undo", args=[imported.pk])

    told = client.post(url, follow=True).content.decode()

    assert "Not all is undone yet. Events removed: 1." in told
    assert "Go on until nothing of it is left" in told
    page = client.get(reverse("admin:attune_tracking_import_change", args=[imported.pk])).content.decode()
    assert "Being undone" in page
    assert "The import is undone" in client.post(url, follow=True).content.decode()
    assert [entry.action_flag for entry in LogEntry.objects.order_by("pk")] == [CHANGE, DELETION]


@pytest.mark.django_db
@pytest.mark.parametrize("lookup", ["visitors__id__gte", "visitors", "events__id__lt", "problems__contains"])
def test_import_list__narrowed_down_by_address__tells_of_no_visitor(
    client: Client, imported: Import, lookup: str
) -> None:
    known = Visitor.objects.get().pk
    url = reverse("admin:attune_tracking_import_changelist")
    assert staff(client, "view_import").get(url, {lookup: str(known)}).status_code == 400


@pytest.mark.django_db
def test_undo__events_that_another_import_counts_on__are_told_before_and_after(
    client: Client, imported: Import
) -> None:
    other = Import.objects.create(
        file_digest="o",
        mapping_digest="o",
        name="larger.csv",
        purposes=1,
        shift_microseconds=0,
        last_event_at=imported.last_event_at,
        rows=2,
        started_at=imported.started_at,
        counts={"found_again": {str(imported.pk): {"name": "old.csv", "events": 1234}}},
    )
    staff(client, "view_import", "undo_import")
    url, others = (
        reverse(f"admin:attune_tracking_import_{page}", args=[pk])
        for page, pk in (("undo", imported.pk), ("change", other.pk))
    )
    assert "To be run again" not in client.get(others).content.decode()
    asked = client.get(url).content.decode()
    assert f'<a href="{others}">larger.csv</a>' in asked
    assert "found 1,234 of these events here" in asked
    client.post(url)
    assert "1,234 events that it found there went when old.csv was undone." in client.get(others).content.decode()
