"""Variants that show a list of items or a call to action: to whom, in which caches, and what comes if it is empty."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from personalization.content.bodies import items
from personalization.content.bodies.items import Item, ItemSource, items_of
from personalization.content.bodies.samples import VISITORS, sample_ids
from personalization.content.checks import check_get_items
from personalization.content.deciding.reasons import Passed
from personalization.content.models import Block, CallToAction, CallToActionOverride, Variant
from personalization.content.previewing.preview import Preview, marks
from personalization.content.services import decide
from personalization.content.serving.asking import asked_of
from personalization.content.serving.breaking import APART, FAILURES
from personalization.content.serving.filling import fill
from personalization.content.serving.page_context import PageContext
from personalization.content.serving.rendering import render_block
from personalization.segments.assumed import Assumed
from tests.personalization.content.posting import post_block
from tests.personalization.content.visitors import judged, request_of, segment
from tests.tracking.samples import batch, event
from tracking.recording import record_events

pytestmark = pytest.mark.django_db
SOLD = {"gone"}


def get_items(ids: Sequence[str]) -> list[Item]:
    """A shop that sells everything but what is sold."""
    return [Item(one, f"Item <{one}>", f"/shop/{one}/", price="€48") for one in reversed(ids) if one not in SOLD]


def get_numbered(ids: Sequence[str]) -> list[Item]:
    """A shop that believes what it is asked."""
    return [Item(str(int(one)), f"Item {one}", f"/shop/{one}/") for one in ids]


@pytest.fixture(autouse=True)
def _shop(settings: Settings) -> None:
    settings.PERSONALIZATION_GET_ITEMS = f"{__name__}.get_items"
    settings.PERSONALIZATION_GET_SAMPLES = ""


@pytest.fixture
def named() -> Iterator[Callable[[list[str]], None]]:
    """Let a source of its own name these items."""
    yield lambda ids: items.register(ItemSource("named", "Named", lambda asker: ids))
    items._sources.pop("named", None)


def _list(source: str = "recently_viewed", *, order: int = 10, **content: Any) -> Variant:
    block, _ = Block.objects.get_or_create(key="picks", defaults={"name": "Picks", "default": "<p>for all</p>"})
    content = {"items_source": source, "items_count": 2, "items_title": "Lately"} | content
    return Variant.objects.create(block=block, name=f"List {order}", order=order, body_kind="items", content=content)


def _shopper(*viewed: str) -> UUID:
    visitor = judged(uuid4())
    now = datetime.now(UTC)
    events = [
        event("view_item", at=now - timedelta(minutes=9 - number), item_id=one, price=1.0)
        for number, one in enumerate(viewed)
    ]
    record_events([batch(events, visitor_id=visitor)], now=now)
    return visitor


def _previewed(**assumed: Any) -> str:
    expires = timezone.now() + timedelta(hours=1)
    request = request_of()
    vars(request).update(marks(Preview(Assumed(**assumed), expires, by="1", shared=True)))
    return _shown(request)


def _shown(request: HttpRequest, key: str = "picks") -> str:
    return render_block(request, key, body=lambda: "the page's own", render_template=str)


def test_list__visitor_who_looked_around__sees_it_escaped_in_order_and_no_more_than_wanted() -> None:
    _list()
    shown = _shown(request_of(_shopper("A", "B", "gone", "C")))
    assert shown.index("Item &lt;C&gt;") < shown.index("Item &lt;B&gt;")
    assert "Lately" in shown
    assert "gone" not in shown
    assert "Item &lt;A&gt;" not in shown


def test_list__stranger_and_refuser__see_what_comes_next_and_nothing_is_read(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    variant = _list()
    request = request_of()
    decide(request, "picks")
    with django_assert_num_queries(0):
        assert "for all" in _shown(request)
    variant.refresh_from_db()
    assert (variant.failures, variant.broken_at) == (0, None)


def test_list__nothing_on_it__the_next_variant_is_shown_and_explained() -> None:
    _list("still_in_cart")
    _list(order=20)
    request = request_of(_shopper("A"))
    assert "Item &lt;A&gt;" in _shown(request)
    steps = decide(request, "picks", explain=True).reason.steps
    assert [step.passed for step in steps] == [Passed.EMPTY, Passed.SHOWN]


def test_list__after_the_page__is_filled_in_or_leaves_what_the_page_holds() -> None:
    variant = _list()
    filled = fill(request_of(_shopper("A")), ["picks"], PageContext())
    assert filled.blocks["picks"].variant == str(variant.uuid)
    assert "Item &lt;A&gt;" in (filled.blocks["picks"].html or "")
    assert fill(request_of(), ["picks"], PageContext()).blocks["picks"].variant == "default"


def test_list__shown_or_empty__no_cache_keeps_the_page() -> None:
    _list()
    for request in (request_of(_shopper("A")), request_of()):
        _shown(request)
        assert asked_of(request).is_private


def test_list__sites_function_fails__the_default_is_shown_and_the_failure_counted(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    variant = _list()
    settings.PERSONALIZATION_GET_ITEMS = f"{__name__}.no_such_function"
    assert "for all" in _shown(request_of(_shopper("A")))
    variant.refresh_from_db()
    assert variant.failures == 1


def test_list__one_visitor_invents_what_the_sites_function_fails_at__it_stays_on_for_others(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    variant = _list()
    settings.PERSONALIZATION_GET_ITEMS = f"{__name__}.get_numbered"
    inventor, now = _shopper("no-number"), datetime.now(UTC)
    with time_machine.travel(now, tick=False) as clock:
        for _ in range(2 * FAILURES):
            request = request_of(inventor)
            request.META["REMOTE_ADDR"] = "93.184.216.34"
            assert "for all" in _shown(request)
            clock.shift(APART)
    variant.refresh_from_db()
    assert (variant.failures, variant.broken_at) == (1, None)
    assert "Item 7" in _shown(request_of(_shopper("7")))


def test_list__in_a_preview__shows_samples_of_what_visitors_looked_at_and_says_so() -> None:
    variant = _list("still_in_cart")
    for _ in range(VISITORS):
        _shopper("A", "gone", "B", "C")
    shown = _previewed()
    assert "Lately – sample items" in shown
    assert shown.index("Item &lt;C&gt;") < shown.index("Item &lt;B&gt;")
    assert "Item &lt;A&gt;" not in shown  # two are wanted
    assert "for all" in _previewed(agreed=False)
    assert "for all" in _shown(request_of())
    assert "ample items" not in _shown(request_of(_shopper("A")))
    variant.refresh_from_db()
    assert variant.failures == 0


def test_list__in_a_preview__shows_nothing_that_fewer_than_five_looked_at(settings: Settings) -> None:
    _list()
    for number in range(VISITORS):
        _shopper(*["shared", "seldom"][: 2 if number else 1])
        assert ("shared" in _previewed()) is (number == VISITORS - 1)
        assert "seldom" not in _previewed()
    together = event("view_item", at=datetime.now(UTC), item_id=["shared", "seldom"], price=1.0)
    record_events([batch([together], visitor_id=_shopper("shared"))], now=datetime.now(UTC))
    assert "seldom" in _previewed()  # by now five did


def test_list__in_a_preview_where_few_visit__shows_what_the_site_names_or_placeholders(settings: Settings) -> None:
    _list()
    _shopper("A")
    shown = _previewed()
    assert "Lately – sample items" in shown
    assert re.findall("Sample item [0-9]", shown) == ["Sample item 1", "Sample item 2"]
    settings.PERSONALIZATION_GET_SAMPLES = f"{__name__}.get_samples"
    shown = _previewed()
    assert "Item &lt;recently_viewed&gt;" in shown
    assert "Sample item" not in shown


def get_samples(source: str) -> list[str]:
    """What the shop has for every list."""
    return ["gone", source]


def test_samples__of_articles__are_articles_and_of_all_else_what_is_for_sale_first() -> None:
    now = datetime.now(UTC)
    for _ in range(VISITORS):
        article = event("view_item", at=now - timedelta(minutes=2), item_id="essay")
        record_events([batch([article], visitor_id=judged(uuid4()))], now=now)
    assert list(sample_ids("recently_viewed")) == list(sample_ids("continue_reading")) == ["essay"]
    for _ in range(VISITORS):
        _shopper("A")
    assert [list(sample_ids(name)) for name in ("own", "still_in_cart", "continue_reading")] == [
        ["A"],
        ["A"],
        ["essay"],
    ]


def test_list__tried_out_in_the_admin__shows_samples(admin_client: Client) -> None:
    variant = _list()
    for _ in range(VISITORS):
        _shopper("A")
    page = reverse("admin:attune_content_block_preview", args=[variant.block_id])
    answer = admin_client.get(page, {"variant": str(variant.uuid)})
    assert "Lately – sample items" in answer.content.decode()
    assert "Item &lt;A&gt;" in answer.content.decode()


def test_sources__of_another_room__name_items_without_knowing_this_one(named: Callable[[list[str]], None]) -> None:
    _list("named")
    named(["X", "gone"])
    assert "Item &lt;X&gt;" in _shown(request_of())


def test_items_of__unsafe_addresses_and_unknown_ids__are_left_out(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answers = {
        "a": Item("a", "A", "javascript:alert(1)"),
        "b": Item("b", "B", "/b/", image="//evil.example/x.png"),
        "c": Item("c", "C", "/c/"),
        "d": Item("d", "D", "/d/"),
    }
    monkeypatch.setattr(f"{__name__}.get_items", lambda ids: answers)
    assert [item.id for item in items_of(["c", "a", "b", "c"])] == ["c"]
    assert len(caplog.records) == 2


@pytest.mark.once
@pytest.mark.parametrize(
    ("answer", "kind"), [(None, "NoneType"), ("a", "str"), ([{"id": "a"}], "dict"), ({"a": "A"}, "str")]
)
def test_items_of__no_items__says_what_is_to_be_answered(
    answer: object, kind: str, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(f"{__name__}.get_items", lambda ids: answer)
    with pytest.raises(TypeError, match=rf"get_items\) has to answer a list of .*Item.*; it answered {kind}\."):
        items_of(["a"])


async def get_items_later(ids: list[str]) -> list[Item]:
    """What no page can wait for."""
    return []


def test_check__path_of_the_function__must_lead_to_one(settings: Settings) -> None:
    assert check_get_items(None) == []
    for wrong in ("nowhere.at.all", "os.sep", 7, f"{__name__}.get_items_later"):
        settings.PERSONALIZATION_GET_ITEMS = wrong
        settings.PERSONALIZATION_GET_SAMPLES = wrong
        assert [message.id for message in check_get_items(None)] == ["personalization.E030", "personalization.E045"]


def test_admin__list_and_call_to_action__are_saved_and_shown(admin_client: Client) -> None:
    cta = CallToAction.objects.create(key="join", name="Join", label="Join us", url="/join/")
    chosen = {"body_kind": "items", "items_source": "recently_viewed", "items_count": "3", "items_title": "Lately"}
    assert not post_block(admin_client, chosen, {"body_kind": "cta", "cta": cta.pk}, key="picks", name="Picks")
    saved = Variant.objects.order_by("order").first()
    assert saved
    assert saved.content == {"items_source": "recently_viewed", "items_count": 3, "items_title": "Lately"}
    assert "Item &lt;A&gt;" in _shown(request_of(_shopper("A")))
    assert "Join us" in _shown(request_of())


@pytest.mark.parametrize(
    ("variant", "setting", "message"),
    [
        ({"body_kind": "items"}, True, "Choose what is listed."),
        ({"body_kind": "items", "items_source": "recently_viewed"}, False, "PERSONALIZATION_GET_ITEMS"),
        ({"body_kind": "cta"}, True, "Choose a call to action."),
    ],
)
def test_admin__something_is_missing__is_said_at_its_place(
    admin_client: Client, settings: Settings, variant: dict[str, Any], setting: bool, message: str
) -> None:
    if not setting:
        settings.PERSONALIZATION_GET_ITEMS = ""
    assert message in post_block(admin_client, variant)


def test_call_to_action__as_a_variant__keeps_its_exceptions_and_may_be_cached() -> None:
    fans = segment("fans")
    cta = CallToAction.objects.create(key="join", name="Join", label="Join us", url="/join/")
    CallToActionOverride.objects.create(cta=cta, segment=fans, label="Join the fans")
    block = Block.objects.create(key="picks", name="Picks")
    Variant.objects.create(block=block, name="Button", body_kind="cta", cta=cta)
    request = request_of(judged(uuid4(), ["fans"]))
    assert "Join the fans" in _shown(request)
    assert not asked_of(request).is_private
    assert "Join us" in _shown(request_of())
    with pytest.raises(ValidationError):
        Variant(block=block, name="Nothing", body_kind="cta").clean()
