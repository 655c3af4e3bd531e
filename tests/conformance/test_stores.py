"""Every store of visitor data hands out, erases and expires; and no table that names visitors lies outside of them."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import models, transaction

from consent import stores
from consent.purposes import ANALYTICS, PERSONALIZATION
from consent.stores import Store
from personalization.content.codes.handing_out import add_codes, hand_out
from personalization.content.models import CodeStock
from personalization.profiles.services import set_traits
from personalization.segments.models import Segment, Status
from personalization.segments.services import judge_visitors
from tests.tracking.samples import BOTH, NOW, batch, event
from tracking.access import state_reason
from tracking.recording import record_events

each_store = pytest.mark.parametrize("store", stores.registered(), ids=lambda store: store.name)


def known_visitor() -> UUID:
    """A visitor of whom every kind of thing is known."""
    visitor_id = uuid4()
    Segment.objects.get_or_create(
        slug="viewers", defaults={"name": "Viewers", "status": Status.ACTIVE, "rule": {"event": "view_item"}}
    )
    record_events([batch([event(), event("page_view")], visitor_id=visitor_id)], now=NOW)
    set_traits(visitor_id, {"plan": "gold"}, source="test", now=NOW)
    judge_visitors([visitor_id], now=NOW, even_if_not_due=True)
    stock, _ = CodeStock.objects.get_or_create(name="Spring")
    add_codes(stock, [f"CODE-{visitor_id}"])
    assert hand_out(stock.pk, visitor_id, now=NOW)
    assert state_reason(visitor_id, who="anna", reason="Ticket 4711", now=NOW)
    return visitor_id


def columns_naming_visitors() -> list[models.Field[object, object]]:
    """Every column of ours that may hold a visitor's id: the visitors' own key, and `visitor…` elsewhere."""
    return [
        field
        for model in apps.get_models()
        if model._meta.app_label.startswith("attune")
        for field in model._meta.concrete_fields
        if isinstance(field, models.UUIDField | models.ForeignKey)
        and ("visitor" in field.attname or (field.primary_key and model.__name__ == "Visitor"))
    ]


def rows_of(visitor_id: UUID) -> dict[str, int]:
    """How many rows name the visitor, by table; tables without any are left out."""
    counts = {
        f"{field.model._meta.label}.{field.attname}": field.model._default_manager.filter(
            **{field.attname: visitor_id}
        ).count()
        for field in columns_naming_visitors()
    }
    return {where: count for where, count in counts.items() if count}


@each_store
def test_description__each_store__is_a_sentence_for_people(store: Store) -> None:
    assert store.describe().endswith(".")


@pytest.mark.django_db
@each_store
def test_export__known_and_unknown_visitor__is_plain_json(store: Store) -> None:
    exported = store.export(known_visitor())
    assert json.loads(json.dumps(exported)) == exported
    assert store.export(uuid4()) == []


@pytest.mark.django_db
@each_store
def test_erase__everything_withdrawn__leaves_nothing_to_export_and_may_be_repeated(store: Store) -> None:
    visitor_id = known_visitor()
    for _ in range(2):
        with transaction.atomic():
            store.erase(visitor_id, withdrawn=BOTH, remaining=0)
    assert store.export(visitor_id) == []


@pytest.mark.django_db
@each_store
def test_erase__one_visitor__leaves_the_others_alone(store: Store) -> None:
    visitor_id, other = known_visitor(), known_visitor()
    before = store.export(other)
    with transaction.atomic():
        store.erase(visitor_id, withdrawn=BOTH, remaining=0)
    assert store.export(other) == before


@pytest.mark.django_db
def test_erase_everywhere__everything_withdrawn__leaves_no_row_that_names_the_visitor() -> None:
    visitor_id = known_visitor()
    known = rows_of(visitor_id)
    assert len(known) == len(columns_naming_visitors()), f"nothing was made in some of them: {known}"
    stores.erase_everywhere(visitor_id, withdrawn=BOTH, remaining=0)
    assert rows_of(visitor_id) == {}


@pytest.mark.django_db
def test_erase_everywhere__personalization_withdrawn__keeps_only_what_analytics_allows() -> None:
    visitor_id = known_visitor()
    stores.erase_everywhere(visitor_id, withdrawn=PERSONALIZATION.bit, remaining=ANALYTICS.bit)
    assert all(where.startswith("attune_tracking.") for where in rows_of(visitor_id))
    assert rows_of(visitor_id) != {}


@pytest.mark.django_db
def test_expire_everywhere__long_after__leaves_no_row_that_names_the_visitor() -> None:
    visitor_id = known_visitor()
    stores.expire_everywhere(NOW + timedelta(days=3650))
    assert rows_of(visitor_id) == {}
