"""A variant that fails gives way to the default, and after several failures to the editor, who switches it on again."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils.translation import get_language, override
from pytest_django import Settings

from personalization.content.failures import in_words
from personalization.content.models import Block, Variant
from personalization.content.services import decide
from personalization.content.serving import breaking
from personalization.content.serving.breaking import (
    APART,
    FAILURES,
    FORGOTTEN_AFTER,
    drawer_of,
    note_failure,
    note_success,
)
from personalization.content.serving.rendering import render_block
from tests.personalization.content.visitors import request_of
from tests.services.waiting import PATIENCE

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LAYOUT = "shop/offer.html"


@pytest.fixture
def offer(settings: Settings) -> Variant:
    settings.PERSONALIZATION_VARIANT_TEMPLATES = [LAYOUT]
    block = Block.objects.create(key="hero", name="Hero", default="<p>for all</p>")
    return Variant.objects.create(block=block, name="Offer", body_kind="template", template_name=LAYOUT)


def _raise(name: str) -> str:
    raise ValueError("anna@example.org has no cart")


def _render(render_template: object = _raise) -> str:
    return render_block(request_of(), "hero", body=lambda: "", render_template=render_template)  # type: ignore[arg-type]  # any callable


def _addresses(variant: Variant, *, count: int) -> list[str]:
    """Addresses that are in as many drawers."""
    candidates = (f"93.184.{high}.{low}" for high in range(256) for low in range(256))
    found: dict[int, str] = {}
    while len(found) < count:
        address = next(candidates)
        found.setdefault(drawer_of(str(variant.uuid), address), address)
    return list(found.values())


def _fail(variant: Variant, *, times: int, since: datetime = NOW) -> None:
    for failed in range(times):
        note_failure(str(variant.uuid), "It is empty.", now=since + failed * APART)


def test_failing_variant__rendered_often__is_switched_off_and_tells_why(
    offer: Variant, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="personalization"), time_machine.travel(NOW, tick=False) as clock:
        for failed in range(FAILURES):
            assert decide(request_of(), "hero").variant is not None, failed
            assert "for all" in _render()
            clock.shift(APART)
    offer.refresh_from_db()
    assert decide(request_of(), "hero").variant is None
    assert (offer.failures, offer.broken_at is not None, offer.enabled) == (FAILURES, True, True)
    assert offer.why_failing == "The layout “shop/offer.html” failed: ValueError."
    assert "is switched off" in caplog.text


@pytest.mark.parametrize("html", ["", " \n "])
def test_empty_variant__rendered__shows_the_default_and_counts(offer: Variant, html: str) -> None:
    assert "for all" in _render(lambda name: html)
    offer.refresh_from_db()
    assert (offer.failures, offer.why_failing) == (1, "It is empty.")


def test_failure__of_a_page_in_another_language__is_told_in_the_editors(
    offer: Variant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def said(text: str) -> str:
        return f"{get_language()}: {text}"

    monkeypatch.setattr("django.utils.translation._trans.gettext", said)
    with override("de"):
        _render()
    offer.refresh_from_db()
    for language in ("fr", "en"):
        with override(language):
            assert offer.why_failing == f"{language}: The layout “shop/offer.html” failed: ValueError."
    assert in_words("late") == "en: It took longer than ? seconds."


def test_variant_that_works__rendered__costs_no_write(offer: Variant) -> None:
    decide(request_of(), "hero")
    before = Variant.objects.values().get()
    assert "<b>hi</b>" in _render(lambda name: "<b>hi</b>")
    assert Variant.objects.values().get() == before


def test_failing_variant__odd_requests_in_a_burst__do_not_switch_it_off(
    offer: Variant, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.CRITICAL), time_machine.travel(NOW, tick=False):
        for _ in range(2 * FAILURES):
            _render()
            # Another process, which knows nothing of those before.
            breaking._failing.clear()
    offer.refresh_from_db()
    assert offer.failures == 1


def test_failing_variant__works_for_others_meanwhile__is_not_switched_off(
    offer: Variant, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.CRITICAL), time_machine.travel(NOW, tick=False) as clock:
        for _ in range(2 * FAILURES):
            assert "for all" in _render(lambda name: "")
            assert "<b>hi</b>" in _render(lambda name: "<b>hi</b>")
            clock.shift(APART)
    offer.refresh_from_db()
    assert (offer.failures, offer.broken_at) == (0, None)


def test_note_failure__one_address_again_and_again__counts_once_and_others_switch_it_off(offer: Variant) -> None:
    alone, *others = _addresses(offer, count=FAILURES)
    now = NOW
    for address in [alone] * 3 * FAILURES + others[:-1] + [alone]:
        note_failure(str(offer.uuid), "It is empty.", now=now, address=address)
        now += APART
    offer.refresh_from_db()
    assert (offer.failures, offer.broken_at) == (FAILURES - 1, None)
    note_failure(str(offer.uuid), "It is empty.", now=now, address=others[-1])
    offer.refresh_from_db()
    assert (offer.broken_at, offer.failed_for) == (now, 0)


def test_note_failure__it_worked_in_between__the_same_address_counts_anew(offer: Variant) -> None:
    (address,) = _addresses(offer, count=1)
    note_failure(str(offer.uuid), "It is empty.", now=NOW, address=address)
    note_success(str(offer.uuid))
    offer.refresh_from_db()
    assert (offer.failures, offer.failed_for) == (0, 0)
    note_failure(str(offer.uuid), "It is empty.", now=NOW + APART, address=address)
    offer.refresh_from_db()
    assert offer.failures == 1


def test_note_failure__long_between_them__counts_anew(offer: Variant) -> None:
    now = NOW
    for _ in range(3 * FAILURES):
        note_failure(str(offer.uuid), "It is empty.", now=now)
        now += FORGOTTEN_AFTER
    offer.refresh_from_db()
    assert (offer.failures, offer.broken_at) == (1, None)
    _fail(offer, times=FAILURES - 1, since=now - FORGOTTEN_AFTER + timedelta(hours=1))
    offer.refresh_from_db()
    assert offer.broken_at is not None


@pytest.mark.django_db(transaction=True)
def test_note_failure__somebody_holds_the_row__the_page_does_not_wait(offer: Variant) -> None:
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("needs a database that locks single rows")
    held, noted = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Variant.objects.select_for_update().get()
            held.set()
            noted.wait(timeout=PATIENCE)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(timeout=PATIENCE)
    note_failure(str(offer.uuid), "It is empty.", now=NOW)
    waited_for = not holder.is_alive()
    noted.set()
    holder.join()
    offer.refresh_from_db()
    assert (waited_for, offer.failures) == (False, 0)


def test_note_failure__while_debugging__counts_nothing(offer: Variant, settings: Settings) -> None:
    settings.DEBUG = True
    note_failure(str(offer.uuid), "It is empty.", now=NOW)
    offer.refresh_from_db()
    assert offer.failures == 0


def test_note_failure__variant_gone_or_database_away__does_not_raise(
    offer: Variant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    note_failure(str(uuid4()), "It is empty.", now=NOW)

    def away(*args: object, **kwargs: object) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(breaking, "_count", away)
    with caplog.at_level(logging.ERROR, logger="personalization"):
        assert "for all" in _render()
        monkeypatch.setattr(QuerySet, "update", away)
        assert "<b>hi</b>" in _render(lambda name: "<b>hi</b>")
    assert "failed." in caplog.text
    assert "works again." in caplog.text


def test_block_admin__variant_switched_off_after_errors__is_told_and_switched_on_again(
    admin_client: Client, offer: Variant
) -> None:
    _fail(offer, times=FAILURES)
    page = reverse("admin:attune_content_block_change", args=[offer.block_id])
    for url in (reverse("admin:attune_content_block_changelist"), page):
        html = admin_client.get(url).content.decode()
        assert "is switched off after errors (since" in html
        assert "It is empty." in html
    retry = reverse("admin:attune_content_block_retry", args=[offer.block_id])
    assert retry in html
    html = admin_client.post(retry, follow=True).content.decode()
    assert "after errors (since" not in html
    assert decide(request_of(), "hero").variant is not None
    _fail(offer, times=FAILURES - 1, since=NOW + timedelta(hours=1))
    assert decide(request_of(), "hero").variant is not None


def test_block_admin__variant_without_text__is_refused_unless_switched_off(admin_client: Client) -> None:
    data = {
        "name": "Hero", "key": "hero", "status": "live", "show": "in_place", "reveal_on": "scroll", "cap_within": "7d",
        "pick": "first",
        "variants-TOTAL_FORMS": 1,
        "variants-INITIAL_FORMS": 0, "variants-0-name": "V", "variants-0-enabled": "on", "variants-0-body": "",
        "variants-0-body_kind": "rich_text", "variants-0-audience_kind": "everybody", "variants-0-cap_within": "7d",
    }  # fmt: skip
    add = reverse("admin:attune_content_block_add")
    assert "Write the text, or switch the variant off." in admin_client.post(add, data).content.decode()
    del data["variants-0-enabled"]
    assert admin_client.post(add, data).status_code == 302
