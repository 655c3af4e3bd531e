"""A picture as the body of a variant: cut for phones and for its place, with what matters in it kept in view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from personalization.content.bodies.kinds import Place, content_of
from personalization.content.targets import addresses_of, validate_target

if TYPE_CHECKING:
    from personalization.content.models import Variant
    from personalization.content.pictures import Picture

FOCUS_STEP: Final = 5
"""Percent from one of the classes in `blocks.css` to the next: policies forbid styles in the markup."""
SHAPES: Final = {
    "whole": _("Whole, as it is"),
    "wide": _("Wide: 16 to 9"),
    "square": _("Square"),
    "upright": _("Upright: 4 to 5"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """One file and its size in pixels."""

    url: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Image:
    """A picture, the same for all who see it in one language."""

    source: Source
    narrow: Source | None
    alt: tuple[tuple[str, str], ...]
    classes: str
    links: tuple[tuple[str, str], ...] = ()
    focus: tuple[int, int] = (50, 50)
    """What matters in it: percent from the left and from the top."""
    html: str = ""
    is_personal: bool = False
    layout: str = ""

    def render(self, place: Place) -> str:
        """Write the markup, in the language of the page."""
        if not self.source.url:
            return ""
        image = format_html(
            '<img src="{}" alt="{}"{} loading="lazy">', self.source.url, self.alt_text, _size(self.source)
        )
        if self.narrow:
            image = format_html(
                '<source media="(max-width: 40em)" srcset="{}"{}>{}', self.narrow.url, _size(self.narrow), image
            )
        picture = format_html('<picture class="attune-picture {}">{}</picture>', self.classes, image)
        return (
            format_html('<a class="attune-picture-link" href="{}">{}</a>', self.link, picture) if self.link else picture
        )

    @property
    def alt_text(self) -> str:
        """What it shows, in the language of the page."""
        return _said(self.alt)

    @property
    def link(self) -> str:
        """Where it leads from a page in this language; empty: nowhere."""
        return _said(self.links)


class ImageBody:
    """One of the pictures of the admin."""

    fields = ("picture", "picture_shape", "picture_link")
    makes_room = False

    def is_empty(self, variant: Variant) -> bool:
        """None was chosen."""
        return variant.picture_id is None

    def mistakes(self, variant: Variant) -> Mapping[str, ValidationError]:
        """One must be chosen; where it leads must be there."""
        if variant.picture_id is None:
            return {"picture": ValidationError(_("Choose a picture."), code="missing")}
        if link := str(content_of(variant, "picture_link")):
            try:
                validate_target(link)
            except ValidationError as error:
                return {"picture_link": error}
        return {}

    def publish(self, variant: Variant) -> Image:
        """Look up the files and the link."""
        picture = variant.picture
        shape = content_of(variant, "picture_shape", "whole")
        links = addresses_of(str(content_of(variant, "picture_link")))
        if picture is None or not picture.image:
            return Image(Source("", None, None), None, (), "")
        return Image(
            source=Source(picture.image.url, picture.width, picture.height),
            narrow=Source(picture.narrow.url, picture.narrow_width, picture.narrow_height) if picture.narrow else None,
            alt=tuple((str(code), str(text)) for code, text in picture.alt.items()),
            classes=f"attune-shape-{shape if shape in SHAPES else 'whole'} {focus_classes(picture)}",
            links=tuple(links.items()),
            focus=(picture.focus_x, picture.focus_y),
        )


def focus_classes(picture: Picture) -> str:
    """The classes that keep in view what matters.

    >>> from types import SimpleNamespace
    >>> focus_classes(SimpleNamespace(focus_x=33, focus_y=100))
    'attune-x-35 attune-y-100'
    """
    x, y = (round(min(percent, 100) / FOCUS_STEP) * FOCUS_STEP for percent in (picture.focus_x, picture.focus_y))
    return f"attune-x-{x} attune-y-{y}"


def _said(texts: tuple[tuple[str, str], ...]) -> str:
    """In the page's language, in its general form, else as the site's own language has it."""
    known, language = dict(texts), get_language() or settings.LANGUAGE_CODE
    candidates = (language, language.partition("-")[0], settings.LANGUAGE_CODE, "")
    return next((known[one] for one in candidates if known.get(one)), "")


def _size(source: Source) -> SafeString:
    """Known before the file is there, so that nothing jumps."""
    if not (source.width and source.height):
        return SafeString("")
    return format_html(' width="{}" height="{}"', source.width, source.height)
