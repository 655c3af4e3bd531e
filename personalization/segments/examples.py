"""Rules to start from: shown beside the rule's field, and held to the language by a test."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Example(NamedTuple):
    """A rule and when to use it."""

    title: str | Promise
    rule: dict[str, Any]


EXAMPLES: Final[tuple[Example, ...]] = (
    Example(
        _("Looked at three things of one category, whichever, in the last 30 minutes"),
        {"event": "view_item", "per": "item_category", "within": "30m", "at_least": 3},
    ),
    Example(
        _("Put something into the cart and did not buy within 15 minutes"),
        {"event": "add_to_cart", "not_followed_by": {"event": "purchase"}, "after": "15m", "within": "7d"},
    ),
    Example(
        _("Came for the first time in the last 7 days"),
        {"seen": "first", "within": "7d"},
    ),
    Example(
        _("Has not been here for 30 days"),
        {"seen": "last", "beyond": "30d"},
    ),
    Example(
        _("Bought for at least 100 in the last 90 days"),
        {"event": "purchase", "measure": "sum", "of": "value", "within": "90d", "at_least": 100},
    ),
    Example(
        _("Is engaged: clicks, fills carts and buys, and did so lately"),
        {"trait": "engagement", "at_least": 10},
    ),
    Example(
        _("Comes from a newsletter, on a phone (decided at each visit, nothing stored)"),
        {"all": [{"request": "utm_source", "is": "newsletter"}, {"request": "device", "is": "mobile"}]},
    ),
)
