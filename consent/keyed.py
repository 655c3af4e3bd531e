"""Keyed digests of visitors and addresses: equal for equal input, worthless without SECRET_KEY."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature
from django.utils.crypto import constant_time_compare
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


def unsign(salt: str, value: str) -> str:
    """What `Signer(salt=salt)` of Django signed, by the current key or a fallback; BadSignature if it did not.

    It checks the very signatures that Signer makes, without deriving its keys anew for each cookie of each request.
    """
    signed, _, signature = value.rpartition(":")
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        expected = hmac.digest(_key(f"{salt}signer", secret), signed.encode(), "sha256")
        if constant_time_compare(signature, urlsafe_b64encode(expected).rstrip(b"=")):
            return signed
    raise BadSignature("The signature does not match.")


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
