"""What the site's own code does with events: send one from the server; erase a visitor's."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import uuid_utils.compat
from django.conf import settings as django_settings
from django.db import connections, router, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise

from consent.gate import consent_of
from tracking.conf import settings
from tracking.errors import InvalidEvent
from tracking.event_types import registered
from tracking.models import StoredEvent, Visitor
from tracking.recording import Accepted, Batch, lock_visitors, record_events
from tracking.refusals import count_refused, count_soon
from tracking.timeline import Event
from tracking.user_agents import device_of, is_bot
from tracking.wire import Reader, check_properties

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The event is stored, under this id."""

    event_id: UUID


@dataclass(frozen=True, slots=True)
class Refused:
    """The event is not stored, and why: one of `tracking.refusals.REASONS`."""

    reason: str


def track(
    request: HttpRequest, name: str, properties: Mapping[str, Any] | None = None, *, now: datetime | None = None
) -> Recorded | Refused:
    """Record that the visitor behind `request` did something, on the page of the request.

    Writes on the caller's transaction: what is rolled back did not happen. Never raises for lack of consent. An event
    that is not measured, or a property of a wrong type, is a mistake in the site's code: it raises InvalidEvent with
    DEBUG on, else it is logged and refused. Decimals become floats and lazy texts texts.
    """
    now = timezone.now() if now is None else now
    try:
        outcome = _track(request, name, properties or {}, now=now)
    except InvalidEvent as error:
        if django_settings.DEBUG:
            raise
        log.error("The event %r was not recorded: %s", name, error)
        outcome = Refused(error.reason)
    if isinstance(outcome, Refused):
        count_soon({outcome.reason: 1}, now=now)
    return outcome


def _track(request: HttpRequest, name: str, properties: Mapping[str, Any], *, now: datetime) -> Recorded | Refused:
    registry = registered()
    kind = registry.get(name)
    if kind is None:
        raise InvalidEvent(
            f"No event named {name!r} is measured. Use one of {', '.join(sorted(registry))}, or add it in the admin.",
            reason="unknown_event",
        )
    kept, dropped = check_properties(kind, {key: _plain(value) for key, value in properties.items()})
    try:
        encoded = msgspec.json.encode(kept)
    except UnicodeEncodeError as error:
        raise InvalidEvent("A property is no valid text.", reason="property") from error
    if b"\\u0000" in encoded and any(map(_has_nul, kept.values())):
        raise InvalidEvent("A NUL character cannot be stored.", reason="nul")
    user_agent = request.META.get("HTTP_USER_AGENT", "")
    if is_bot(user_agent):
        return Refused("bot")
    consent = consent_of(request)
    purposes = kind.purpose_mask & consent.granted
    if not purposes or consent.visitor_id is None or consent.given_at is None:
        return Refused("consent")
    reader = Reader(registry, now=now, retention=settings.RETENTION, keep_parameters=settings.QUERY_PARAMETERS)
    page = reader.page(request.build_absolute_uri(), None, request.META.get("HTTP_REFERER"))
    event_id = uuid_utils.compat.uuid7(nanoseconds=int(now.timestamp() * 1000) * 1_000_000)
    event = Event(event_id, kind.name, now, page, kept, device_of(user_agent))
    outcome = record_events([Batch(consent.visitor_id, consent.given_at, [Accepted(event, purposes)])], now=now)
    if outcome.withdrawn:
        return Refused("consent")
    if dropped:
        count_refused({"undeclared_property": dropped}, now=now)
    return Recorded(event_id)


def _plain(value: Any) -> Any:
    """Return what JSON has a word for: a float for a Decimal, a text for a lazy or safe one, a list for a tuple."""
    if isinstance(value, str | Promise):
        return str.__str__(value) if isinstance(value, str) else str(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    return value


def _has_nul(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_has_nul, value))
    return isinstance(value, str) and "\x00" in value


def erase_events(visitor_id: UUID, *, remaining: int, now: datetime) -> int:
    """Take a withdrawal out of what is stored: events keep the `remaining` purposes (bits) and go with their last.

    With nothing remaining the visitor goes, too. Must run in the transaction that writes the mark of the withdrawal.
    Returns how many events were deleted.
    """
    alias = router.db_for_write(StoredEvent)
    connection = connections[alias]
    with transaction.atomic(using=alias):
        with connection.cursor() as cursor:
            # The same first step as recording: from here on one waits for the other.
            lock_visitors(connection, cursor, {visitor_id: (0, now)})
        events = StoredEvent.objects.using(alias).filter(visitor_id=visitor_id)
        visitor = Visitor.objects.using(alias).filter(pk=visitor_id)
        if not remaining:
            deleted = events._raw_delete(alias)
            visitor._raw_delete(alias)
            return deleted
        rest = events.annotate(rest=F("purposes").bitand(remaining))
        deleted, _ = rest.filter(rest=0).delete()
        rest.exclude(purposes=F("rest")).update(purposes=F("purposes").bitand(remaining))
        visitor.update(purposes=F("purposes").bitand(remaining))
        visitor.filter(purposes=0)._raw_delete(alias)  # what is left serves nothing: not the row that was only to lock
        return deleted
