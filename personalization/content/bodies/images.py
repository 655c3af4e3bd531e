"""A picture as the body of a variant: cut for phones and for its place, with what matters in it kept in view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from personalization.content.bodies.kinds import Place, content_of
from personalization.content.pictures.files import IMAGE, NARROW
from personalization.content.targets import addresses_of, validate_target

if TYPE_CHECKING:
    from personalization.content.models import Variant
    from personalization.content.pictures.models import Picture

FOCUS_STEP: Final = 5
"""Percent from one of the classes in `blocks.css` to the next: policies forbid styles in the markup."""
_PHONES: Final = "(max-width: 40em)"
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
    smaller: tuple[tuple[str, int, int], ...] = ()
    """The address, width and height of each smaller version, all in one format, in ascending widths."""


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
            '{}<img src="{}" alt="{}"{}{} loading="lazy">',
            _smaller(self.source),
            self.source.url,
            self.alt_text,
            _size(self.source),
            _widths([(self.source.url, self.source.width)]) if self.source.smaller else "",
        )
        if self.narrow:
            image = format_html(
                '{}<source media="{}" srcset="{}"{}>{}',
                _smaller(self.narrow, media=_PHONES),
                _PHONES,
                self.narrow.url,
                _size(self.narrow),
                image,
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
        if variant.picture is None:
            return {"picture": ValidationError(_("Choose a picture."), code="missing")}
        if not variant.picture.image:
            message = _("“%(name)s” waits as a draft. Publish it first.")
            return {"picture": ValidationError(message, code="waits", params={"name": variant.picture})}
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
            source=_source(picture, IMAGE),
            narrow=_source(picture, NARROW, "narrow_") if picture.narrow else None,
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


def _source(picture: Picture, name: str, size: str = "") -> Source:
    file = getattr(picture, name)
    return Source(
        file.url,
        getattr(picture, f"{size}width"),
        getattr(picture, f"{size}height"),
        tuple((file.storage.url(kept), width, height) for kept, width, height in picture.smaller.get(name, ())),
    )


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


def _smaller(source: Source, media: str = "") -> SafeString:
    """What browsers choose from by the room that the picture has and by how fine the screen is."""
    if not source.smaller:
        return SafeString("")
    kind = _type_of(source.smaller[0][0])
    versions: list[tuple[str, int | None]] = [(url, width) for url, width, _height in source.smaller]
    if _type_of(source.url) == kind:
        versions.append((source.url, source.width))
    only = format_html(' media="{}"', media) if media else ""
    return format_html('<source{} type="{}"{}{}>', only, kind, _widths(versions), _size(source))


def _widths(versions: Iterable[tuple[str, int | None]]) -> SafeString:
    """The room is known to browsers that lay out before they load; to others it is the whole screen, at most."""
    srcset = ", ".join(f"{url} {width}w" for url, width in versions)
    return format_html(' srcset="{}" sizes="auto, 100vw"', srcset)


def _type_of(url: str) -> str:
    """By the extension: what is called otherwise than it is, browsers show all the same.

    >>> _type_of("/media/attune/lake.webp?signed=1")
    'image/webp'
    """
    return f"image/{PurePosixPath(urlsplit(url).path).suffix.removeprefix('.').lower()}"
