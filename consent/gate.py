"""The gate: what the visitor behind a request has agreed to, told by the cookies alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from consent import cookies
from consent.purposes import BY_CODE, PURPOSES, mask_of, policy_version

Choice = Literal["granted", "refused", "unset"]

MEMO = "_attune_consent"
"""Where a request carries what was read."""
ASSUMED = "_attune_assumed_consent"
"""Where a request that is answered for somebody else carries what they agreed to. Choices stay those of who asks."""


def _all_unset() -> Mapping[str, Choice]:
    return {purpose.code: "unset" for purpose in PURPOSES}


@dataclass(frozen=True, slots=True)
class Consent:
    """One visitor's choices as they are in force.

    `policy`, `given_at` and `visitor_id` are those of the proof even when its policy is retired; then every choice is
    "unset" again and nothing is granted, but what is `held` under the old texts can still be withdrawn.
    """

    choices: Mapping[str, Choice] = field(default_factory=_all_unset)
    policy: str = ""
    given_at: datetime | None = None
    visitor_id: UUID | None = None
    held: int = 0

    @property
    def granted(self) -> int:
        """The bits of the purposes that are granted now."""
        return self.held if self.visitor_id is not None and self.policy == policy_version() else 0

    def allows(self, code: str) -> bool:
        """Whether this purpose is granted now. An unknown code is a KeyError: a typo must not read as a refusal."""
        return bool(self.granted & BY_CODE[code].bit)


NOTHING = Consent()


def consent_of(request: HttpRequest, *, now: datetime | None = None) -> Consent:
    """What this request's page may go by: what its cookies prove, unless it is made for somebody who is assumed.

    No query, no session; never raises; computed once a request. Whether the proof has been withdrawn since is not in
    the cookies: whoever records or rebuilds something asks `consent.selectors.is_withdrawn` as well, in the statement
    or transaction that does it.
    """
    assumed = getattr(request, ASSUMED, None)
    return assumed if isinstance(assumed, Consent) else proven_by(request, now=now)


def proven_by(request: HttpRequest, *, now: datetime | None = None) -> Consent:
    """What this request's cookies prove, whoever its page is made for: what a choice goes by. Costs the same."""
    known = getattr(request, MEMO, None)
    if isinstance(known, Consent):
        return known
    consent = _read(request, now=timezone.now() if now is None else now)
    remember(request, consent)
    return consent


def remember(request: HttpRequest, consent: Consent) -> None:
    """From here on this is the request's consent: a choice made in a request counts for the rest of it."""
    setattr(request, MEMO, consent)


def _read(request: HttpRequest, *, now: datetime) -> Consent:
    proof = cookies.read_proof(request, now=now)
    if proof is None:
        return NOTHING
    visitor_id = cookies.read_visitor(request, proof)
    made = {code: on for code, on in proof.choices.items() if code in BY_CODE}
    held = 0 if visitor_id is None else mask_of(code for code, on in made.items() if on)
    choices = dict(_all_unset())
    if proof.policy == policy_version():
        for code, on in made.items():
            if not on:
                choices[code] = "refused"
            elif visitor_id is not None:  # a grant without its visitor cookie is lost, and is asked for again
                choices[code] = "granted"
    return Consent(choices=choices, policy=proof.policy, given_at=proof.given_at, visitor_id=visitor_id, held=held)
