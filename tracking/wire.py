"""From bytes to events: the wire format, its limits, and what each event is checked for.

The envelope is decoded first, then each event by itself, so that a wrong event never spoils its batch.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, NamedTuple
from uuid import UUID

import msgspec

from tracking.addresses import page_address, referrer_address
from tracking.errors import BatchTooLarge, InvalidBatch, InvalidEvent
from tracking.event_types import EventType, Kind, Registry
from tracking.timeline import Event, Page, Value

MAX_TITLE: Final = 300
"""Longer page titles are cut."""

MAX_TEXT: Final = 1000
"""A longer text in a property is a wrong one."""

MAX_LIST: Final = 50
"""The most members that a property, or GA4's `items`, may have."""

CLOCK_TOLERANCE: Final = timedelta(seconds=2)
"""A sender's clock that differs by more is off; less is the time that the request took."""

ID_AHEAD: Final = timedelta(hours=24)
"""How far in the future the time in an id may lie."""

_MAX_INTEGER: Final = 2**63 - 1

AwareDatetime = Annotated[datetime, msgspec.Meta(tz=True)]


class Envelope(msgspec.Struct):
    """A batch whose events are not decoded yet."""

    events: list[msgspec.Raw]
    sent_at: AwareDatetime | None = None


_NULL: Final = msgspec.Raw(b"null")


class EventPage(msgspec.Struct):
    """The page on which something happened; of its addresses no more is kept than may be."""

    url: str | None = ""
    title: str | None = ""
    referrer: str | None = ""


class _WireEvent(msgspec.Struct):
    id: UUID
    name: str
    occurred_at: AwareDatetime
    page: msgspec.Raw = _NULL
    properties: dict[str, Any] | None = None


class _WireId(msgspec.Struct):
    id: UUID


_decode_envelope = msgspec.json.Decoder(Envelope).decode
_decode_event = msgspec.json.Decoder(_WireEvent).decode
_decode_page = msgspec.json.Decoder(EventPage | None).decode
_decode_id = msgspec.json.Decoder(_WireId).decode

# An escape is one only after an even number of backslashes.
_NUL_ESCAPE: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def decode_batch(body: bytes, *, max_bytes: int, max_events: int) -> Envelope:
    """Return the batch in `body`. Raises InvalidBatch, or BatchTooLarge."""
    if len(body) > max_bytes:
        raise BatchTooLarge(f"A batch may have {max_bytes} bytes; this one has {len(body)}.")
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise InvalidBatch("The body is not UTF-8.") from error
    try:
        try:
            batch = _decode_envelope(body)
        except msgspec.ValidationError as error:
            raise InvalidBatch(f"The body is no batch of events: {error}.") from error
        except msgspec.DecodeError:
            batch = _decode_slowly(text)
    except RecursionError as error:
        raise InvalidBatch("The body is nested too deeply.") from error
    if len(batch.events) > max_events:
        raise BatchTooLarge(f"A batch may have {max_events} events; this one has {len(batch.events)}.")
    return batch


def _decode_slowly(text: str) -> Envelope:
    """Decode what the fast decoder gives up on as a whole: half of a surrogate pair spoils its event, not the batch."""
    try:
        data = json.loads(text, parse_constant=_refuse_constant, parse_int=_parse_integer)
        if isinstance(data, dict) and isinstance(data.get("events"), list):
            data = {**data, "events": [msgspec.Raw(json.dumps(event).encode()) for event in data["events"]]}
        return msgspec.convert(data, Envelope)
    except (ValueError, msgspec.MsgspecError) as error:
        raise InvalidBatch(f"The body is no batch of events: {error}.") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _parse_integer(digits: str) -> int | float:
    return int(digits) if len(digits) < 100 else math.inf  # refused with its event


class Known(NamedTuple):
    """A readable event, and how many properties were dropped because its type does not declare them."""

    event: Event
    purposes: int
    dropped: int


