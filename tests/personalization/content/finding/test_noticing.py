"""Names that pages ask for in vain: noted without a write in the request, written after it, and bounded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from personalization.content.finding import noticing
from personalization.content.finding.missing import MissingName
from personalization.content.finding.noticing import note_missing, write_noted
from personalization.content.models import Block
from personalization.shortcuts import decide
from tests.personalization.content.visitors import request_of

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.personalization.pages")]


def noted() -> list[tuple[str, str, str]]:
    return list(MissingName.objects.order_by("key").values_list("kind", "key", "page"))


def test_page__asks_for_what_nobody_configured__is_noted_once_it_is_over(client: Client) -> None:
    client.get("/block/")
    client.get("/cta/")
    client.get("/headers/")
    assert noted() == [("block", "hero", "/…/"), ("cta", "join", "/…/")]


def test_page__without_a_name_in_its_address__is_told_by_it(client: Client) -> None:
    client.get("/in-python/?token=secret")
    assert noted() == [("block", "hero", "/in-python/")]


def test_request__under_way__writes_nothing(django_assert_num_queries: Any) -> None:
    request = request_of()
    decide(request, "hero")
    with django_assert_num_queries(0):
        decide(request, "other")
        note_missing(request, "block", "third")
    assert noted() == []
    write_noted()
    assert [key for _kind, key, _page in noted()] == ["hero", "other", "third"]


def test_visitors__who_ask_for_names_of_their_own__leave_no_row(client: Client) -> None:
    answer = client.get("/personalization/blocks/?keys=made-up,other").json()
    assert answer["unknown"] == ["made-up", "other"]
    write_noted()
    assert noted() == []


@pytest.mark.parametrize("key", ["", "Hero", "cms:1f", "a" * 81, "x\n", "hero'--"])
def test_name__that_no_block_could_have__is_not_noted(key: str) -> None:
    note_missing(request_of(), "block", key)
    write_noted()
    assert noted() == []


def test_many_names__from_wherever__are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noticing, "MOST", 3)
    for process in "ab":
        for number in range(5):
            note_missing(request_of(), "block", f"{process}-{number}")
        write_noted()
        noticing.forget()
    assert [key for _kind, key, _page in noted()] == ["a-0", "a-1", "a-2"]


def test_name__asked_for_again__is_written_again_after_a_day_only(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("personalization.content.finding.noticing.time.monotonic", lambda: clock[0])
    long_ago = timezone.now() - timedelta(days=29)
    for later, is_new in ((0, True), (noticing.AGAIN - 1, False), (1, True)):
        clock[0] += later
        MissingName.objects.update(asked_at=long_ago)
        note_missing(request_of(), "block", "hero")
        write_noted()
        assert (MissingName.objects.get().asked_at > long_ago) is is_new


def test_names__not_asked_for_in_a_month__are_forgotten() -> None:
    MissingName.objects.create(kind="block", key="old", asked_at=timezone.now() - timedelta(days=31))
    note_missing(request_of(), "block", "hero")
    write_noted()
    assert [key for _kind, key, _page in noted()] == ["hero"]


def test_database__that_is_away__breaks_nothing(monkeypatch: pytest.MonkeyPatch, caplog: Any, client: Client) -> None:
    monkeypatch.setattr(noticing, "_write", lambda noted: 1 / 0)
    assert client.get("/block/").status_code == 200
    assert "Could not write down" in caplog.text


def test_block__that_is_there__is_not_noted(client: Client) -> None:
    Block.objects.create(key="hero", name="Hero")
    client.get("/block/")
    assert noted() == []
