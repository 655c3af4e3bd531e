"""The ids of what is imported: always the same for the same row, so a second run adds nothing. Pure."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND: Final = timedelta(milliseconds=1)

VERSION_7: Final = 7 << 76
VARIANT: Final = 2 << 62


def event_id(occurred_at: datetime, number: int, row: bytes) -> UUID:
    """Return a UUIDv7 of the (shifted) time, the record's number in the file and a digest of source and row.

    The number stands before the digest, so events of one instant keep the order in which the file has them.

    >>> noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    >>> first, second = (event_id(noon, number, b"digest of the row") for number in (1, 2))
    >>> first < second, first.version
    (True, 7)
    >>> first == event_id(noon, 1, b"digest of the row")
    True
    """
    milliseconds = (occurred_at - EPOCH) // MILLISECOND
    order = number & 0xFFFF_FFFF
    chance = int.from_bytes(row[:6]) & 0x3FF_FFFF_FFFF
    return UUID(
        int=milliseconds << 80 | VERSION_7 | (order >> 20) << 64 | VARIANT | (order & 0xF_FFFF) << 42 | chance,
    )


def row_digest(source: str, fields: Sequence[str | list[str]]) -> bytes:
    """Return a digest of a row as its source gave it."""
    texts = [field if isinstance(field, str) else "\1".join(field) for field in fields]
    return sha256("\0".join((source, *texts)).encode("utf-8", "surrogateescape")).digest()


def visitor_id(source: str, external_id: str, *, key: bytes) -> UUID:
    """Return the id of a source's visitor: a keyed hash, so nobody without the key finds the person behind it.

    >>> visitor_id("Old shop", "4711", key=b"secret") == visitor_id("Old shop", "4711", key=b"secret")
    True
    >>> visitor_id("Old shop", "4711", key=b"secret") == visitor_id("New shop", "4711", key=b"secret")
    False
    """
    digest = hmac.digest(key, f"{source}\0{external_id}".encode(), "sha256")
    # Version 8: made in a way of our own (RFC 9562, 5.8).
    return UUID(int=int.from_bytes(digest[:16]) & ~(0xF << 76) & ~(3 << 62) | 8 << 76 | VARIANT)
