"""What is written here: a new version of the configuration, who is due, traits, erasure."""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connections, router, transaction

from consent.purposes import PERSONALIZATION
from personalization.profiles.errors import InvalidTrait
from personalization.profiles.head import VERSION_KEY, forget
from personalization.profiles.hot import forget_keys
from personalization.profiles.models import Configuration, Profile, Trait, Verdict
from personalization.profiles.traits import KnownValue, is_reserved
from personalization.rules import Decaying
from tracking.models import Visitor
from tracking.recording import FollowedVisitor

DUE_AT_ONCE: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Earlier than every clock: two machines whose clocks differ still agree that the visitor is due."""
LEAP: Final = 1_000_000
"""Versions grow by up to so much, a second of the clock, while the clock cannot say which was there."""
ROWS_PER_UPSERT: Final = 500
LONGEST_NAME: Final = 100
LONGEST_TEXT: Final = 1000


def publish() -> int:
    """Move the version of the published configuration, within the caller's transaction if there is one.

    Every save or deletion of what editors configure calls this; processes then compile it anew. Versions grow with the
    clock, so that none ever returns: not after a rollback, and not after a database was restored beneath hot copies.
    Where the clock is behind them, as of two machines one is, or as one is set back, chance says by how much they grow.
    """
    with transaction.atomic():
        forget_keys([VERSION_KEY])
        Configuration.objects.bulk_create([Configuration(pk=1)], ignore_conflicts=True)
        version = Configuration.objects.select_for_update().values_list("version", flat=True).get(pk=1)
        clock = time.time_ns() // 1000
        version = clock if clock > version else version + 1 + secrets.randbelow(LEAP)
        Configuration.objects.filter(pk=1).update(version=version)
    return version


def first_revision() -> int:
    """Where a new profile's revision begins: by the clock, so that a visitor erased and back never has an old one.

    Else a judging that began before the erasure could take the new profile for the one it knew.
    """
    return time.time_ns() // 1000


def mark_due(visitor_ids: Collection[UUID]) -> None:
    """Have these visitors judged at once: what is known of them changes in the transaction under way.

    A profile is made where there is none. The rows stay locked until the commit, in the order of their ids.
    """
    if not visitor_ids:
        return
    forget(visitor_ids)
    using = router.db_for_write(Profile)
    connection = connections[using]
    due_at = Profile._meta.get_field("due_at").get_db_prep_value(DUE_AT_ONCE, connection)
    table = connection.ops.quote_name(Profile._meta.db_table)
    revision = first_revision()
    id_field = Profile._meta.get_field("visitor_id")
    ordered = sorted(visitor_ids)
    with transaction.atomic(using=using, savepoint=False), connection.cursor() as cursor:
        for start in range(0, len(ordered), ROWS_PER_UPSERT):
            chunk = ordered[start : start + ROWS_PER_UPSERT]
            cursor.execute(
                f"INSERT INTO {table} (visitor_id, due_at, revision, judged_version)"  # noqa: S608  # our own names
                f" VALUES {', '.join(['(%s, %s, %s, 0)'] * len(chunk))}"
                f" ON CONFLICT (visitor_id) DO UPDATE SET revision = {table}.revision + 1, due_at = EXCLUDED.due_at",
                [
                    value
                    for visitor_id in chunk
                    for value in (id_field.get_db_prep_value(visitor_id, connection), due_at, revision)
                ],
            )


def follow_events(visitors: Sequence[FollowedVisitor]) -> None:
    """Mark the visitors due whose new events may be used for personalization; runs in the recording transaction."""
    mark_due([visitor.visitor_id for visitor in visitors if visitor.purposes & PERSONALIZATION.bit])


@dataclass(frozen=True)
class Recorded:
    """The traits were stored."""

    names: frozenset[str]


@dataclass(frozen=True)
class Refused:
    """Nothing was stored, and why."""

    reason: str


def set_traits(
    visitor_id: UUID, traits: Mapping[str, KnownValue | None], *, source: str, now: datetime
) -> Recorded | Refused:
    """Store what is known about a visitor who agreed to personalization; None forgets a trait.

    Traits that are not named stay. The visitor is due at once, in the same transaction.

    Raises:
        InvalidTrait: a name or a value cannot be kept; then nothing is stored.
    """
    for name, value in traits.items():
        _check_trait(name, value)
    with transaction.atomic():
        # The visitor's row is the lock that recording and withdrawing begin with, too.
        visitor = Visitor.objects.select_for_update().filter(pk=visitor_id).first()
        if visitor is None or not visitor.purposes & PERSONALIZATION.bit:
            return Refused("consent")
        mark_due([visitor_id])
        Trait.objects.filter(
            visitor_id=visitor_id, name__in=[name for name, value in traits.items() if value is None]
        ).delete()
        Trait.objects.bulk_create(
            [_trait(visitor_id, name, value, source, now) for name, value in traits.items() if value is not None],
            update_conflicts=True,
            unique_fields=["visitor_id", "name"],
            update_fields=["value", "half_life", "at", "source", "updated_at"],
        )
    return Recorded(frozenset(traits))


def erase_profile(visitor_id: UUID) -> int:
    """Delete everything derived about the visitor; how many rows that were.

    The profile goes first: a judging under way holds its row while it writes verdicts, and finds it gone afterwards.
    """
    with transaction.atomic():
        forget([visitor_id])
        return sum(
            model._default_manager.filter(visitor_id=visitor_id).delete()[0] for model in (Profile, Verdict, Trait)
        )


def _check_trait(name: str, value: KnownValue | None) -> None:
    if not name or len(name) > LONGEST_NAME or "\0" in name:
        raise InvalidTrait(f"A trait's name has 1 to {LONGEST_NAME} characters and no NUL; found {name!r}.")
    if is_reserved(name):
        raise InvalidTrait(f"{name}: this is worked out from what the visitor does; choose another name.")
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT or "\0" in value:
            raise InvalidTrait(f"{name}: a text has at most {LONGEST_TEXT} characters and no NUL.")
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise InvalidTrait(f"{name}: a number is finite; found {value!r}.")
    elif value is not None and not isinstance(value, bool | int | Decaying):
        raise InvalidTrait(f"{name}: a trait is a number, a text or a truth; found {type(value).__name__}.")


def _trait(visitor_id: UUID, name: str, value: KnownValue, source: str, now: datetime) -> Trait:
    fields: dict[str, Any] = {"value": value}
    if isinstance(value, Decaying):
        fields = {"value": value.value, "half_life": value.half_life, "at": value.at}
    return Trait(visitor_id=visitor_id, name=name, source=source, updated_at=now, **fields)
