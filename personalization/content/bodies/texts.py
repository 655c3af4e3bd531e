"""Bodies that are text: what editors write, and the layouts that developers have made ready."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from personalization.content.bodies.kinds import Place
from personalization.content.conf import conf
from personalization.content.sanitizing import clean_rich_text

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


class RichText:
    """What an editor writes."""

    fields = ("body",)
    makes_room = False

    def is_empty(self, variant: Variant) -> bool:
        """Nothing was written."""
        return not variant.body.strip()

    def mistakes(self, variant: Variant) -> Mapping[str, ValidationError]:
        """None: a text that is switched off may still be empty, and the form asks for it otherwise."""
        return {}

    def publish(self, variant: Variant) -> Text:
        """Sanitize it again: rows may come from other hands than the admin's."""
        return Text(mark_safe(clean_rich_text(variant.body)))  # noqa: S308  # sanitized on this line


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
