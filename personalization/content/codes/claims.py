"""What a page gives a visitor to whom it shows an offer: signed, it stands for one code, for them alone, for a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.core import signing
from django.utils.crypto import constant_time_compare

from consent import keyed

LASTS: Final = timedelta(days=1)
"""How long a page may stay open before its button no longer counts."""
LONGEST: Final = 1_000
_SALT: Final = "personalization.content.claims"


def given_as(stock_id: int) -> str:
    """The name under which a visitor's profile holds their code, so that pages show it without a query."""
    return f"offer-code-{stock_id}"


class InvalidClaim(ValueError):
    """It was not signed here, or not for this visitor, or its time is over."""


@dataclass(frozen=True, slots=True)
class Claim:
    """This visitor was shown this variant."""

    variant: str
    visitor: str
    """A keyed digest of the visitor's id: scripts of the page may read it, and learn nothing by it."""

    @classmethod
    def of(cls, variant: str, visitor: str) -> Claim:
        """Of a variant's and a visitor's id."""
        return cls(variant, keyed.digest(_SALT, visitor))

    def sign(self) -> str:
        """As a page carries it."""
        return signing.dumps([self.variant, self.visitor], salt=_SALT)

    @classmethod
    def read(cls, token: str, *, visitor: str) -> Claim:
        """Read what a page carried.

        Args:
            token: what was signed.
            visitor: the id of who brings it.

        Raises:
            InvalidClaim: it was not signed here, or not for this visitor, or its time is over.
        """
        if len(token) > LONGEST:
            raise InvalidClaim("It is too long.")
        try:
            variant, digest = signing.loads(token, salt=_SALT, max_age=LASTS)
        except (signing.BadSignature, ValueError, TypeError) as error:
            raise InvalidClaim("It was not signed here, or its time is over.") from error
        if not any(constant_time_compare(digest, one) for one in keyed.digests(_SALT, visitor)):
            raise InvalidClaim("It is another visitor's.")
        return cls(variant, digest)
