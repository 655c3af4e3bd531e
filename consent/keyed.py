"""Keyed digests of visitors and addresses: equal for equal input, worthless without SECRET_KEY."""

from collections.abc import Iterator
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

MARK = "attune.consent.mark"
PROOF = "attune.consent.proof.visitor"


def digest(salt: str, value: str, *, secret: str | bytes | None = None) -> str:
    """The digest (64 hex digits) of a value under one key, by default the current SECRET_KEY."""
    return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()


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
