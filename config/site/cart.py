"""The cart: kept in the session, and only once something lies in it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse

from config.site.models import CURRENCY, Product, delivery_of

SESSION_KEY = "cart"
MOST_OF_ONE = 9
COUNT_COOKIE = "cart_count"  # readable: a script shows it in the header, so that pages stay the same for everyone


@dataclass(frozen=True)
class CartLine:
    key: str
    product: Product
    size: str
    quantity: int

    @property
    def said_name(self) -> str:
        """The product's name in the page's language."""
        return str(self.product.said["name"])

    @property
    def amount(self) -> Decimal:
        return self.product.price * self.quantity


@dataclass(frozen=True)
class Cart:
    checkout_key: uuid.UUID | None
    lines: tuple[CartLine, ...]

    def __bool__(self) -> bool:
        return bool(self.lines)

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def value(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def delivery(self) -> Decimal:
        return delivery_of(self.value)

    @property
    def total(self) -> Decimal:
        return self.value + self.delivery

    def event_properties(self) -> dict[str, Any]:
        """What Google Analytics 4 wants to know about a cart, its items flattened to lists."""
        return {
            "item_id": [line.product.item_id for line in self.lines],
            "item_name": [line.product.name for line in self.lines],
            "item_category": [line.product.category_id for line in self.lines],
            "price": [float(line.product.price) for line in self.lines],
            "quantity": [line.quantity for line in self.lines],
            "value": float(self.value),
            "currency": CURRENCY,
        }


def cart_of(request: HttpRequest) -> Cart:
    """The visitor's cart; products that are no longer sold are left out. Creates nothing."""
    stored = request.session.get(SESSION_KEY)
    if not stored:
        return Cart(None, ())
    quantities: Mapping[str, int] = stored["lines"]
    split = {key: key.partition(":") for key in quantities}
    products = Product.objects.in_bulk({item_id for item_id, _, _ in split.values()})
    lines = tuple(
        CartLine(key, products[item_id], size, quantities[key])
        for key, (item_id, _, size) in split.items()
        if item_id in products
    )
    return Cart(uuid.UUID(stored["checkout_key"]), lines)


def put_in_cart(request: HttpRequest, product: Product, *, size: str) -> None:
    """Add one piece, at most ``MOST_OF_ONE`` of a kind."""
    stored = request.session.get(SESSION_KEY) or {"checkout_key": str(uuid.uuid4()), "lines": {}}
    key = f"{product.item_id}:{size}"
    stored["lines"][key] = min(stored["lines"].get(key, 0) + 1, MOST_OF_ONE)
    request.session[SESSION_KEY] = stored


def change_quantity(request: HttpRequest, key: str, quantity: int) -> Cart:
    """Set how many of a line are wanted; 0 takes it out. A line that is not there stays away.

    Returns:
        What was taken out by that.
    """
    stored = request.session.get(SESSION_KEY)
    if not stored or key not in stored["lines"]:
        return Cart(None, ())
    held = (line for line in cart_of(request).lines if line.key == key and line.quantity > quantity)
    taken = Cart(None, tuple(replace(line, quantity=line.quantity - quantity) for line in held))
    if quantity > 0:
        stored["lines"][key] = min(quantity, MOST_OF_ONE)
    else:
        del stored["lines"][key]
    if stored["lines"]:
        request.session[SESSION_KEY] = stored
    else:
        empty_cart(request)
    return taken


def empty_cart(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)


def checkout_begins(request: HttpRequest) -> bool:
    """Whether this is the first time that this cart is taken to the checkout; from now on it is not."""
    stored = request.session.get(SESSION_KEY)
    if not stored or stored.get("begun"):
        return False
    request.session[SESSION_KEY] = {**stored, "begun": True}
    return True


def show_count(request: HttpRequest, response: HttpResponse) -> None:
    """Tell the header's script how many pieces lie in the cart."""
    stored = request.session.get(SESSION_KEY)
    if stored:
        count = sum(stored["lines"].values())
        response.set_cookie(COUNT_COOKIE, str(count), secure=request.is_secure(), samesite="Lax")
    elif COUNT_COOKIE in request.COOKIES:
        response.delete_cookie(COUNT_COOKIE, samesite="Lax")
