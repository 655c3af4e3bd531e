"""The imports in the admin: shown with basis, purposes, move and report; nothing can be changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from tests.tracking.importing.files import CLOCK, HEADER, written
from tracking.importing.mapping import parse_mapping
from tracking.importing.models import Import
from tracking.importing.services import import_events
from tracking.models import Visitor


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
