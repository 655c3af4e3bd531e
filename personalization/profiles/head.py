"""The head: the little that decisions read of a visitor, hot where there is a cache Redis, else from the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from django.db import connections, router

from consent.selectors import is_withdrawn, mark_exists
from personalization.profiles.hot import Hot, Lease, forget_keys, hot, keys_changed_here
from personalization.profiles.models import Configuration, Profile, Trait, Verdict
from personalization.profiles.traits import KnownValue, known_value

_CONFIGURATION: Final = Configuration._meta.db_table
_PROFILES: Final = Profile._meta.db_table
_VERDICTS: Final = Verdict._meta.db_table
_TRAITS: Final = Trait._meta.db_table

VERSION_KEY: Final = "attune:1:configuration"


class Head(msgspec.Struct, frozen=True, array_like=True):
    """What is stored about one visitor, as of one moment."""

    judged: bool
    """Whether there is a profile at all; if not, nothing that personalization may use has happened yet."""
    proven_from: datetime
    """Proofs of consent given then or later have been held against withdrawals; an older one is held anew."""
    judged_version: int = 0
    due_at: datetime | None = None
    traits: dict[str, KnownValue] = {}
    verdicts: dict[str, bool] = {}

    def is_due(self, now: datetime, rules_version: int) -> bool:
        """Whether the stored verdicts may be wrong now, or come from other rules."""
        return self.judged_version != rules_version or (self.due_at is not None and self.due_at <= now)


@dataclass(frozen=True)
class Known:
    """What a request starts from: the visitor's head (None: the proof of consent was withdrawn) and the version."""

    head: Head | None
    version: int


def head_key(visitor_id: UUID) -> str:
    """Where the head of this visitor lies in Redis."""
    return f"attune:1:head:{visitor_id.hex}"


def forget(visitor_ids: Iterable[UUID]) -> None:
    """Delete the heads of these visitors, before and after the commit of the transaction that changes them."""
    forget_keys([head_key(visitor_id) for visitor_id in visitor_ids])


def configuration_version() -> int:
    """The version of the published configuration: one round trip if it is hot, else one query."""
    store = hot()
    if store is None:
        return _read_version()
    found = store.get([VERSION_KEY])
    if found is None:
        return _read_version()
    if found[0] is not None:
        return int(found[0])
    leases = _take(store, [VERSION_KEY])
    return _rebuilt_version(store, leases)


def load(visitor_id: UUID, *, given_at: datetime) -> Known:
    """What is known of a visitor who proves consent given at `given_at`, and the configuration's version.

    With a warm Redis: one round trip and no query. Else at most four queries, whatever is configured: the version,
    the profile (its proof of consent checked in the same query), the verdicts, the traits.
    """
    key = head_key(visitor_id)
    store = hot()
    found = store.get([key, VERSION_KEY]) if store else None
    if store is None or found is None:
        version = _read_version()
        return Known(read_head(visitor_id, given_at=given_at), version)
    head = _decoded(found[0])
    if head is not None and given_at < head.proven_from:
        head = None
    missing = [key] if head is None else []
    if found[1] is None:
        missing.append(VERSION_KEY)
    if not missing:
        return Known(head, int(found[1] or 0))
    leases = _take(store, missing)
    version = _rebuilt_version(store, leases) if found[1] is None else int(found[1])
    if head is None:
        head = _rebuilt_head(store, leases.get(key), visitor_id, given_at)
    return Known(head, version)


def read_head(visitor_id: UUID, *, given_at: datetime) -> Head | None:
    """Read the head from the database: three queries, two for a visitor without a profile. None: withdrawn.

    Without Redis every page asks this. The queries are written out, since building them costs ten times what they do.
    """
    connection = connections[router.db_for_read(Profile)]
    visitor = Profile._meta.pk.get_db_prep_value(visitor_id, connection)
    marked, parameters = mark_exists(connection, visitor_id, given_at)
    profiles = Profile.objects.raw(
        f"SELECT visitor_id, judged_version, due_at, {marked} AS withdrawn FROM {_PROFILES} WHERE visitor_id = %s",  # noqa: S608  # our own names
        [*parameters, visitor],
    )
    profile = next(iter(profiles), None)
    if profile is None:
        if is_withdrawn(visitor_id, given_at):
            return None
        return Head(judged=False, proven_from=given_at)
    if profile.withdrawn:  # type: ignore[attr-defined]  # the column of this query
        return None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT key, matches FROM {_VERDICTS} WHERE visitor_id = %s", [visitor])  # noqa: S608  # our own name
        verdicts = {key: bool(matches) for key, matches in cursor}
    traits = Trait.objects.raw(f"SELECT * FROM {_TRAITS} WHERE visitor_id = %s", [visitor])  # noqa: S608  # our own name
    known = {trait.name: known_value(trait) for trait in traits}
    return Head(True, given_at, profile.judged_version, profile.due_at, known, verdicts)


def _take(store: Hot, keys: list[str]) -> dict[str, Lease]:
    changed = keys_changed_here(keys)
    return {lease.key: lease for lease in store.take([key for key in keys if key not in changed])}


def _rebuilt_version(store: Hot, leases: dict[str, Lease]) -> int:
    version = _read_version()
    if lease := leases.get(VERSION_KEY):
        store.keep(lease, str(version).encode())
    return version


def _rebuilt_head(store: Hot, lease: Lease | None, visitor_id: UUID, given_at: datetime) -> Head | None:
    head = read_head(visitor_id, given_at=given_at)
    if lease is not None:
        if head is None:
            store.release(lease)
        else:
            store.keep(lease, _encoder.encode(head))
    return head


def _read_version() -> int:
    with connections[router.db_for_read(Configuration)].cursor() as cursor:
        cursor.execute(f"SELECT version FROM {_CONFIGURATION} WHERE id = 1")  # noqa: S608  # our own name
        row = cursor.fetchone()
    return int(row[0]) if row else 0


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Head)


def _decoded(copy: bytes | None) -> Head | None:
    if copy is None:
        return None
    try:
        return _decoder.decode(copy)
    except msgspec.DecodeError:  # written by another release
        return None
