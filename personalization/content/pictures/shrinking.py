"""Smaller versions of a picture, so that a phone need not load what fills a large screen. Pure: bytes in, bytes out."""

from __future__ import annotations

from io import BytesIO
from typing import Final, NamedTuple

from PIL import Image, ImageOps

MOST_PIXELS: Final = 40_000_000
"""What has more is never decoded: a file of a few kilobytes can unfold to gigabytes."""
WIDTHS: Final = (480, 960, 1600, 2400)
"""In pixels: a phone, a phone with a fine screen, a laptop, a fine or large screen."""
SMALL_ENOUGH: Final = 40_000
"""Bytes of a file of which no smaller versions are made."""
_MODES: Final = frozenset({"1", "L", "LA", "P", "PA", "RGB", "RGBA"})
"""Eight bits for screens; what is meant for print would change its colors."""
_WITH_PROFILE: Final = frozenset({"P", "RGB", "RGBA"})
_WEBP, _AVIF = "WEBP", "AVIF"
_ENCODING: Final[dict[str, dict[str, int]]] = {
    _WEBP: {"quality": 80, "method": 4},
    _AVIF: {"quality": 60, "speed": 8},
}


class Version(NamedTuple):
    """One of the versions, upright and without metadata but its color profile."""

    data: bytes
    width: int
    height: int
    extension: str


def smaller_versions(data: bytes) -> list[Version]:
    """Make versions of a picture in ascending widths: WebP, of AVIF files AVIF.

    None of what is small enough, moves, is meant for print or has too many pixels. In another format than the
    original's there is one in its full width, too, as far as that is of use on a screen.

    Raises:
        OSError, ValueError, SyntaxError: what stands in the file is no picture after all.
    """
    if len(data) <= SMALL_ENOUGH:
        return []
    with Image.open(BytesIO(data)) as opened:
        if (
            opened.mode not in _MODES
            or opened.width * opened.height > MOST_PIXELS
            or min(opened.size) < 1
            or getattr(opened, "is_animated", False)
        ):
            return []
        kind = opened.format if opened.format in _ENCODING else _WEBP
        is_other = kind != opened.format
        full = opened.size
        profile = opened.info.get("icc_profile") if opened.mode in _WITH_PROFILE else None
        opened.draft(opened.mode, (max(WIDTHS), max(WIDTHS)))  # JPEG alone knows how to be read at less
        image = ImageOps.exif_transpose(opened)
        is_on_its_side = image.size != opened.size
    width, height = (full[1], full[0]) if is_on_its_side else full
    image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    widths = [one for one in WIDTHS if one < width]
    if widths and is_other and width <= max(WIDTHS):
        widths.append(width)
    return [_version(image, one, max(1, round(height * one / width)), str(kind), profile) for one in widths]


def _version(image: Image.Image, width: int, height: int, kind: str, profile: bytes | None) -> Version:
    written = BytesIO()
    resized = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
    told = {} if profile is None else {"icc_profile": profile}
    resized.save(written, kind, exif=b"", xmp=b"", **_ENCODING[kind], **told)
    return Version(written.getvalue(), width, height, kind.lower())
