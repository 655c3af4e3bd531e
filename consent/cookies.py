"""The three cookies of consent: their names, their contents, how they are read, set and deleted.

attune_consent        readable by scripts: `<policy>|analytics:granted|personalization:refused`; no identifier
attune_consent_proof  HttpOnly, signed: the choices, the policy, when, and a keyed digest of the visitor id;
                      this is the one that the gate reads
attune_visitor        HttpOnly, signed: the visitor id; there only while a purpose is granted

Over https the names carry `__Host-` (with CONSENT_COOKIE_DOMAIN `__Secure-`) and unprefixed ones are not looked at,
so that neither a plain-http page nor a subdomain can plant a consent. Signatures made with a key in
SECRET_KEY_FALLBACKS still hold.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare

from consent import keyed
from consent.conf import settings

CONSENT = "attune_consent"
PROOF = "attune_consent_proof"
VISITOR = "attune_visitor"
PREFIXES = ("", "__Host-", "__Secure-")

FUTURE_TOLERANCE = timedelta(minutes=5)
"""How far the clocks of two web servers may lie apart before a proof counts as made up."""

COARSE = timedelta(hours=1)
"""How exactly a proof without a visitor tells its time: a microsecond would mark a browser as well as an id does."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_PROOF_SALT = "attune.consent.proof"
_VISITOR_SALT = "attune.consent.visitor"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was chosen, about which texts, when, and (as a digest) by whom."""

    choices: Mapping[str, bool]
    policy: str
    given_at: datetime
    visitor: str


class _Wire(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The proof as it travels; the names are short because it travels with every request."""

    c: dict[str, bool]
    p: str
    t: int
    v: str


_decoder = msgspec.json.Decoder(_Wire)
_encoder = msgspec.json.Encoder(order="sorted")


def name(request: HttpRequest, cookie: str) -> str:
    """The name that this cookie has for this request."""
    if not request.is_secure():
        return cookie
    return ("__Secure-" if settings.COOKIE_DOMAIN else "__Host-") + cookie


def encode_proof(choices: Mapping[str, bool], *, policy: str, given_at: datetime, visitor_id: UUID | None) -> str:
    """The signed value of the proof cookie. Without a visitor it holds nothing that tells one browser from another."""
    digest = "" if visitor_id is None else keyed.digest(keyed.PROOF, visitor_id.hex)
    since = given_at - _EPOCH
    if visitor_id is None:
        since -= since % COARSE
    wire = _Wire(c=dict(choices), p=policy, t=since // _MICROSECOND, v=digest)
    return Signer(salt=_PROOF_SALT).sign(base64.urlsafe_b64encode(_encoder.encode(wire)).decode().rstrip("="))


def decode_proof(value: str, *, now: datetime) -> Proof | None:
    """The proof in a cookie's value; None when it is forged, damaged, from the future or older than CONSENT_MAX_AGE."""
    try:
        text = keyed.unsign(_PROOF_SALT, value)
        wire = _decoder.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        given_at = _EPOCH + wire.t * _MICROSECOND
    except (BadSignature, ValueError, OverflowError, msgspec.MsgspecError):
        return None
    if given_at > now + FUTURE_TOLERANCE or given_at < now - settings.MAX_AGE:
        return None
    return Proof(choices=wire.c, policy=wire.p, given_at=given_at, visitor=wire.v)


def encode_visitor(visitor_id: UUID) -> str:
    """The signed value of the visitor cookie."""
    return Signer(salt=_VISITOR_SALT).sign(visitor_id.hex)


def decode_visitor(value: str) -> UUID | None:
    """The visitor id in a cookie's value; None when it is forged or damaged."""
    try:
        return UUID(hex=keyed.unsign(_VISITOR_SALT, value))
    except (BadSignature, ValueError):
        return None


def read_proof(request: HttpRequest, *, now: datetime) -> Proof | None:
    """The proof that the request carries under the name that counts for it."""
    value = request.COOKIES.get(name(request, PROOF))
    return decode_proof(value, now=now) if value else None


def read_visitor(request: HttpRequest, proof: Proof) -> UUID | None:
    """The visitor id that the request carries, if the proof was given by that very visitor."""
    value = request.COOKIES.get(name(request, VISITOR))
    visitor_id = decode_visitor(value) if value and proof.visitor else None
    if visitor_id is None:
        return None
    for digest in keyed.digests(keyed.PROOF, visitor_id.hex):
        if constant_time_compare(digest, proof.visitor):
            return visitor_id
    return None


def encode_readable(choices: Mapping[str, bool], *, policy: str) -> str:
    """The value of the readable cookie.

    >>> encode_readable({"analytics": True, "personalization": False}, policy="f00")
    'f00|analytics:granted|personalization:refused'
    """
    return "|".join([policy, *(f"{code}:{'granted' if on else 'refused'}" for code, on in sorted(choices.items()))])


def write(
    request: HttpRequest,
    response: HttpResponseBase,
    *,
    choices: Mapping[str, bool],
    policy: str,
    given_at: datetime,
    visitor_id: UUID | None,
) -> None:
    """Set the cookies that say this; without a visitor id its cookie is deleted."""
    _set(request, response, CONSENT, encode_readable(choices, policy=policy), httponly=False)
    proof = encode_proof(choices, policy=policy, given_at=given_at, visitor_id=visitor_id)
    _set(request, response, PROOF, proof, httponly=True)
    if visitor_id is None:
        delete(request, response, VISITOR)
    else:
        _set(request, response, VISITOR, encode_visitor(visitor_id), httponly=True)


def delete(request: HttpRequest, response: HttpResponseBase, *cookies: str) -> None:
    """Delete these cookies, under every name that the request carries them."""
    for cookie in cookies:
        for prefix in PREFIXES:
            if prefix + cookie in request.COOKIES:
                domain = None if prefix == "__Host-" else settings.COOKIE_DOMAIN
                response.delete_cookie(prefix + cookie, path="/", domain=domain, samesite="Lax")


def _set(request: HttpRequest, response: HttpResponseBase, cookie: str, value: str, *, httponly: bool) -> None:
    response.set_cookie(
        name(request, cookie),
        value,
        max_age=settings.MAX_AGE,
        path="/",
        domain=settings.COOKIE_DOMAIN,
        secure=request.is_secure(),
        httponly=httponly,
        samesite="Lax",
    )
