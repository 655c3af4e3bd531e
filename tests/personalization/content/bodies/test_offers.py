"""Offers: to whom they are shown, when they end, and codes that go to one person each."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import Mock
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django import DjangoAssertNumQueries

from consent import stores
from consent.purposes import ANALYTICS, PERSONALIZATION
from personalization.content.advising.findings import findings_of, with_variants
from personalization.content.bodies.offers import Offer
from personalization.content.codes.claims import Claim
from personalization.content.codes.handing_out import NotKnownYet, add_codes, hand_out
from personalization.content.models import Block, Campaign, CodeStock, OfferCode, Variant
from personalization.content.previewing import preview
from personalization.content.published import compile_variant
from personalization.content.services import decide
from personalization.content.serving import codes as codes_view
from personalization.content.serving.asking import asked_of
from personalization.content.serving.headless import data_of
from personalization.content.serving.page_context import PageContext
from personalization.content.serving.rendering import render_block
from personalization.content.serving.wire import OfferContent
from personalization.segments.assumed import Assumed
from tests.personalization.content.posting import post_block
from tests.personalization.content.visitors import cookies_of, judged, request_of
from tracking.models import EventType, StoredEvent

pytestmark = pytest.mark.django_db
ADD = "admin:attune_content_codestock_add"
CODES = "/personalization/codes/"
OWN = {"Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _stock(*codes: str, name: str = "Spring") -> CodeStock:
    stock = CodeStock.objects.create(name=name)
    add_codes(stock, codes)
    return stock


def _offer(stock: CodeStock | None = None, *, ends_at: datetime | None = None, **content: Any) -> Variant:
    block, _ = Block.objects.get_or_create(key="deal", defaults={"name": "Deal", "default": "<p>for all</p>"})
    return Variant.objects.create(
        block=block,
        name="Offer",
        body_kind="offer",
        body="<h2>A tenth off</h2>",
        code_stock=stock,
        ends_at=ends_at,
        content={f"offer_{name}": value for name, value in content.items()},
    )


def _shown(visitor: UUID | None = None) -> str:
    return render_block(request_of(visitor), "deal", body=lambda: "", render_template=str)


def _client(visitor: UUID | None) -> Client:
    client = Client(headers=OWN)
    client.cookies.load(cookies_of(visitor))
    return client


def _ask(visitor: UUID | None, claim: str, **headers: str) -> Any:
    body = json.dumps({"claim": claim, "page": "/shop/"})
    return _client(visitor).post(CODES, body, content_type="application/json", headers=headers or None)


def _claim(variant: Variant, visitor: UUID) -> str:
    return Claim.of(str(variant.uuid), str(visitor)).sign()


# --- What is shown --------------------------------------------------------------------------------------------------


def test_offer__code_for_everyone__stands_on_a_page_that_may_be_cached_with_its_end_price_and_terms() -> None:
    _offer(code="<TEN>", terms="Not <on> sale", price=True, ends_at=timezone.now() + timedelta(days=2))
    request = request_of()
    html = render_block(request, "deal", body=lambda: "", render_template=str)
    assert "<h2>A tenth off</h2>" in html
    assert "&lt;TEN&gt;</code>" in html
    assert "Copy code" in html
    assert "Not &lt;on&gt; sale" in html
    assert "personalized for you" in html
    assert "<time datetime=" in html
    assert "offer.js" in html
    assert not asked_of(request).is_private


def test_offer__plain__promises_nothing_that_nobody_wrote() -> None:
    _offer()
    html = _shown()
    for word in ("<code", "<form", "<time", "<script", "personalized", "<small"):
        assert word not in html


def test_offer__in_a_campaign_that_is_over_earlier__ends_with_it_by_its_clocks_in_the_language_of_the_page() -> None:
    campaign = Campaign.objects.create(name="C", ends_at=datetime(2030, 1, 5, 9, tzinfo=UTC), time_zone="Europe/Berlin")
    variant = _offer(code="TEN", ends_at=datetime(2030, 2, 1, tzinfo=UTC))
    Variant.objects.filter(pk=variant.pk).update(campaign=campaign)
    body = compile_variant(Variant.objects.get(pk=variant.pk)).body
    assert isinstance(body, Offer)
    assert body.ends_at == campaign.ends_at
    with translation.override("de"):
        assert body.ends_in_words() == "5. Januar 2030 10:00 (CET)"
    campaign.ends_at = None
    campaign.save()
    with translation.override("de"), time_machine.travel(NOW, tick=False):
        assert "Endet:" in _shown()


def test_offer__from_a_stock__is_for_those_who_agreed_and_costs_no_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    stock = _stock("A", "B")
    _offer(stock)
    assert "for all" in _shown()
    visitor = judged(uuid4())
    request = request_of(visitor)
    html = render_block(request, "deal", body=lambda: "", render_template=str)
    assert 'name="claim"' in html
    assert str(visitor) not in html
    assert asked_of(request).is_private
    hand_out(stock.pk, visitor, now=NOW)
    for someone in (visitor, judged(uuid4())):
        request = request_of(someone)
        decide(request, "deal")
        with django_assert_num_queries(0):
            html = render_block(request, "deal", body=lambda: "", render_template=str)
        assert ("A</code>" in html) is (someone == visitor)


def test_offer__previewed__has_a_button_that_does_nothing() -> None:
    _offer(_stock("A"))
    state = preview.Preview(Assumed(), timezone.now() + timedelta(hours=1), by="1", shared=True)
    request = request_of()
    preview.begin(request, state.sign())
    html = render_block(request, "deal", body=lambda: "", render_template=str)
    assert "disabled" in html
    assert "<form" not in html


def test_offer__as_data__says_what_it_is_and_how_the_code_is_fetched() -> None:
    variant = _offer(_stock("A"), terms="Once", price=True)
    visitor = judged(uuid4())
    (told,) = data_of(request_of(visitor), ["deal"], [], PageContext()).blocks["deal"].contents
    assert isinstance(told, OfferContent)
    assert (told.text, told.code, told.terms, told.price_is_personal) == ("<h2>A tenth off</h2>", "", "Once", True)
    assert _ask(visitor, told.claim).json() == {"code": "A"}
    assert told.variant == str(variant.uuid)


# --- Fetching a code ------------------------------------------------------------------------------------------------


def test_codes__asked_twice__are_the_same_one_and_stand_on_the_page_afterwards() -> None:
    variant = _offer(_stock("A", "B"))
    visitor, other = judged(uuid4()), judged(uuid4())
    claim = _claim(variant, visitor)
    assert [_ask(visitor, claim).json() for _ in range(2)] == [{"code": "A"}, {"code": "A"}]
    assert _ask(other, _claim(variant, other)).json() == {"code": "B"}
    assert ">A</code>" in _shown(visitor)
    event = StoredEvent.objects.filter(visitor_id=visitor, name="select_promotion").first()
    assert event is not None
    assert event.url.endswith("/shop/")


def test_codes__sold_out__the_next_is_shown_to_all_but_those_who_have_one_until_more_come() -> None:
    stock = _stock("A")
    variant = _offer(stock)
    visitor, late = judged(uuid4()), judged(uuid4())
    claim = _claim(variant, late)
    assert 'name="claim"' in _shown(late)
    _ask(visitor, _claim(variant, visitor))
    assert "for all" in _shown(late)
    assert ">A</code>" in _shown(visitor)
    assert _ask(late, claim).status_code == 410
    add_codes(stock, ["B"])
    assert 'name="claim"' in _shown(late)
    assert _ask(late, claim).json() == {"code": "B"}


def test_codes__without_a_script__leads_back_to_the_page_of_this_site() -> None:
    variant = _offer(_stock("A"))
    visitor = judged(uuid4())
    fields = {"claim": _claim(variant, visitor), "next": "/shop/?page=2"}
    response = _client(visitor).post(CODES, fields)
    assert (response.status_code, response["Location"]) == (303, "/shop/?page=2")
    assert response["Cache-Control"] == "private, no-store"
    assert _client(visitor).post(CODES, fields | {"next": "//elsewhere.example/"}).status_code == 400
    assert OfferCode.objects.get().visitor_id == visitor


def test_codes__whoever_may_not__gets_none() -> None:
    variant = _offer(_stock("A"))
    visitor, other = judged(uuid4()), judged(uuid4())
    claim = _claim(variant, visitor)
    assert _ask(other, claim).status_code == 400
    assert _ask(visitor, str(variant.uuid)).status_code == 400
    assert _ask(None, claim).status_code == 403
    assert _ask(visitor, claim, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert _client(visitor).post(CODES, b"[", content_type="application/json").status_code == 400
    assert _client(visitor).post(CODES, b"x" * 9_000, content_type="application/json").status_code == 413
    assert _client(visitor).get(CODES).status_code == 405
    Variant.objects.get().delete()
    assert _ask(visitor, claim).status_code == 410
    assert OfferCode.objects.get().handed_at is None


@pytest.mark.parametrize("as_form", [False, True])
@pytest.mark.parametrize(
    ("status", "wait", "said"),
    [
        (429, 60, "Too many requests from this address."),
        (409, 2, "Please try again in a moment."),
        (503, 2, "Please try again in a moment."),
    ],
)
def test_codes__not_now__says_when_to_ask_again_and_gives_none(
    as_form: bool, status: int, wait: int, said: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    variant, visitor = _offer(_stock("A")), uuid4()
    if status == 429:
        monkeypatch.setattr(codes_view, "allow", lambda request, scope, most: (scope, most) != ("codes", 60))
    elif status == 409:  # nothing of the visitor is stored by asking
        EventType.objects.create(name="select_promotion", label="Picked", purposes=3, enabled=False)
    else:
        monkeypatch.setattr(codes_view, "hand_out", Mock(side_effect=OperationalError("away")))
    if as_form:
        answer = _client(visitor).post(CODES, {"claim": _claim(variant, visitor), "next": "/shop/"})
        assert answer.content.decode() == said
    else:
        answer = _ask(visitor, _claim(variant, visitor))
        assert answer.json() == {"error": said}
    assert (answer.status_code, answer["Retry-After"]) == (status, str(wait))
    assert answer["Cache-Control"] == "private, no-store"
    assert not OfferCode.objects.filter(handed_at__isnull=False).exists()


def test_codes__offer_that_is_over_or_paused__are_given_no_more() -> None:
    variant = _offer(_stock("A"))
    visitor = judged(uuid4())
    for change in ({"ends_at": timezone.now() - timedelta(minutes=1)}, {"ends_at": None, "enabled": False}):
        for name, value in change.items():
            setattr(variant, name, value)
        variant.save()
        assert _ask(visitor, _claim(variant, visitor)).status_code == 410
    variant.enabled = True
    variant.save()
    block = Block.objects.get()
    block.status = Block.Status.PAUSED
    block.save()
    assert _ask(visitor, _claim(variant, visitor)).status_code == 410
    assert OfferCode.objects.get().handed_at is None


def test_codes__visitor_of_whom_nothing_arrived_yet__is_known_by_asking() -> None:
    variant, visitor = _offer(_stock("A")), uuid4()
    with pytest.raises(NotKnownYet):
        hand_out(OfferCode.objects.get().stock_id, visitor, now=NOW)
    assert _ask(visitor, _claim(variant, visitor)).json() == {"code": "A"}


@pytest.mark.django_db(transaction=True)
def test_codes__many_at_once__go_to_one_each_and_one_to_each() -> None:
    stock = _stock(*(f"C{number}" for number in range(6)))
    visitors = [judged(uuid4()) for _ in range(8)]

    def fetch(visitor: UUID) -> tuple[UUID, str | None]:
        try:
            return visitor, hand_out(stock.pk, visitor, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(fetch, [visitor for visitor in visitors for _click in range(3)]))
    given = {visitor: code for visitor, code in got if code}
    for visitor, code in given.items():
        assert {one for who, one in got if who == visitor and one} == {code}
    assert sorted(given.values()) == [f"C{number}" for number in range(6)]
    stock.refresh_from_db()
    assert stock.is_sold_out


# --- What is kept of visitors ---------------------------------------------------------------------------------------


def test_codes__whoever_withdraws__is_forgotten_and_the_code_stays_given() -> None:
    stock = _stock("A", "B")
    visitor = judged(uuid4())
    hand_out(stock.pk, visitor, now=NOW)
    (store,) = (one for one in stores.registered() if one.name == "codes")
    assert store.export(visitor) == [{"kind": "code", "code": "A", "at": NOW.isoformat()}]
    stores.erase_everywhere(visitor, withdrawn=PERSONALIZATION.bit, remaining=ANALYTICS.bit)
    code = OfferCode.objects.get(code="A")
    assert (code.visitor_id, code.handed_at) == (None, NOW)
    with pytest.raises(NotKnownYet):
        hand_out(stock.pk, uuid4(), now=NOW)


# --- For editors ----------------------------------------------------------------------------------------------------


def test_admin__offer_with_two_kinds_of_codes_or_without_a_text__is_told(admin_client: Client) -> None:
    stock = _stock("A")
    offer = {"body_kind": "offer", "body": "<p>Off</p>", "offer_code": "TEN", "offer_price": "on"}
    assert "not both" in post_block(admin_client, {**offer, "code_stock": stock.pk})
    assert "Write what is offered." in post_block(admin_client, {**offer, "body": ""})
    assert not post_block(admin_client, offer)
    assert Variant.objects.get().content == {"offer_code": "TEN", "offer_price": True}


def test_admin__codes__are_added_by_hand_and_from_a_file_and_told_by_line_where_wrong(admin_client: Client) -> None:
    posted = {"name": "Spring", "more": "A\r\nB\r\n", "file": SimpleUploadedFile("codes.txt", b"\xef\xbb\xbfC\nD\n")}
    assert admin_client.post(reverse(ADD), posted).status_code == 302
    stock = CodeStock.objects.get()
    change = reverse("admin:attune_content_codestock_change", args=[stock.pk])
    assert not stock.is_sold_out
    refused = admin_client.post(change, {"name": "Spring", "more": "E\n\nE\nA"}).content.decode()
    for message in ("Line 2 is empty.", "Line 3 repeats", "line 4 is in the stock already"):
        assert message in refused
    wrong = {"name": "Spring", "file": SimpleUploadedFile("codes.txt", b"\xff\xfe")}
    assert "no text in UTF-8" in admin_client.post(change, wrong).content.decode()
    assert admin_client.post(change, {"name": "Spring", "more": "E"}).status_code == 302
    assert sorted(stock.codes.values_list("code", flat=True)) == ["A", "B", "C", "D", "E"]
    assert "5 of 5" in admin_client.get(reverse("admin:attune_content_codestock_changelist")).content.decode()


def test_lint__stock_that_runs_low__is_told_then_that_it_is_empty() -> None:
    stock = _stock(*map(str, range(10)))
    _offer(stock)

    def found() -> set[str]:
        block = with_variants(Block.objects.all()).get()
        return {finding.code for finding in findings_of(block, now=NOW)} & {"few_codes", "no_codes"}

    assert found() == set()
    for _once in range(9):
        hand_out(stock.pk, judged(uuid4()), now=NOW)
    assert found() == {"few_codes"}
    hand_out(stock.pk, judged(uuid4()), now=NOW)
    assert found() == {"no_codes"}


def test_stock__that_an_offer_draws_from__cannot_be_deleted(admin_client: Client) -> None:
    stock = _stock("A")
    _offer(stock)
    delete = reverse("admin:attune_content_codestock_delete", args=[stock.pk])
    admin_client.post(delete, {"post": "yes"})
    assert CodeStock.objects.filter(pk=stock.pk).exists()
