"""What visitors may ask for who do not come themselves: all that is kept about them, and that it goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from consent import cookies, services, stores
from consent.errors import NoVisitor


def visitor_named(text: str) -> UUID:
    """The visitor whose id, or whose cookie's value, this is. A value proves that it comes from their browser.

    Raises NoVisitor where it is neither, or the value is not as this site signed it.
    """
    text = text.strip()
    if ":" in text:
        visitor_id = cookies.decode_visitor(text)
        if visitor_id is None:
            raise NoVisitor(
                "This is no value of the cookie attune_visitor as this site signed it: it may be cut off, or signed by "
                "a key that is neither SECRET_KEY nor one of SECRET_KEY_FALLBACKS."
            )
        return visitor_id
    try:
        return UUID(text)
    except ValueError:
        raise NoVisitor(
            f"{text!r} is no visitor: give the id from the admin's list of visitors, or the value of their cookie "
            "attune_visitor."
        ) from None


def all_about(visitor_id: UUID) -> dict[str, Any]:
    """Everything that is kept about the visitor, ready for JSON: what each store holds, and what for."""
    return {
        "visitor": str(visitor_id),
        "stores": {
            store.name: {"about": store.describe(), "records": store.export(visitor_id)}
            for store in stores.registered()
        },
    }


def erase(visitor_id: UUID, *, now: datetime) -> dict[str, int]:
    """Do what the visitor's own withdrawal of everything does; answers how many records went, by store.

    Their browser's cookies are worth nothing from then on: the next page asks them as it asks strangers.
    """
    return services.withdraw_everything(visitor_id, now=now)
