"""The collector: from whom it takes events, by their consent, their cookies and their browsers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone

from consent import keyed
from consent.models import WithdrawalMark
from consent.purposes import ANALYTICS
from tests.tracking.senders import Sender, reasons, refused_counts, wire
from tracking.models import EventType, StoredEvent, Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alone")]


def test_collect__bot__is_told_so_and_stores_nothing(sender: Sender) -> None:
    response = sender.post(json.dumps({"events": [wire(), 1]}), user_agent="Mozilla/5.0 (compatible; Googlebot/2.1)")
    assert (response.status_code, reasons(response)) == (202, ["bot", "bot"])
    assert refused_counts() == {"bot": 2}
    assert not Visitor.objects.exists()


def test_collect__no_consent__is_forbidden_and_leaves_nothing(stranger: Sender) -> None:
    response = stranger.send(wire(), wire("no_such_event"))
    assert response.status_code == 403
    assert reasons(response) == ["consent", "unknown_event"]
    assert not response.cookies
    assert not StoredEvent.objects.exists()
    assert not Visitor.objects.exists()


def test_collect__consent_to_one_purpose__judges_each_event() -> None:
    EventType.objects.create(name="audit", label="Audit", purposes=ANALYTICS.bit, properties={})
    shopper = Sender(purposes=2)
    response = shopper.send(wire(), wire("audit", properties={}))
    assert (response.status_code, response.json()["accepted"], reasons(response)) == (202, 1, ["consent"])
    assert StoredEvent.objects.get().purposes == 2
    assert Visitor.objects.get().purposes == 2
    assert shopper.send(wire("audit", properties={})).status_code == 403


def test_collect__known_event_beside_one_without_consent__is_no_lack_of_consent() -> None:
    EventType.objects.create(name="audit", label="Audit", purposes=ANALYTICS.bit, properties={})
    shopper, known = Sender(purposes=2), wire()
    assert shopper.send(known).status_code == 202
    response = shopper.send(known, wire("audit", properties={}))
    assert (response.status_code, response.json()["duplicates"], reasons(response)) == (202, 1, ["consent"])


@pytest.mark.parametrize(
    "spoil",
    [lambda value: value[:-1], lambda value: "x" + value, lambda value: "", lambda value: value + "\x7f" * 9000],
)
@pytest.mark.parametrize("name", ["attune_consent_proof", "attune_visitor"])
def test_collect__spoiled_cookie__is_no_consent(sender: Sender, name: str, spoil: Any) -> None:
    jar = sender.cookies()
    jar[name] = spoil(jar[name])
    sender.consents = False
    for cookie, value in jar.items():
        sender.client.cookies[cookie] = value
    assert sender.send(wire()).status_code == 403
    assert not StoredEvent.objects.exists()


def test_collect__visitor_cookie_of_another__is_no_consent(sender: Sender) -> None:
    jar = sender.cookies() | {"attune_visitor": Sender().cookies()["attune_visitor"]}
    sender.consents = False
    for cookie, value in jar.items():
        sender.client.cookies[cookie] = value
    assert sender.send(wire()).status_code == 403


def test_collect__cookies_replayed_after_withdrawal__are_forbidden(sender: Sender) -> None:
    assert sender.send(wire()).status_code == 202
    StoredEvent.objects.all().delete()
    Visitor.objects.all().delete()
    digest = keyed.mark_digests(sender.visitor_id)[0]
    WithdrawalMark.objects.create(digest=digest, withdrawn_at=timezone.now())
    first = wire()
    response = sender.send(wire("no_such_event"), first, first, wire("no_such_event"))
    assert (response.status_code, reasons(response)) == (403, ["unknown_event", "consent", "unknown_event"])
    assert response.json()["duplicates"] == 0
    assert not StoredEvent.objects.exists()
    assert not Visitor.objects.exists()


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148", "mobile"),
        ("Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148", "tablet"),
        ("Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "tablet"),
        ("Opera/9.80", ""),
    ],
)
def test_collect__device__is_told_by_the_browser(sender: Sender, user_agent: str, device: str) -> None:
    sender.post(json.dumps({"events": [wire()]}), user_agent=user_agent)
    assert StoredEvent.objects.get().device == device
