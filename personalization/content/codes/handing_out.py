"""Codes are given away here: each one once, each visitor one of a stock, for good."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from consent.purposes import PERSONALIZATION
from personalization.content.codes.claims import given_as
from personalization.content.codes.stocks import CodeStock, OfferCode
from personalization.profiles.services import set_traits
from tracking.models import Visitor


class NotKnownYet(Exception):
    """Nothing is stored about the visitor, or not for personalization: there is nobody to note the code for."""


def hand_out(stock_id: int, visitor_id: UUID, *, now: datetime) -> str | None:
    """The visitor's code of the stock: the one that they have, else the next; None where none is left.

    Raises:
        NotKnownYet: the visitor has not agreed to personalization, or nothing of them has arrived yet.
    """
    with transaction.atomic():
        # The visitor's row is the lock that withdrawing begins with, too; two clicks come one after the other.
        visitor = Visitor.objects.select_for_update().filter(pk=visitor_id).first()
        if visitor is None or not visitor.purposes & PERSONALIZATION.bit:
            raise NotKnownYet
        given = OfferCode.objects.filter(stock_id=stock_id, visitor_id=visitor_id).first()
        code = given or _take(stock_id, visitor_id, now)
        if code is not None:
            set_traits(visitor_id, {given_as(stock_id): code.code}, source="offer", now=now)
    if given is None:
        note_what_is_left(stock_id)
    return code.code if code else None


def add_codes(stock: CodeStock, codes: Iterable[str]) -> int:
    """Put codes into the stock; how many. Those that are there already must have been taken out of the list."""
    with transaction.atomic():
        CodeStock.objects.select_for_update().get(pk=stock.pk)
        added = OfferCode.objects.bulk_create([OfferCode(stock=stock, code=code) for code in codes], batch_size=1000)
        note_what_is_left(stock.pk)
    return len(added)


def note_what_is_left(stock_id: int) -> None:
    """Publish that the last code was given away, or that there are some again; writes only where that has changed.

    It looks after the codes' own transaction, under the stock's lock: of two who take the last ones, the later sees
    that none is left, and whoever adds some meanwhile comes before or after.
    """
    if CodeStock.objects.filter(pk=stock_id, is_sold_out=not _any_left(stock_id)).exists():
        return
    with transaction.atomic():
        stock = CodeStock.objects.select_for_update().filter(pk=stock_id).first()
        if stock is None or stock.is_sold_out is not _any_left(stock_id):
            return
        stock.is_sold_out = not stock.is_sold_out
        stock.save(update_fields=["is_sold_out"])  # publishes


def _any_left(stock_id: int) -> bool:
    return OfferCode.objects.filter(stock_id=stock_id, handed_at__isnull=True).exists()


def _take(stock_id: int, visitor_id: UUID, now: datetime) -> OfferCode | None:
    # Others who want one now are not waited for. Without row locks (SQLite) the transaction has the whole database.
    left = OfferCode.objects.select_for_update(skip_locked=True).filter(stock_id=stock_id, handed_at__isnull=True)
    code = left.order_by("id").first()
    if code is not None:
        code.handed_at, code.visitor_id = now, visitor_id
        code.save(update_fields=["handed_at", "visitor_id"])
    return code
