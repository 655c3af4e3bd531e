"""A call to action as the body of a variant: the same button as in templates, exceptions included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from personalization.content.bodies.kinds import Place

if TYPE_CHECKING:
    from personalization.content.models import Variant


@dataclass(frozen=True, slots=True)
class Call:
    """A button by its name in templates."""

    key: str
    html: str = ""
    is_personal: bool = False  # what its exceptions depend on is noted when they are asked
    layout: str = ""

    def render(self, place: Place) -> str:
        """Decide and render it."""
        return place.render_cta(self.key)


class CallBody:
    """One of the calls to action of the admin."""

    fields = ("cta",)
    makes_room = False

    def is_empty(self, variant: Variant) -> bool:
        """None was chosen."""
        return variant.cta_id is None

    def mistakes(self, variant: Variant) -> Mapping[str, ValidationError]:
        """One must be chosen."""
        if variant.cta is not None and variant.cta.label:
            return {}
        if variant.cta is not None:
            message = _("“%(name)s” waits as a draft. Publish it first.")
            return {"cta": ValidationError(message, code="waits", params={"name": variant.cta})}
        return {"cta": ValidationError(_("Choose a call to action."), code="missing")}

    def publish(self, variant: Variant) -> Call:
        """Remember its name."""
        return Call(variant.cta.key if variant.cta else "")
