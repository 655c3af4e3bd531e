"""Bodies that are text: what editors write, and the layouts that developers have made ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from personalization.content.bodies.kinds import Place
from personalization.content.bodies.personal import Fields, InvalidFields, Known, read_fields
from personalization.content.conf import conf
from personalization.content.sanitizing import clean_rich_text
from personalization.segments.presence import presence_of

if TYPE_CHECKING:
    from personalization.content.models import Variant


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is the same for all who see it."""

    html: str
    is_personal: bool = False
    layout: str = ""

    def render(self, place: Place) -> str:
        """Give the text, which was sanitized when it was published."""
        return self.html


@dataclass(frozen=True, slots=True)
class PersonalText:
    """A text with personal fields."""

    fields: Fields | None
    """None: what it holds in braces are none."""
    mistake: str = ""
    is_personal: bool = True
    layout: str = ""

    @property
    def html(self) -> str:
        """What those read of whom nothing is known."""
        return self.fields.filled(lambda name: None) if self.fields else ""

    def render(self, place: Place) -> str:
        """Fill in what is known of the visitor; of those who did not agree to personalization, nothing is.

        Raises:
            InvalidFields: it was written by other hands than the admin's, or what it shows is no longer allowed.
        """
        if self.fields is None or not self.fields.names <= set(conf.PERSONALIZATION_PERSONAL_FIELDS):
            raise InvalidFields([self.mistake or "A field of the text is not in PERSONALIZATION_PERSONAL_FIELDS."])
        presence = presence_of(place.request)
        return self.fields.filled(lambda name: _known(presence.trait(name)))


def _known(value: object) -> Known:
    return value if isinstance(value, str | int | float | bool) else None


class RichText:
    """What an editor writes."""

    fields = ("body",)
    makes_room = False

    def is_empty(self, variant: Variant) -> bool:
        """Nothing was written."""
        return not variant.body.strip()

    def mistakes(self, variant: Variant) -> Mapping[str, ValidationError]:
        """Its personal fields must be such; the form asks for a text where one must be."""
        try:
            read_fields(clean_rich_text(variant.body), allowed=conf.PERSONALIZATION_PERSONAL_FIELDS)
        except InvalidFields as error:
            return {"body": ValidationError([ValidationError(one, code="fields") for one in error.mistakes])}
        return {}

    def publish(self, variant: Variant) -> Text | PersonalText:
        """Sanitize it again: rows may come from other hands than the admin's."""
        html = clean_rich_text(variant.body)
        try:
            fields = read_fields(html, allowed=conf.PERSONALIZATION_PERSONAL_FIELDS)
        except InvalidFields as error:
            return PersonalText(None, str(error))
        if fields.names:
            return PersonalText(fields)
        return Text(mark_safe(html))  # noqa: S308  # sanitized above


@dataclass(frozen=True, slots=True)
class FromTemplate:
    """A layout, rendered with the context of the page that it stands in."""

    layout: str
    html: str = ""
    is_personal: bool = False

    def render(self, place: Place) -> str:
        """Render it, if it may still be shown.

        Raises:
            LookupError: the template is not allowed any more.
        """
        if self.layout not in conf.PERSONALIZATION_VARIANT_TEMPLATES:
            raise LookupError(
                f"The template {self.layout!r} is not in PERSONALIZATION_VARIANT_TEMPLATES: add it there, "
                "or choose another layout in the admin."
            )
        return place.render_template(self.layout)


class Layout:
    """A template from the site's list."""

    fields = ("template_name",)
    makes_room = False

    def is_empty(self, variant: Variant) -> bool:
        """The template is not among those that may be shown."""
        return variant.template_name not in conf.PERSONALIZATION_VARIANT_TEMPLATES

    def mistakes(self, variant: Variant) -> Mapping[str, ValidationError]:
        """One must be chosen."""
        if variant.template_name:
            return {}
        return {"template_name": ValidationError(_("Choose a layout."), code="missing")}

    def publish(self, variant: Variant) -> FromTemplate:
        """Remember its name."""
        return FromTemplate(variant.template_name)
