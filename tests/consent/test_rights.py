"""What visitors may ask for who do not come themselves."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from consent import cookies, rights
from consent.errors import NoVisitor
from consent.models import WithdrawalMark
from consent.selectors import is_withdrawn
from consent.signals import consent_changed
from tests.tracking.samples import NOW, batch, event
from tracking.recording import record_events


def call(name: str, who: object) -> str:
    """What the command of this name prints about the visitor."""
    out = StringIO()
    call_command(name, str(who), stdout=out)
    return out.getvalue()


@pytest.fixture
def visitor() -> UUID:
    """A visitor of whom one event is known."""
    visitor_id = uuid4()
    record_events([batch([event()], visitor_id=visitor_id)], now=NOW)
    return visitor_id


@pytest.mark.once
def test_visitor_named__id_or_cookie__is_the_visitor() -> None:
    visitor_id = uuid4()
    for text in (str(visitor_id), visitor_id.hex, f" {cookies.encode_visitor(visitor_id)}\n"):
        assert rights.visitor_named(text) == visitor_id


@pytest.mark.once
@pytest.mark.parametrize("text", ["", "anna@example.org", "1f3c", "1f3c0b7a9d2e4c55a8e6f1b2c3d4e5f6:forged"])
def test_visitor_named__anything_else__says_what_it_takes(text: str) -> None:
    with pytest.raises(NoVisitor, match="cookie attune_visitor"):
        rights.visitor_named(text)


@pytest.mark.django_db
def test_export_visitor__known_visitor__prints_what_each_store_holds(visitor: UUID) -> None:
    told = json.loads(call("export_visitor", cookies.encode_visitor(visitor)))
    assert told["visitor"] == str(visitor)
    assert [one["name"] for one in told["stores"]["events"]["records"]] == ["view_item"]
    assert all(store["about"].endswith(".") for store in told["stores"].values())


@pytest.mark.django_db
def test_erase_visitor__known_visitor__leaves_nothing_but_the_mark(visitor: UUID) -> None:
    before = timezone.now()
    assert "events: 1 deleted" in call("erase_visitor", visitor)
    kept = {name: store["records"] for name, store in rights.all_about(visitor)["stores"].items() if store["records"]}
    assert kept.keys() == {"consent.marks"}
    # A proof that the browser still holds is refused, and one that is given later is not.
    assert is_withdrawn(visitor, before)
    assert not is_withdrawn(visitor, timezone.now() + timedelta(seconds=1))


@pytest.mark.django_db
def test_erase_visitor__nobody_known__says_so_and_refuses_their_cookies() -> None:
    assert "Nothing was kept" in call("erase_visitor", uuid4())
    assert WithdrawalMark.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_erase__a_visitor__is_announced_like_a_withdrawal(visitor: UUID) -> None:
    heard = []

    def listen(visitor_id: UUID, withdrawn: int, **kwargs: object) -> None:
        heard.append((visitor_id, withdrawn))

    consent_changed.connect(listen)
    try:
        rights.erase(visitor, now=timezone.now())
    finally:
        consent_changed.disconnect(listen)
    assert heard == [(visitor, 3)]


@pytest.mark.once
@pytest.mark.parametrize("name", ["export_visitor", "erase_visitor"])
def test_commands__no_visitor__are_refused_in_a_sentence(name: str) -> None:
    with pytest.raises(CommandError, match="is no visitor"):
        call(name, "anna")