class Reader:
    """Reads the events of one batch: what is measured, the times and the limits that they are held to."""

    def __init__(
        self,
        registry: Registry,
        *,
        now: datetime,
        retention: timedelta,
        keep_parameters: Collection[str],
        device: str = "",
        sent_at: datetime | None = None,
        nul_escapes: bool = True,
    ) -> None:
        """`nul_escapes`: whether a NUL may be escaped somewhere; a look at the whole body spares one at each event."""
        self.registry = registry
        self._nul_escapes = nul_escapes
        self.now = now
        self.oldest = now - retention
        self.device = device
        self.keep_parameters = keep_parameters
        self.offset: timedelta | None = None
        if sent_at is not None:
            offset = now - sent_at
            if abs(offset) > CLOCK_TOLERANCE:
                self.offset = offset
        self._oldest_ms = int(self.oldest.timestamp() * 1000)
        self._newest_ms = int((now + ID_AHEAD).timestamp() * 1000)
        # The events of a batch mostly share a page.
        self._pages: dict[bytes, Page] = {b"null": _NO_PAGE}

    def read(self, raw: msgspec.Raw) -> Known:
        """Return the event in `raw`. Raises InvalidEvent with the reason, or RecursionError."""
        if self._nul_escapes and _NUL_ESCAPE.search(bytes(raw)):
            raise InvalidEvent("A NUL character cannot be stored.", reason="nul")
        try:
            wire = _decode_event(raw)
        except msgspec.MsgspecError as error:
            raise InvalidEvent(f"Not an event: {error}.", reason=_reason_of(error)) from error
        kind = self.registry.get(wire.name)
        if kind is None:
            raise InvalidEvent("No event of this name is measured.", reason="unknown_event")
        self.check_id(wire.id)
        occurred_at = self.corrected(wire.occurred_at)
        properties, dropped = check_properties(kind, wire.properties) if wire.properties else ({}, 0)
        key = bytes(wire.page)
        page = self._pages.get(key)
        if page is None:
            page = self._pages[key] = self._read_page(wire.page)
        return Known(
            Event(
                wire.id,
                kind.name,
                occurred_at,
                page,
                properties,
                self.device,
            ),
            kind.purpose_mask,
            dropped,
        )

    def check_id(self, event_id: UUID) -> None:
        """Raise InvalidEvent unless this is a UUIDv7 within retention and not more than 24 hours ahead."""
        number = event_id.int
        if (number >> 76) & 0xF != 7 or (number >> 62) & 0b11 != 0b10:
            raise InvalidEvent("The id is not a UUIDv7.", reason="id")
        if not self._oldest_ms <= number >> 80 <= self._newest_ms:
            raise InvalidEvent("The time in the id is too far from now.", reason="id")

    def corrected(self, occurred_at: datetime) -> datetime:
        """Return the time in UTC by our clock, not after now. Raises InvalidEvent when it is older than retention."""
        try:
            if occurred_at.tzinfo is not UTC:
                occurred_at = occurred_at.astimezone(UTC)
            if self.offset is not None:
                occurred_at += self.offset
        except OverflowError as error:
            raise InvalidEvent("The time is too far from now.", reason="time") from error
        if occurred_at > self.now:
            return self.now
        if occurred_at < self.oldest:
            raise InvalidEvent("The time is older than what is kept.", reason="time")
        return occurred_at

    def page(self, url: str | None, title: str | None, referrer: str | None) -> Page:
        """Return the page with no more of its addresses than may be kept."""
        return Page(
            page_address(url, self.keep_parameters) if url else "",
            title[:MAX_TITLE] if title else "",
            referrer_address(referrer) if referrer else "",
        )

    def _read_page(self, raw: msgspec.Raw) -> Page:
        try:
            wire = _decode_page(raw)
        except msgspec.MsgspecError as error:
            raise InvalidEvent(f"Not a page: {error}.", reason="malformed") from error
        return _NO_PAGE if wire is None else self.page(wire.url, wire.title, wire.referrer)


_NO_PAGE: Final = Page()


def id_of(raw: msgspec.Raw) -> str | None:
    """Return the id of an event that could not be read, if it has one."""
    try:
        return str(_decode_id(raw).id)
    except (msgspec.MsgspecError, RecursionError):
        return None


def _reason_of(error: msgspec.MsgspecError) -> str:
    """Tell a wrong id or time from an event of a wrong shape; the decoder names the place at the end of its message."""
    message = str(error)
    if message.endswith("`$.id`"):
        return "id"
    return "time" if message.endswith("`$.occurred_at`") else "malformed"


_KINDS: Final[Mapping[Kind, frozenset[type]]] = {
    "text": frozenset({str, type(None)}),
    "number": frozenset({int, float, type(None)}),
    "boolean": frozenset({bool, type(None)}),
    "any": frozenset({str, int, float, bool, type(None)}),
}


def check_properties(kind: EventType, properties: Mapping[str, Any]) -> tuple[dict[str, Value], int]:
    """Return the properties that the event type declares, and how many others were dropped.

    GA4's `items` become lists, of a single item scalars. Raises InvalidEvent for a value of a wrong type.

    >>> from tracking.event_types import BUILTIN
    >>> check_properties(BUILTIN["purchase"], {"value": 9, "items": [{"item_id": "A"}, {"item_id": "B"}], "x": 1})
    ({'value': 9, 'item_id': ['A', 'B']}, 1)
    """
    if "items" in properties:
        properties = _flatten_items(properties)
    declared = kind.properties
    kept: dict[str, Value] = {}
    dropped = 0
    for name, value in properties.items():
        declared_kind = declared.get(name)
        if declared_kind is None:
            dropped += 1
            continue
        types = _KINDS[declared_kind]
        if type(value) is list:
            if len(value) > MAX_LIST:
                raise InvalidEvent(f"{name} has more than {MAX_LIST} members.", reason="property")
            for member in value:
                _check_scalar(name, member, declared_kind, types)
        elif type(value) is not str or len(value) > MAX_TEXT or str not in types:
            _check_scalar(name, value, declared_kind, types)
        kept[name] = value
    return kept, dropped


def _check_scalar(name: str, value: Any, kind: Kind, types: frozenset[type]) -> None:
    found = type(value)
    if found not in types:
        raise InvalidEvent(f"{name} is not of the kind {kind!r}.", reason="property")
    if found is str:
        if len(value) > MAX_TEXT:
            raise InvalidEvent(f"{name} is longer than {MAX_TEXT} characters.", reason="property")
    elif found is int:
        if not -_MAX_INTEGER <= value <= _MAX_INTEGER:
            raise InvalidEvent(f"{name} is too large a number.", reason="property")
    elif found is float and not math.isfinite(value):
        raise InvalidEvent(f"{name} is not a finite number.", reason="property")


def _flatten_items(properties: Mapping[str, Any]) -> dict[str, Any]:
    items = properties["items"]
    flat = {name: value for name, value in properties.items() if name != "items"}
    if items is None:
        return flat
    if type(items) is not list or len(items) > MAX_LIST or not all(type(item) is dict for item in items):
        raise InvalidEvent(f"items is not a list of at most {MAX_LIST} objects.", reason="property")
    for name in dict.fromkeys(name for item in items for name in item):
        if name not in flat:  # what the event itself says of all its items stands
            flat[name] = items[0][name] if len(items) == 1 else [item.get(name) for item in items]
    return flat
