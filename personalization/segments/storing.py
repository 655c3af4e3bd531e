"""Verdicts into the database: claimed, judged, and written only if nothing has moved meanwhile."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

from django.db import OperationalError, connections, router, transaction
from django.db.models import F, Q

from consent.purposes import PERSONALIZATION
from personalization.profiles.head import configuration_version, forget
from personalization.profiles.models import Profile, Trait
from personalization.profiles.models import Verdict as StoredVerdict
from personalization.profiles.traits import KnownValue, known_value
from personalization.rules import Decaying
from personalization.scoring.engagement import ENGAGEMENT
from personalization.scoring.services import store_scores
from personalization.segments.bulk import ChangedRow, Judged, NewRow, Rows, Standing, StoredRow, stored_rows
from personalization.segments.judging import NEVER, judge_scored, scored
from personalization.segments.published import Published, published
from personalization.segments.signals import membership_changed, profile_changed
from tracking.selectors import timelines
from tracking.timeline import Timeline

CLAIM_LASTS: Final = timedelta(seconds=60)
"""For so long a worker has the visitors that it took for itself; if it dies, others may take them then."""
TRIES_WHILE_LOCKED: Final = 6

T = TypeVar("T")


@dataclass(frozen=True)
class Claimed:
    """A visitor taken for judging; the revision is the claim's own, until anything moves it."""

    visitor_id: UUID
    revision: int
    standing: Standing | None = None
    """What the profile says, if it was only looked at: then nobody else is kept from it."""


def look_at(visitor_ids: Collection[UUID]) -> list[Claimed]:
    """The profiles of these visitors, to be judged without taking them: for everybody, who are seldom all busy.

    What is judged then is stored only if nobody moved the revision meanwhile, and moves it: whoever judged at the same
    time, perhaps by older rules, can no longer store.
    """
    return [
        Claimed(standing.visitor_id, standing.revision, standing) for standing in stored_rows().standings(visitor_ids)
    ]


def claim(
    now: datetime, *, limit: int, visitor_ids: Collection[UUID] | None = None, everyone: bool = False
) -> list[Claimed]:
    """Take visitors who are due, or these in any case (`everyone`); rows that another worker has are passed over.

    Each claim moves the revision, so whoever had the row before can no longer store what it has judged: with
    `everyone`, rows are taken out of the hands of others, who may have been judging by older rules.
    """
    using = router.db_for_write(Profile)
    connection = connections[using]
    rows = Profile.objects.using(using)
    if not everyone:
        rows = rows.filter(Q(claimed_until=None) | Q(claimed_until__lte=now), due_at__lte=now)
    if visitor_ids is not None:
        rows = rows.filter(visitor_id__in=visitor_ids)
    # Whoever takes many rows and waits for them takes them in the order in which all others do.
    order = ["visitor_id"] if everyone else ["due_at", "visitor_id"]
    with transaction.atomic(using=using):
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=not everyone)
        # Without row locks (SQLite) the transaction has the whole database: it began IMMEDIATE.
        claimed = [
            Claimed(visitor_id, revision + 1)
            for visitor_id, revision in rows.order_by(*order).values_list("visitor_id", "revision")[:limit]
        ]
        Profile.objects.using(using).filter(visitor_id__in=[claim.visitor_id for claim in claimed]).update(
            claimed_until=now + CLAIM_LASTS, revision=F("revision") + 1
        )
    return claimed


def judge_claimed(claimed: Sequence[Claimed], now: datetime) -> frozenset[UUID]:
    """Judge claimed visitors and store what is still true when it is written; who was stored, or is as was stored."""
    current = published(configuration_version())
    rows = stored_rows()
    of = {claim.visitor_id: claim for claim in claimed}
    # In the order of the ids, in which their events come.
    ids = sorted(of)
    traits = traits_of(ids)
    before = rows.verdicts(ids)
    judged: list[_Judged] = []
    unchanged: set[UUID] = set()
    for visitor_id, timeline in timelines(ids, purpose=PERSONALIZATION.code):
        name = rows.name(visitor_id)
        known = before.get(name, {})
        found = _judged(rows, current, of[visitor_id], name, timeline, traits.get(visitor_id, {}), known, now)
        if found is None:
            unchanged.add(visitor_id)
        else:
            judged.append(found)
    if not judged:
        return frozenset(unchanged)
    return when_unlocked(partial(_store, rows, of, judged, current, now)) | unchanged


@dataclass(frozen=True, slots=True)
class _Judged:
    """What one judging changes: rows, when time alone may change anything, the score if it is new, and membership."""

    visitor_id: UUID
    due_at: datetime | None
    new: Sequence[NewRow]
    changed: Sequence[ChangedRow]
    gone: Sequence[int]
    new_score: Decaying | None
    entered: Set[str]
    left: Set[str]


