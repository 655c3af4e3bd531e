"""The head: the little that decisions read of a visitor, hot where there is a cache Redis, else from the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from consent.selectors import marks_after
from personalization.profiles.hot import Hot, Lease, forget_keys, hot, keys_changed_here
from personalization.profiles.models import Configuration, Profile, Trait, Verdict
from personalization.profiles.traits import KnownValue, known_value

_CONFIGURATIONS: Final = Configuration._meta.db_table
_PROFILES: Final = Profile._meta.db_table
_VERDICTS: Final = Verdict._meta.db_table
_TRAITS: Final = Trait._meta.db_table
# What a row of the one query says.
_VERSION: Final = 0
_TRAIT: Final = 1
_PROFILE: Final = 2
_MATCH: Final = 3
_WITHDRAWN: Final = 4

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
    matching: frozenset[str] = frozenset()
    """The keys of the stored verdicts that say yes."""

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

    With a warm Redis: one round trip and no query. Else one query, whatever is configured.
    """
    key = head_key(visitor_id)
    store = hot()
    found = store.get([key, VERSION_KEY]) if store else None
    if store is None or found is None:
        return read_known(visitor_id, given_at=given_at)
    head = _decoded(found[0])
    if head is not None and given_at < head.proven_from:
        head = None
    missing = [key] if head is None else []
    if found[1] is None:
        missing.append(VERSION_KEY)
    if not missing:
        return Known(head, int(found[1] or 0))
    leases = _take(store, missing)
    if head is not None:
        return Known(head, _rebuilt_version(store, leases))
    known = read_known(visitor_id, given_at=given_at)
    if lease := leases.get(key):
        if known.head is None:
            store.release(lease)
        else:
            store.keep(lease, _encoder.encode(known.head))
    if found[1] is not None:
        return Known(known.head, int(found[1]))
    _keep_version(store, leases, known.version)
    return known


def read_known(visitor_id: UUID, *, given_at: datetime) -> Known:
    """Read the head (None: withdrawn) and the version from the database: one query, so all is as of one moment.

    Without Redis every page asks this. The query is written out, since building it costs more than it does, and is one
    because each more costs a way to the database and back. Its second part has a value in every column that another
    leaves out: that is where PostgreSQL takes their types from.
    """
    connection = connections[router.db_for_read(Profile)]
    visitor = Profile._meta.pk.get_db_prep_value(visitor_id, connection)
    marks, parameters = marks_after(connection, visitor_id, given_at)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_VERSION}, version, NULL, NULL, NULL, NULL FROM {_CONFIGURATIONS} WHERE id = 1"  # noqa: S608  # our own names
            f" UNION ALL SELECT {_TRAIT}, NULL, at, name, value, half_life FROM {_TRAITS} WHERE visitor_id = %s"
            f" UNION ALL SELECT {_PROFILE}, judged_version, due_at, NULL, NULL, NULL FROM {_PROFILES}"
            f" WHERE visitor_id = %s"
            f" UNION ALL SELECT {_MATCH}, NULL, NULL, key, NULL, NULL FROM {_VERDICTS}"
            f" WHERE visitor_id = %s AND matches"
            f" UNION ALL SELECT {_WITHDRAWN}, NULL, NULL, NULL, NULL, NULL {marks}",
            [visitor, visitor, visitor, *parameters],
        )
        rows = cursor.fetchall()
    version, judged, judged_version, due_at, is_withdrawn = 0, False, 0, None, False
    traits: dict[str, KnownValue] = {}
    matching: list[str] = []
    for kind, number, at, name, value, half_life in rows:
        if kind == _MATCH:
            matching.append(name)
        elif kind == _TRAIT:
            half_life = _python_value(Trait, "half_life", half_life, connection)
            at = _python_value(Trait, "at", at, connection)
            traits[name] = known_value(_python_value(Trait, "value", value, connection), half_life, at)
        elif kind == _PROFILE:
            judged, judged_version, due_at = True, number, _python_value(Profile, "due_at", at, connection)
        elif kind == _VERSION:
            version = number
        else:
            is_withdrawn = True
    if is_withdrawn:
        return Known(None, version)
    if not judged:
        return Known(Head(judged=False, proven_from=given_at), version)
    return Known(Head(True, given_at, judged_version, due_at, traits, frozenset(matching)), version)


def _python_value(model: type[Model], name: str, value: Any, connection: BaseDatabaseWrapper) -> Any:
    """What the field makes of what its column holds."""
    if value is None:
        return None
    field: Any = model._meta.get_field(name)
    column = field.cached_col
    for convert in (*connection.ops.get_db_converters(column), *field.get_db_converters(connection)):
        value = convert(value, column, connection)
    return value


def _take(store: Hot, keys: list[str]) -> dict[str, Lease]:
    changed = keys_changed_here(keys)
    return {lease.key: lease for lease in store.take([key for key in keys if key not in changed])}


def _rebuilt_version(store: Hot, leases: dict[str, Lease]) -> int:
    version = _read_version()
    _keep_version(store, leases, version)
    return version


def _keep_version(store: Hot, leases: dict[str, Lease], version: int) -> None:
    if lease := leases.get(VERSION_KEY):
        store.keep(lease, str(version).encode())


def _read_version() -> int:
    with connections[router.db_for_read(Configuration)].cursor() as cursor:
        cursor.execute(f"SELECT version FROM {_CONFIGURATIONS} WHERE id = 1")  # noqa: S608  # our own name
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
