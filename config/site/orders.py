"""Turning a cart into an order, once."""

import base64
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from config.site.cart import Cart
from config.site.models import Order, OrderLine


def number_of(checkout_key: UUID) -> str:
    """The number that customers read out on the phone.

    >>> number_of(UUID(int=0))
    'LM-AAAAAAAA'
    """
    return "LM-" + base64.b32encode(checkout_key.bytes[:5]).decode()


@transaction.atomic
def place_order(
    cart: Cart, details: dict[str, str], *, customer: User | None = None, now: datetime
) -> tuple[Order, bool]:
    """Write the order of a cart and say whether it is new: the same cart, sent twice, is one order."""
    if cart.checkout_key is None:
        raise ValueError("An empty cart cannot be ordered: put something in it first.")
    order, is_new = Order.objects.get_or_create(
        checkout_key=cart.checkout_key,
        defaults={
            **details,
            "customer": customer,
            "number": number_of(cart.checkout_key),
            "placed_at": now,
            "value": cart.value,
            "delivery": cart.delivery,
        },
    )
    if is_new:
        OrderLine.objects.bulk_create(
            OrderLine(
                order=order,
                item_id=line.product.item_id,
                item_category=line.product.category_id,
                name=line.said_name,
                size=line.size,
                price=line.product.price,
                quantity=line.quantity,
            )
            for line in cart.lines
        )
    return order, is_new
