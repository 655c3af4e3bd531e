"""The collector: one batch in, what became of each of its events out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from consent.gate import Consent
from tracking.conf import settings
from tracking.errors import InvalidBatch, InvalidEvent
from tracking.event_types import registered
from tracking.recording import Accepted, Batch, record_events
from tracking.user_agents import device_of, is_bot
from tracking.wire import Envelope, Reader, decode_batch, id_of


class Rejected(msgspec.Struct):
    """An event that was not taken: its place in the batch, its id if it has one, and why."""

    index: int
    id: str | None
    reason: str


class Answer(msgspec.Struct):
    """What became of a batch."""

    accepted: int
    duplicates: int
    rejected: list[Rejected]


class Result(msgspec.Struct):
    """The answer, whether it all failed for lack of consent, and what is to be counted as refused."""

    answer: Answer
    forbidden: bool
    refused: Mapping[str, int]


_NOTHING: Final[Mapping[str, int]] = {}


def collect(body: bytes, *, consent: Consent, user_agent: str, now: datetime) -> Result:
    """Store what can be stored of the batch in `body`.

    Raises InvalidBatch (BatchTooLarge) when it is none, and the database's errors when nothing can be stored now.
    """
    envelope = decode_batch(body, max_bytes=settings.MAX_BATCH_BYTES, max_events=settings.MAX_BATCH_EVENTS)
    if is_bot(user_agent):
        return _refuse_all(envelope, "bot")
    reader = Reader(
        registered(),
        now=now,
        retention=settings.RETENTION,
        keep_parameters=settings.QUERY_PARAMETERS,
        device=device_of(user_agent),
        sent_at=envelope.sent_at,
        nul_escapes=b"u0000" in body,
    )
    granted = consent.granted
    taken: dict[int, tuple[int, UUID]] = {}
    accepted: list[Accepted] = []
    rejected: list[Rejected] = []
    duplicates = dropped = 0
    for index, raw in enumerate(envelope.events):
        try:
            event, purposes, extra = reader.read(raw)
        except InvalidEvent as error:
            rejected.append(Rejected(index, id_of(raw), error.reason))
            continue
        except RecursionError as error:
            raise InvalidBatch("The body is nested too deeply.") from error
        purposes &= granted
        if not purposes:
            rejected.append(Rejected(index, str(event.id), "consent"))
        elif event.id.int in taken:
            duplicates += 1
        else:
            taken[event.id.int] = index, event.id
            accepted.append(Accepted(event, purposes))
            dropped += extra
    stored = 0
    if accepted and consent.visitor_id is not None and consent.given_at is not None:
        outcome = record_events([Batch(consent.visitor_id, consent.given_at, accepted)], now=now)
        if outcome.withdrawn:
            rejected.extend(Rejected(index, str(event_id), "consent") for index, event_id in taken.values())
            rejected.sort(key=_index)
            duplicates = dropped = 0
        else:
            stored = outcome.accepted
            duplicates += len(outcome.duplicates)
    if not rejected and not dropped:
        return Result(Answer(stored, duplicates, rejected), False, _NOTHING)
    refused = Counter(one.reason for one in rejected)
    forbidden = not stored and not duplicates and "consent" in refused
    refused["undeclared_property"] = dropped
    return Result(Answer(stored, duplicates, rejected), forbidden, refused)


def _refuse_all(envelope: Envelope, reason: str) -> Result:
    rejected = [Rejected(index, id_of(raw), reason) for index, raw in enumerate(envelope.events)]
    return Result(Answer(0, 0, rejected), False, {reason: len(rejected)})


def _index(rejected: Rejected) -> int:
    return rejected.index
