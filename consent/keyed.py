"""Keyed digests of visitors and addresses: equal for equal input, worthless without SECRET_KEY."""

import hashlib
import hmac
from collections.abc import Iterator
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.utils.encoding import force_bytes

MARK = "attune.consent.mark"
PROOF = "attune.consent.proof.visitor"


def digest(salt: str, value: str, *, secret: str | bytes | None = None) -> str:
    """The digest (64 hex digits) of a value under one key, by default the current SECRET_KEY."""
    return hmac.digest(_key(salt, settings.SECRET_KEY if secret is None else secret), value.encode(), "sha256").hex()


@lru_cache(maxsize=64)
def _key(salt: str, secret: str | bytes) -> bytes:
    """The key that `django.utils.crypto.salted_hmac` derives anew for each digest."""
    return hashlib.sha256(force_bytes(salt) + force_bytes(secret)).digest()


def digests(salt: str, value: str) -> Iterator[str]:
    """The digests of a value under SECRET_KEY and every SECRET_KEY_FALLBACKS, newest first."""
    yield digest(salt, value, secret=settings.SECRET_KEY)
    for fallback in settings.SECRET_KEY_FALLBACKS:
        yield digest(salt, value, secret=fallback)


def mark_digest(visitor_id: UUID) -> str:
    """What a withdrawal leaves of a visitor id."""
    return digest(MARK, visitor_id.hex)


def mark_digests(visitor_id: UUID) -> list[str]:
    """Every digest under which a withdrawal of this visitor id may have been marked, the newest key's first."""
    return list(digests(MARK, visitor_id.hex))
