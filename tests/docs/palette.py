"""Pictures with 256 colors: a third of the size, and as good for drawings and text."""

from __future__ import annotations

import struct
import zlib
from base64 import b64decode, b64encode
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

COLORS = 256
STEP = 8
"""Shades closer than this are one to begin with."""
PIXELS = """async (address) => {
  const picture = new Image();
  picture.src = address;
  await picture.decode();
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  const bytes = context.getImageData(0, 0, picture.width, picture.height).data;
  let text = "";
  for (let start = 0; start < bytes.length; start += 32768) {
    text += String.fromCharCode(...bytes.subarray(start, start + 32768));
  }
  return [picture.width, picture.height, btoa(text)];
}"""
Color = tuple[int, int, int]


def with_few_colors(png: bytes, page: Page) -> bytes:
    """The same picture with a palette; `page` is any page that may show it."""
    width, height, text = page.evaluate(PIXELS, f"data:image/png;base64,{b64encode(png).decode()}")
    data = b64decode(text)
    return paletted(list(zip(data[::4], data[1::4], data[2::4], strict=True)), width, height)


def paletted(pixels: list[Color], width: int, height: int) -> bytes:
    """A PNG of these pixels, row by row, in the 256 colors that are there most often.

    >>> paletted([(255, 0, 0), (0, 0, 255)], width=2, height=1)[:4]
    b'\\x89PNG'
    """
    counted = Counter(pixels)
    shades: dict[Color, Color] = {}
    for color, _ in counted.most_common():
        shades.setdefault(_coarse(color), color)
    weights = Counter({shades[coarse]: 0 for coarse in shades})
    for color, number in counted.items():
        weights[shades[_coarse(color)]] += number
    palette = [color for color, _ in weights.most_common(COLORS)]
    nearest = {
        coarse: min(range(len(palette)), key=lambda place: _distance(palette[place], color))
        for coarse, color in shades.items()
    }
    places = {color: nearest[_coarse(color)] for color in counted}
    rows = (bytes(places[pixel] for pixel in pixels[start : start + width]) for start in range(0, len(pixels), width))
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", b"".join(map(bytes, palette))),
            _chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9)),
            _chunk(b"IEND", b""),
        ]
    )


def _coarse(color: Color) -> Color:
    return (color[0] // STEP, color[1] // STEP, color[2] // STEP)


def _distance(one: Color, other: Color) -> int:
    return sum((left - right) ** 2 for left, right in zip(one, other, strict=True))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
