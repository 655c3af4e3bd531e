"""What a project's own code calls: decide what to show, ask for a segment, record an event, tell what is known."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone

from consent.gate import consent_of
from personalization.content.bodies.items import Item
from personalization.content.deciding.blocks import Decision
from personalization.content.services import decide, decide_all, in_segment
from personalization.content.serving.asking import django_request, has_asked, mark_changed
from personalization.errors import UnknownVisitor
from personalization.profiles.services import Recorded as TraitsRecorded
from personalization.profiles.services import Refused as TraitsRefused
from personalization.profiles.services import set_traits as store_traits
from personalization.profiles.traits import KnownValue
from personalization.segments.presence import forget_presence
from tracking.services import Recorded, Refused
from tracking.services import track as record

__all__ = [
    "Decision",
    "Item",
    "Recorded",
    "Refused",
    "TraitsRecorded",
    "TraitsRefused",
    "decide",
    "decide_all",
    "in_segment",
    "set_traits",
    "track",
]


def track(request: HttpRequest, name: str, /, **properties: Any) -> Recorded | Refused:
    """Record that this request's visitor did something: ``track(request, "sign_up", method="e-mail")``.

    Writes on the caller's transaction. Never raises for lack of consent: the answer says ``Refused("consent")``.

    Raises:
        tracking.errors.InvalidEvent: in DEBUG, for an event that is not measured or a property of a wrong type;
            otherwise that is logged and refused.
    """
    recorded = record(django_request(request), name, properties)
    _forget(request)
    return recorded


def set_traits(
    visitor: HttpRequest | UUID | str, traits: Mapping[str, KnownValue | None], *, source: str
) -> TraitsRecorded | TraitsRefused:
    """Store what is known about a visitor who agreed to personalization; ``None`` forgets a trait.

    Args:
        visitor: the visitor's id, or a request of theirs.
        traits: name → number, text, boolean or ``personalization.rules.Decaying``; those not named stay.
        source: where it comes from, such as "crm"; shown to those who may see visitors.

    Raises:
        personalization.errors.UnknownVisitor: what was passed is no visitor's id.
        personalization.profiles.errors.InvalidTrait: a name or a value cannot be kept; then nothing is stored.
    """
    visitor_id = _visitor_id(visitor)
    if visitor_id is None:
        return TraitsRefused("consent")
    stored = store_traits(visitor_id, traits, source=source, now=timezone.now())
    if not isinstance(visitor, UUID | str):
        _forget(visitor)
    return stored


def _forget(request: HttpRequest) -> None:
    """Let what is decided in this request know what has just happened.

    Once something was decided in it, it does not: what the same visitor sees stays the same within a page.
    """
    if not has_asked(request):
        forget_presence(django_request(request))
    mark_changed(request)


def _visitor_id(visitor: HttpRequest | UUID | str) -> UUID | None:
    """The id; of a request without consent to personalization none."""
    if isinstance(visitor, UUID):
        return visitor
    if isinstance(visitor, str):
        try:
            return UUID(visitor)
        except ValueError:
            raise UnknownVisitor(f"{visitor!r} is no visitor's id: pass a UUID, or a request.") from None
    consent = consent_of(django_request(visitor))
    return consent.visitor_id if consent.allows("personalization") else None
