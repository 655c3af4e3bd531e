"""What we measure: the event types that code declares and the admin adds to, overrides or switches off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from django.db import connections, router
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent.purposes import ANALYTICS, PERSONALIZATION, codes_of, mask_of

if TYPE_CHECKING:
    from tracking.models import EventType as EventTypeRow

Kind: TypeAlias = Literal["text", "number", "boolean", "any"]
KINDS: Final[tuple[Kind, ...]] = ("text", "number", "boolean", "any")


@dataclass(frozen=True)
class EventType:
    """A kind of event: which purposes it serves and which properties it carries.

    A property is of its kind or a list of at most 50 of that kind. An event is stored if the visitor granted one of the
    purposes. `by_visitor` is false for what happens without the visitor (a refund): it takes no part in sessions.
    """

    name: str
    label: str | Promise
    purposes: frozenset[str]
    properties: Mapping[str, Kind]
    by_visitor: bool = True

    @cached_property
    def purpose_mask(self) -> int:
        """The purposes as bits."""
        return mask_of(self.purposes)


BOTH: Final = frozenset({ANALYTICS.code, PERSONALIZATION.code})

ITEM: Final[Mapping[str, Kind]] = {
    "item_id": "text",
    "item_name": "text",
    "item_category": "text",
    "item_category2": "text",
    "item_category3": "text",
    "item_category4": "text",
    "item_category5": "text",
    "item_brand": "text",
    "item_variant": "text",
    "item_list_id": "text",
    "item_list_name": "text",
    "price": "number",
    "quantity": "number",
    "discount": "number",
    "index": "number",
    "coupon": "text",
    "affiliation": "text",
    "location_id": "text",
}
"""What Google Analytics 4 says of an item; several items make lists."""

VALUE: Final[Mapping[str, Kind]] = {"currency": "text", "value": "number"}
ORDER: Final[Mapping[str, Kind]] = {"transaction_id": "text", "tax": "number", "shipping": "number"}
PROMOTION: Final[Mapping[str, Kind]] = {
    "promotion_id": "text",
    "promotion_name": "text",
    "creative_name": "text",
    "creative_slot": "text",
}
PLACE: Final[Mapping[str, Kind]] = {"section": "text", "element": "text", "text": "text", "target": "text"}
BLOCK: Final[Mapping[str, Kind]] = {"block": "text", "variant": "text"}
VIDEO: Final[Mapping[str, Kind]] = {
    "video_title": "text",
    "video_url": "text",
    "video_provider": "text",
    "video_duration": "number",
    "video_current_time": "number",
    "video_percent": "number",
    "visible": "boolean",
}


def _product(name: str, label: str | Promise, *more: Mapping[str, Kind], by_visitor: bool = True) -> EventType:
    properties = {name: kind for group in (ITEM, VALUE, *more) for name, kind in group.items()}
    return EventType(name, label, BOTH, MappingProxyType(properties), by_visitor)


def _other(name: str, label: str | Promise, *more: Mapping[str, Kind]) -> EventType:
    properties = {name: kind for group in more for name, kind in group.items()}
    return EventType(name, label, BOTH, MappingProxyType(properties))


BUILTIN: Final[Mapping[str, EventType]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            # Google Analytics 4: shop
            _product("view_item", _("Viewed an item")),
            _product("view_item_list", _("Viewed a list of items")),
            _product("select_item", _("Picked an item from a list")),
            _product("add_to_cart", _("Added something to the cart")),
            _product("remove_from_cart", _("Removed something from the cart")),
            _product("view_cart", _("Viewed the cart")),
            _product("add_to_wishlist", _("Added something to the wish list")),
            _product("begin_checkout", _("Started the checkout")),
            _product("add_shipping_info", _("Picked a delivery"), {"shipping_tier": "text"}),
            _product("add_payment_info", _("Picked a payment"), {"payment_type": "text"}),
            _product("purchase", _("Bought something"), ORDER, {"customer_type": "text"}),
            _product("refund", _("Received a refund"), ORDER, by_visitor=False),
            _product("view_promotion", _("Viewed a promotion"), PROMOTION),
            _product("select_promotion", _("Clicked a promotion"), PROMOTION),
            # Google Analytics 4: everywhere
            _other("page_view", _("Viewed a page"), {"content_group": "text", "language": "text"}),
            _other("user_engagement", _("Spent time on a page"), {"engagement_time_msec": "number"}),
            _other("scroll", _("Scrolled a page"), {"percent_scrolled": "number"}),
            _other(
                "click",
                _("Clicked something"),
                PLACE,
                {"link_url": "text", "link_domain": "text", "outbound": "boolean"},
            ),
            _other(
                "file_download",
                _("Downloaded a file"),
                {"file_name": "text", "file_extension": "text", "link_url": "text", "link_text": "text"},
            ),
            _other("search", _("Searched the site"), {"search_term": "text", "results": "number"}),
            _other("view_search_results", _("Viewed search results"), {"search_term": "text", "results": "number"}),
            _other("select_content", _("Picked content"), {"content_type": "text", "content_id": "text"}),
            _other("share", _("Shared something"), {"method": "text", "content_type": "text", "item_id": "text"}),
            _other("sign_up", _("Signed up"), {"method": "text"}),
            _other("login", _("Logged in"), {"method": "text"}),
            _other("join_group", _("Joined a group"), {"group_id": "text"}),
            _other("generate_lead", _("Left contact data"), VALUE, {"lead_source": "text"}),
            _other("qualify_lead", _("Turned into a promising contact"), VALUE),
            _other("close_convert_lead", _("Turned into a customer"), VALUE),
            _other("form_start", _("Started a form"), {"form_id": "text", "form_name": "text"}),
            _other("form_submit", _("Sent a form"), {"form_id": "text", "form_name": "text"}),
            _other("tutorial_begin", _("Started a tutorial")),
            _other("tutorial_complete", _("Finished a tutorial")),
            _other("video_start", _("Started a video"), VIDEO),
            _other("video_progress", _("Watched part of a video"), VIDEO),
            _other("video_complete", _("Watched a whole video"), VIDEO),
            # Ours, where Google Analytics 4 has none
            _other("hover", _("Stayed over something"), PLACE, {"duration_msec": "number"}),
            _other(
                "form_abandon", _("Left a form unfinished"), {"form_id": "text", "form_name": "text", "field": "text"}
            ),
            _other("section_view", _("Viewed a section"), {"section": "text"}),
            _other("rage_click", _("Clicked again and again"), PLACE),
            _other("exit_intent", _("Moved to leave the page"), {"trigger": "text"}),
            _other("block_view", _("Viewed a block"), BLOCK),
            _other("block_click", _("Clicked in a block"), BLOCK, {"link_url": "text"}),
        )
    }
)
"""The event types that code declares: Google Analytics 4's recommended names and parameters, and ours."""