def _judged(
    rows: Rows,
    current: Published,
    claimed: Claimed,
    name: str,
    timeline: Timeline,
    traits: Mapping[str, KnownValue],
    before: Mapping[str, StoredRow],
    now: datetime,
) -> _Judged | None:
    """Judge one visitor and compare with what is stored; None: there is nothing to write."""
    score, due_at = found = scored(current, timeline, now)
    verdicts = judge_scored(current, timeline, traits, now, found)
    # Zero is not stored: most of those who only look around have it.
    is_stored = traits.get(ENGAGEMENT) == score or (ENGAGEMENT not in traits and not score.value)
    new: list[NewRow] = []
    changed: list[ChangedRow] = []
    entered: set[str] = set()
    left: set[str] = set()
    kept = 0
    for key, verdict in verdicts.items():
        if verdict is NEVER:
            continue
        matches, until = verdict.matches, verdict.until
        if until is not None and (due_at is None or until < due_at):
            due_at = until
        row = before.get(key)
        if row is None:
            new.append(NewRow(name, key, matches, until))
            if matches:
                entered.add(key)
            continue
        kept += 1
        if row.matches != matches:
            (entered if matches else left).add(key)
        elif row.until == rows.moment(until):
            continue
        changed.append(ChangedRow(row.pk, matches, until))
    gone: list[int] = []
    if kept < len(before):
        for key, row in before.items():
            if verdicts.get(key, NEVER) is NEVER:
                gone.append(row.pk)
                if row.matches:
                    left.add(key)
    standing = claimed.standing
    if (
        is_stored
        and not (new or changed or gone)
        and standing is not None
        and not standing.is_claimed
        and standing.judged_version == current.rules_version
        and standing.due_at == rows.moment(due_at)
    ):
        return None
    return _Judged(claimed.visitor_id, due_at, new, changed, gone, None if is_stored else score, entered, left)


def _store(
    rows: Rows, claimed: Mapping[UUID, Claimed], judged: Sequence[_Judged], current: Published, now: datetime
) -> frozenset[UUID]:
    """Store verdicts of those whose profile has not moved since it was claimed; the others are released, still due.

    What was read before is still so then: whoever writes a verdict moves the revision.
    """
    with transaction.atomic(using=rows.connection.alias):
        revisions = rows.lock([one.visitor_id for one in judged])
        unmoved = [one for one in judged if revisions.get(one.visitor_id) == claimed[one.visitor_id].revision]
        forget(one.visitor_id for one in unmoved)
        rows.delete([pk for one in unmoved for pk in one.gone])
        rows.change([row for one in unmoved for row in one.changed], since=now)
        rows.insert([row for one in unmoved for row in one.new], since=now)
        store_scores({one.visitor_id: one.new_score for one in unmoved if one.new_score is not None}, now=now)
        rows.judged([Judged(one.visitor_id, one.due_at) for one in unmoved], version=current.rules_version)
        stored = frozenset(one.visitor_id for one in unmoved)
        moved = [visitor_id for visitor_id in revisions.keys() - stored if claimed[visitor_id].standing is None]
        if moved:
            Profile.objects.filter(visitor_id__in=moved).update(claimed_until=None)
        if unmoved:
            transaction.on_commit(partial(_announce, unmoved, now), robust=True)
    return stored


def _announce(judged: Sequence[_Judged], now: datetime) -> None:
    for one in judged:
        if one.entered or one.left:
            membership_changed.send_robust(
                sender=StoredVerdict,
                visitor_id=one.visitor_id,
                entered=frozenset(one.entered),
                left=frozenset(one.left),
                at=now,
            )
        profile_changed.send_robust(sender=Profile, visitor_id=one.visitor_id, at=now)


def traits_of(visitor_ids: Collection[UUID]) -> dict[UUID, dict[str, KnownValue]]:
    """What is known about these visitors; one query."""
    found: dict[UUID, dict[str, KnownValue]] = {}
    for trait in Trait.objects.filter(visitor_id__in=visitor_ids):
        found.setdefault(trait.visitor_id, {})[trait.name] = known_value(trait.value, trait.half_life, trait.at)
    return found


def when_unlocked(act: Callable[[], T]) -> T:
    """Do it, and again after a short while if SQLite is locked for longer than its own timeout.

    Within a transaction there is nothing to repeat: the error goes up to whoever began it.
    """
    for attempt in range(TRIES_WHILE_LOCKED):
        try:
            return act()
        except OperationalError as error:
            last = attempt == TRIES_WHILE_LOCKED - 1
            if last or "locked" not in str(error) or transaction.get_connection().in_atomic_block:
                raise
        time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311  # spreads retries, guards nothing
    raise AssertionError("the last try returned or raised")
