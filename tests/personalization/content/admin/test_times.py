"""The admin of blocks: when, in which time zone and in which languages variants are shown."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from personalization.content.models import Block, Variant
from tests.personalization.content.posting import block_form, post_block

pytestmark = pytest.mark.django_db

ADD_BLOCK = "admin:attune_content_block_add"
BLOCKS = "admin:attune_content_block_changelist"
CHANGE_BLOCK = "admin:attune_content_block_change"
ENGLISH_AND_GERMAN = [("en", "English"), ("de", "German")]


def test_block_admin__languages__are_asked_for_where_there_is_a_choice(
    admin_client: Client, settings: Settings
) -> None:
    for languages in (ENGLISH_AND_GERMAN[:1], ENGLISH_AND_GERMAN):
        settings.LANGUAGES = languages
        html = admin_client.get(reverse(ADD_BLOCK)).content.decode()
        assert ("German" in html) is (len(languages) > 1)
    assert not post_block(admin_client, {"name": "Deutsch", "languages": ["de"]})
    assert Variant.objects.get().languages == ["de"]
    assert "<b>Deutsch</b>: everybody (German)" in admin_client.get(reverse(BLOCKS)).content.decode()


def test_block_admin__dates__are_read_and_shown_by_the_clocks_of_the_variants_zone(
    admin_client: Client, settings: Settings
) -> None:
    settings.TIME_ZONE = "America/New_York"
    dates = {"starts_at_0": "2026-12-01", "starts_at_1": "10:00", "ends_at_0": "2027-06-01", "ends_at_1": "10:00"}
    assert not post_block(
        admin_client, {"name": "Site's"} | dates, {"name": "Berlin", "time_zone": "Europe/Berlin"} | dates
    )
    assert [(variant.starts_at, variant.ends_at) for variant in Variant.objects.all()] == [
        (datetime(2026, 12, 1, 15, tzinfo=UTC), datetime(2027, 6, 1, 14, tzinfo=UTC)),
        (datetime(2026, 12, 1, 9, tzinfo=UTC), datetime(2027, 6, 1, 8, tzinfo=UTC)),
    ]
    html = admin_client.get(reverse(CHANGE_BLOCK, args=[Block.objects.get().pk])).content.decode()
    assert re.findall(r'name="variants-\d-(?:starts|ends)_at_1" value="([^"]+)"', html) == ["10:00"] * 4


def test_block_admin__only_the_zone_is_changed__the_dates_are_read_anew(admin_client: Client) -> None:
    block = Block.objects.create(key="hero", name="Hero")
    variant = Variant.objects.create(block=block, name="V", starts_at=datetime(2026, 12, 1, 10, tzinfo=UTC))
    posted = {"id": variant.pk, "block": block.pk, "starts_at_0": "2026-12-01", "starts_at_1": "10:00:00"}
    posted |= {"time_zone": "Asia/Tokyo"}
    assert admin_client.post(reverse(CHANGE_BLOCK, args=[block.pk]), block_form([posted])).status_code == 302
    variant.refresh_from_db()
    assert variant.starts_at == datetime(2026, 12, 1, 1, tzinfo=UTC)


def test_block_admin__days_and_hours__are_stored_and_said(admin_client: Client) -> None:
    times = {"weekdays": ["sat", "sun"], "hours_from": "10:00", "hours_until": "18:00", "time_zone": "Asia/Tokyo"}
    assert not post_block(admin_client, times)
    variant = Variant.objects.get()
    assert (variant.weekdays, variant.hours_from, variant.hours_until) == (["sat", "sun"], time(10), time(18))
    html = admin_client.get(reverse(CHANGE_BLOCK, args=[variant.block_id])).content.decode()
    assert re.search(r"(?:Shown until|Not shown before) [^<]* (?:10 a.m.|6 p.m.) \(Asia/Tokyo\)\.", html)


def test_block_admin__language_that_no_site_has__is_refused(admin_client: Client, settings: Settings) -> None:
    settings.LANGUAGES = ENGLISH_AND_GERMAN
    assert "xx is not one of the available choices" in post_block(admin_client, {"languages": ["xx"]})


def test_block_admin__language_that_the_site_gave_up__stays_until_it_is_unticked(
    admin_client: Client, settings: Settings
) -> None:
    settings.LANGUAGES = ENGLISH_AND_GERMAN
    block = Block.objects.create(key="hero", name="Hero")
    variant = Variant.objects.create(block=block, name="V", languages=["fr"])
    page = reverse(CHANGE_BLOCK, args=[block.pk])
    posted = {"id": variant.pk, "block": block.pk, "name": "V"}
    for ticked in (["fr"], []):
        assert 'value="fr" ' in admin_client.get(page).content.decode()
        assert admin_client.post(page, block_form([{**posted, "languages": ticked}])).status_code == 302
        variant.refresh_from_db()
        assert variant.languages == ticked


def test_block_admin__site_with_one_language__keeps_what_is_stored(admin_client: Client, settings: Settings) -> None:
    settings.LANGUAGES = ENGLISH_AND_GERMAN[:1]
    block = Block.objects.create(key="hero", name="Hero")
    variant = Variant.objects.create(block=block, name="V", languages=["de"])
    posted = block_form([{"id": variant.pk, "block": block.pk, "name": "V"}])
    assert admin_client.post(reverse(CHANGE_BLOCK, args=[block.pk]), posted).status_code == 302
    variant.refresh_from_db()
    assert variant.languages == ["de"]


@pytest.mark.parametrize("languages", ["de", {"de": 1}, [1], [""]])
def test_variant__languages_of_another_kind__are_refused(languages: Any) -> None:
    variant = Variant(block=Block.objects.create(key="b", name="B"), name="V", languages=languages)
    with pytest.raises(ValidationError, match="languages"):
        variant.full_clean()
