"""All kinds of bodies by the names under which variants store them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from personalization.content.bodies.calls import CallBody
from personalization.content.bodies.images import ImageBody
from personalization.content.bodies.item_lists import ListBody
from personalization.content.bodies.kinds import BodyKind
from personalization.content.bodies.offers import OfferBody
from personalization.content.bodies.texts import Layout, RichText

if TYPE_CHECKING:
    from personalization.content.models import Variant

KINDS: Final[dict[str, BodyKind]] = {
    "rich_text": RichText(),
    "template": Layout(),
    "cta": CallBody(),
    "items": ListBody(),
    "image": ImageBody(),
    "offer": OfferBody(),
}


def body_rows() -> tuple[str, ...]:
    """The rows of the variant's form that belong to kinds, in their order; some belong to several."""
    return tuple(dict.fromkeys(row for kind in KINDS.values() for row in kind.fields))


def kind_of(variant: Variant) -> BodyKind:
    """The kind of the variant's body; a text where the row names none that is known."""
    return KINDS.get(variant.body_kind, KINDS["rich_text"])
