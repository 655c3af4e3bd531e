"""An offer as the body of a variant: its text, a code for everyone or one of a stock, its end, and its terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from personalization.content.bodies.kinds import NothingToShow, Place, content_of
from personalization.content.bodies.samples import is_tried_out
from personalization.content.bodies.texts import PersonalText, RichText, Text
from personalization.content.codes.claims import Claim, given_as
from personalization.content.previewing.preview import is_preview
from personalization.content.serving.cutting import render_in_time
from personalization.segments.presence import presence_of

if TYPE_CHECKING:
    from personalization.content.models import Variant

TEMPLATE: Final = "personalization/offer.html"
"""How an offer looks; sites put a template of their own in its place by this name."""
_text: Final = RichText()


@dataclass(frozen=True, slots=True)
class Told:
    """What one visitor is told of an offer's code."""

    code: str = ""
    claim: str = ""
    """By which they get a code of their own."""
    is_inert: bool = False
    """There would be a button, and it does nothing: somebody looks who is not the visitor."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer. With a stock it is for those who agreed to personalization: a code is noted for whoever has it."""

    text: Text | PersonalText
    code: str = ""
    stock: int | None = None
    is_sold_out: bool = False
    terms: str = ""
    is_price_personal: bool = False
    ends_at: datetime | None = None
    zone: str = ""
    html: str = ""
    layout: str = ""

    @property
    def is_personal(self) -> bool:
        """Whether it differs from visitor to visitor."""
        return self.stock is not None or self.text.is_personal

    def told(self, request: HttpRequest, variant: str) -> Told:
        """What this visitor is told.

        Raises:
            NothingToShow: none is left, and they have none; or they did not agree, so that none can be theirs.
        """
        if self.stock is None:
            return Told(self.code)
        if is_tried_out(request):
            return Told(is_inert=True)
        presence = presence_of(request)
        if not presence.is_known:
            raise NothingToShow
        code = presence.trait(given_as(self.stock))
        if isinstance(code, str) and code:
            return Told(code)
        if self.is_sold_out:
            raise NothingToShow
        if is_preview(request):
            return Told(is_inert=True)
        return Told(claim=Claim.of(variant, presence.visitor).sign())

    def text_for(self, request: HttpRequest) -> str:
        """What is offered, in words; personal fields are filled in for this visitor."""
        return self.text.render(Place(request, "", str, str))

    def render(self, place: Place) -> str:
        """Write it, in the language of the page.

        Raises:
            NothingToShow: there is no code for this visitor.
        """
        told = self.told(place.request, place.variant)
        needs_script = (self.ends_at is not None or told.claim or told.code) and not told.is_inert
        context = {
            "text": mark_safe(self.text_for(place.request)),  # noqa: S308  # sanitized when it was published
            "offer": self,
            "told": told,
            "ends": self.ends_in_words(),
            "address": reverse("personalization:codes"),
            "next": place.request.get_full_path(),
            "script": static("personalization/content/offer.js") if needs_script else "",
        }
        return render_in_time(TEMPLATE, context)

    def ends_in_words(self) -> str:
        """When it ends, by the clocks of its schedule; empty where it does not."""
        if self.ends_at is None:
            return ""
        local = timezone.localtime(self.ends_at, ZoneInfo(self.zone))
        return f"{date_format(local, 'DATETIME_FORMAT')} ({local.tzname()})"


class OfferBody:
    """A text with what makes it an offer."""

    fields = ("body", "offer_code", "code_stock", "offer_terms", "offer_price")
    makes_room = True

    def is_empty(self, variant: Variant) -> bool:
        """Nothing was written."""
        return _text.is_empty(variant)

    def mistakes(self, variant: Variant) -> Mapping[str, ValidationError]:
        """It needs a text; a code is everyone's or one of a stock."""
        mistakes = dict(_text.mistakes(variant))
        if _text.is_empty(variant):
            mistakes["body"] = ValidationError(_("Write what is offered."), code="missing")
        if content_of(variant, "offer_code") and variant.code_stock_id is not None:
            message = _("Write a code for everyone or choose a stock of codes, not both.")
            mistakes["offer_code"] = ValidationError(message, code="both")
        return mistakes

    def publish(self, variant: Variant) -> Offer:
        """Take down what the editor wrote, and when it is over."""
        stock = variant.code_stock
        ends = [(one.ends_at, str(one.zone)) for one in variant.scheduled if one.ends_at is not None]
        ends_at, zone = min(ends, default=(None, ""), key=lambda end: end[0])
        return Offer(
            text=_text.publish(variant),
            code="" if stock else str(content_of(variant, "offer_code")),
            stock=stock.pk if stock else None,
            is_sold_out=stock is not None and stock.is_sold_out,
            terms=str(content_of(variant, "offer_terms")),
            is_price_personal=bool(content_of(variant, "offer_price", False)),
            ends_at=ends_at,
            zone=zone,
        )