Registry: TypeAlias = Mapping[str, EventType]

_compiled: tuple[object, Registry] | None = None


def compile_registry(rows: Iterable[EventTypeRow]) -> Registry:
    """Return the built-in types with the admin's rows laid over them. A row that is switched off removes its name."""
    types = dict(BUILTIN)
    for row in rows:
        if row.enabled:
            types[row.name] = EventType(
                row.name, row.label, codes_of(row.purposes), MappingProxyType(dict(row.properties)), row.by_visitor
            )
        else:
            types.pop(row.name, None)
    return MappingProxyType(types)


def registered() -> Registry:
    """Return what we measure now: name → type.

    Compiled once in the process and compiled anew when the admin's rows have changed, which costs one small query.
    """
    global _compiled
    from tracking.models import EventType as EventTypeRow  # models need the app registry, this module does not

    connection = connections[router.db_for_read(EventTypeRow)]
    table = connection.ops.quote_name(EventTypeRow._meta.db_table)
    # Written out, because each batch of events asks this and building the query would cost more than running it.
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*), MAX(id), MAX(updated_at) FROM {table}")  # noqa: S608  # the table's own name
        key = cursor.fetchone()
    compiled = _compiled
    if compiled is None or compiled[0] != key:
        compiled = _compiled = (key, compile_registry(EventTypeRow.objects.all()))
    return compiled[1]
