"""Pictures without what cameras and editors wrote into them: where, when, by whom. Pure; no pixel is touched.

What a page needs is kept: the pixels as they are compressed, the color profile, and which way is up. GIF files hold
nothing of the kind that a camera would write, and stay as they are; of AVIF files it is only said whether they tell.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from io import BytesIO
from typing import Final
from zlib import crc32

from PIL import Image

ORIENTATION: Final = 0x0112
"""The tag of EXIF (2.3, section 4.6.4) that says which way is up, by a number from 1 (as it is) to 8."""
UPRIGHT: Final = 4
"""Up to this one nothing is on its side: width and height are those that are seen."""

_ICC: Final = b"ICC_PROFILE\x00"
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
"""Markers of JPEG without a length."""
_APP0, _APP2, _APP14, _COMMENT = 0xE0, 0xE2, 0xEE, 0xFE
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_TOLD: Final = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})


_AVIF_TOLD: Final = re.compile(rb"infe\x02.{3}..\x00\x00(?:Exif|mime)", re.DOTALL)
"""An entry of the list of items (ISO/IEC 14496-12, section 8.11.6) for EXIF or XMP."""


def orientation_of(data: bytes) -> int:
    """Which way is up, 1 to 8, as EXIF numbers it; 1 where the file does not say."""
    with Image.open(BytesIO(data)) as image:
        found = image.getexif().get(ORIENTATION, 1)
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def tells_for_good(data: bytes) -> bool:
    """Whether something is told in it that `without_metadata` leaves: in AVIF files all else is found by its place."""
    return data[4:8] == b"ftyp" and _AVIF_TOLD.search(data) is not None


def without_metadata(data: bytes) -> bytes:
    """The same picture, with nothing told of it but which way is up.

    Raises:
        ValueError: it breaks off within.
    """
    try:
        up = orientation_of(data)
        exif = b"" if up == 1 else struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, ORIENTATION, 3, 1, up, 0, 0)
        if data.startswith(b"\xff\xd8"):
            return b"".join(_jpeg(data, exif))
        if data.startswith(_PNG):
            return b"".join(_png(data, exif))
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data, exif)
    except (struct.error, IndexError, OSError, SyntaxError) as error:
        raise ValueError("The picture breaks off.") from error
    return data


def _jpeg(data: bytes, exif: bytes) -> Iterator[bytes]:
    """Segment by segment, to the end of the picture: what comes behind it are other pictures, with their own."""
    yield data[:2]
    at, told = 2, not exif
    while True:
        marker = data[at + 1]
        if data[at] != 0xFF:
            raise ValueError("The picture breaks off.")
        if marker == 0xFF:  # filling
            at += 1
            continue
        if marker == _END:
            yield data[at : at + 2]
            return
        end = at + 2 if marker in _ALONE else at + 2 + int(struct.unpack_from(">H", data, at + 2)[0])
        if marker == _SCAN:
            end = _end_of_scan(data, end)
        if not told and marker != _APP0:
            yield struct.pack(">HH", 0xFFE1, len(exif) + 8) + b"Exif\x00\x00" + exif
            told = True
        if _is_needed(marker, data[at + 4 : at + 16]):
            yield data[at:end]
        at = end


def _is_needed(marker: int, begins: bytes) -> bool:
    if marker == _APP2:
        return begins == _ICC
    return marker in (_APP0, _APP14) or not (_APP0 <= marker <= 0xEF or marker == _COMMENT)


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker stands that is none of those within the compressed pixels."""
    while (at := data.find(b"\xff", at)) >= 0:
        if data[at + 1] not in (0x00, 0xFF) and data[at + 1] not in _ALONE:
            return at
        at += 1 if data[at + 1] == 0xFF else 2
    raise ValueError("The picture breaks off.")


def _png(data: bytes, exif: bytes) -> Iterator[bytes]:
    yield _PNG
    at = len(_PNG)
    while True:
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if kind not in _PNG_TOLD:
            yield data[at:end]
        if kind == b"IHDR" and exif:
            chunk = b"eXIf" + exif
            yield struct.pack(">I", len(exif)) + chunk + struct.pack(">I", crc32(chunk))
        if kind == b"IEND":
            return
        at = end


def _webp(data: bytes, exif: bytes) -> bytes:
    kept, at = [b"WEBP"], 12
    while at < len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        chunk = data[at : at + 8 + length + length % 2]
        at += 8 + length + length % 2
        if kind == b"VP8X":  # says which of the chunks there are
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C | (0x08 if exif else 0)]) + chunk[9:]
        if kind not in (b"EXIF", b"XMP "):
            kept.append(chunk)
    if exif:
        kept.append(struct.pack("<4sI", b"EXIF", len(exif)) + exif)
    body = b"".join(kept)
    return struct.pack("<4sI", b"RIFF", len(body)) + body
