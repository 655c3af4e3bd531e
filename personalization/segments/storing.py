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
from personalization.rules import Decaying, Verdict
from personalization.scoring.engagement import ENGAGEMENT, engagement, next_contribution
from personalization.scoring.services import store_scores
from personalization.segments.judging import earliest, judge, matching, next_due
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
    """Judge claimed visitors and store what is still true when it is written; who was stored."""
    current = published(configuration_version())
    ids = [claim.visitor_id for claim in claimed]
    traits = traits_of(ids)
    judged = {
        visitor_id: _judged(current, timeline, traits.get(visitor_id, {}), now)
        for visitor_id, timeline in timelines(ids, purpose=PERSONALIZATION.code)
    }
    revisions = {claim.visitor_id: claim.revision for claim in claimed}
    return when_unlocked(partial(_store, revisions, judged, current, now))


@dataclass(frozen=True)
class _Judged:
    """What one judging found: the verdicts, when time alone may change anything of it, and the score if it is new."""

    verdicts: Mapping[str, Verdict]
    due_at: datetime | None
    new_score: Decaying | None


def _judged(current: Published, timeline: Timeline, traits: Mapping[str, KnownValue], now: datetime) -> _Judged:
    verdicts = judge(current, timeline, traits, now)
    score = engagement(timeline, current.scoring, now)
    due_at = earliest(next_due(verdicts.values()), next_contribution(timeline, current.scoring, now))
    # Zero is not stored: most of those who only look around have it.
    is_stored = traits.get(ENGAGEMENT) == score or (ENGAGEMENT not in traits and not score.value)
    return _Judged(verdicts, due_at, None if is_stored else score)


def _store(
    revisions: Mapping[UUID, int], judged: Mapping[UUID, _Judged], current: Published, now: datetime
) -> frozenset[UUID]:
    """Store verdicts of those whose profile has not moved since it was claimed; the others are released, still due."""
    with transaction.atomic():
        rows = {
            profile.visitor_id: profile
            for profile in Profile.objects.select_for_update().filter(visitor_id__in=revisions).order_by("visitor_id")
        }
        unmoved = {visitor_id for visitor_id, row in rows.items() if row.revision == revisions[visitor_id]}
        forget(sorted(unmoved))
        before: dict[UUID, dict[str, StoredVerdict]] = {visitor_id: {} for visitor_id in unmoved}
        for row in StoredVerdict.objects.filter(visitor_id__in=unmoved):
            before[row.visitor_id][row.key] = row
        matched = {
            visitor_id: frozenset(key for key, row in found.items() if row.matches)
            for visitor_id, found in before.items()
        }
        new: list[StoredVerdict] = []
        changed: list[StoredVerdict] = []
        gone: list[int] = []
        for visitor_id in sorted(unmoved):
            _compare(
                visitor_id, judged[visitor_id].verdicts, before[visitor_id], now, new=new, changed=changed, gone=gone
            )
            rows[visitor_id].due_at = judged[visitor_id].due_at
            rows[visitor_id].judged_version = current.rules_version
        for profile in rows.values():
            profile.claimed_until = None
        StoredVerdict.objects.filter(pk__in=gone).delete()
        StoredVerdict.objects.bulk_update(changed, ["matches", "since", "until"], batch_size=200)
        StoredVerdict.objects.bulk_create(new, batch_size=200)
        scores = {visitor_id: judged[visitor_id].new_score for visitor_id in sorted(unmoved)}
        store_scores({visitor_id: score for visitor_id, score in scores.items() if score is not None}, now=now)
        stored = [rows[visitor_id] for visitor_id in sorted(unmoved)]
        Profile.objects.bulk_update(stored, ["due_at", "judged_version", "claimed_until"], batch_size=200)
        Profile.objects.filter(visitor_id__in=rows.keys() - unmoved).update(claimed_until=None)
        for visitor_id in sorted(unmoved):
            transaction.on_commit(
                partial(_announce, visitor_id, matched[visitor_id], matching(judged[visitor_id].verdicts), now),
                robust=True,
            )
    return frozenset(unmoved)


def _announce(visitor_id: UUID, before: Set[str], after: Set[str], now: datetime) -> None:
    if before != after:
        membership_changed.send_robust(
            sender=StoredVerdict, visitor_id=visitor_id, entered=after - before, left=before - after, at=now
        )
    profile_changed.send_robust(sender=Profile, visitor_id=visitor_id, at=now)


def _compare(
    visitor_id: UUID,
    verdicts: Mapping[str, Verdict],
    before: Mapping[str, StoredVerdict],
    now: datetime,
    *,
    new: list[StoredVerdict],
    changed: list[StoredVerdict],
    gone: list[int],
) -> None:
    """Sort out which rows are new, changed and gone. `since` stays as long as the truth does."""
    kept = {key: verdict for key, verdict in verdicts.items() if verdict.matches or verdict.until is not None}
    for key, verdict in kept.items():
        row = before.get(key)
        if row is None:
            new.append(
                StoredVerdict(visitor_id=visitor_id, key=key, matches=verdict.matches, since=now, until=verdict.until)
            )
        elif row.matches != verdict.matches or row.until != verdict.until:
            if row.matches != verdict.matches:
                row.since = now
            row.matches, row.until = verdict.matches, verdict.until
            changed.append(row)
    gone.extend(row.pk for key, row in before.items() if key not in kept)


def traits_of(visitor_ids: Collection[UUID]) -> dict[UUID, dict[str, KnownValue]]:
    """What is known about these visitors; one query."""
    found: dict[UUID, dict[str, KnownValue]] = {}
    for trait in Trait.objects.filter(visitor_id__in=visitor_ids):
        found.setdefault(trait.visitor_id, {})[trait.name] = known_value(trait)
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
