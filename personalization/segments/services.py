"""Judging what is stored: those who are due, everybody, and how many people are in each segment."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, QuerySet
from django.utils import timezone

from consent.purposes import PERSONALIZATION, PURPOSES
from personalization.profiles.head import configuration_version, forget
from personalization.profiles.models import Profile
from personalization.profiles.models import Verdict as StoredVerdict
from personalization.profiles.services import first_revision
from personalization.segments.judging import judge
from personalization.segments.models import Recomputation, Segment, Status
from personalization.segments.published import published
from personalization.segments.storing import claim, judge_claimed, look_at, traits_of, when_unlocked
from tracking.models import Visitor
from tracking.selectors import timelines

AT_ONCE: Final = 100
"""How many visitors are read, judged and stored together."""
EVERYBODY_AT_ONCE: Final = 500
"""How many of everybody are: nobody waits for them, and each step has its price."""
PART: Final = 1_000
"""How many visitors make one part of an update of everybody."""
ATTEMPTS: Final = 5
"""How often a visitor who acts while being judged is judged again before the row is left due."""


def judge_visitors(visitor_ids: Collection[UUID], *, now: datetime | None = None, even_if_not_due: bool = False) -> int:
    """Judge those of these visitors who are due (or all of them) and store the verdicts; how many were stored.

    May be called twice and by several at once: a visitor is claimed first, and what is stored comes from the state that
    was claimed, else it is not stored. A visitor erased meanwhile stays erased.
    """
    stored = 0
    waiting = sorted(set(visitor_ids))
    for start in range(0, len(waiting), AT_ONCE):
        ids = waiting[start : start + AT_ONCE]
        for _ in range(ATTEMPTS):
            claimed = when_unlocked(partial(claim, _now(now), limit=AT_ONCE, visitor_ids=ids, everyone=even_if_not_due))
            if not claimed:
                break
            done = judge_claimed(claimed, _now(now))
            stored += len(done)
            ids = [claimed_one.visitor_id for claimed_one in claimed if claimed_one.visitor_id not in done]
            if not ids:
                break
    return stored


def recompute_due(*, now: datetime | None = None, limit: int = 10_000, seconds: float = 20.0) -> int:
    """Judge whoever is due, the longest due first, until nobody is, or `limit` or `seconds` are used up.

    Returns how many were stored. Any number of workers may do this at once.
    """
    started = time.monotonic()
    stored = taken = 0
    while taken < limit and time.monotonic() - started < seconds:
        claimed = when_unlocked(partial(claim, _now(now), limit=min(AT_ONCE, limit - taken)))
        if not claimed:
            break
        taken += len(claimed)
        stored += len(judge_claimed(claimed, _now(now)))
    return stored


def judge_everybody_between(first: UUID, last: UUID, *, now: datetime | None = None) -> int:
    """Judge all visitors who agreed to personalization with ids from `first` to `last`; how many were stored."""
    everybody = _everybody().filter(id__gte=first, id__lte=last)
    return sum(_judge_all(ids, now) for ids in _chunks(everybody, EVERYBODY_AT_ONCE))


def recompute_now(*, now: datetime | None = None, progress: Callable[[int], object] | None = None) -> dict[str, int]:
    """Apply the rules to everybody, here and now, and count the segments: slug → people.

    `progress` is told the number of visitors that each step has finished.
    """
    for ids in _chunks(_everybody(), EVERYBODY_AT_ONCE):
        _judge_all(ids, now)
        if progress:
            progress(len(ids))
    return count_members(now=_now(now))


def start_recomputation(*, now: datetime) -> tuple[Recomputation, Iterator[tuple[UUID, UUID]]]:
    """Begin to apply the rules to everybody in parts: the record of it, and each part's first and last visitor."""
    Recomputation.objects.filter(started_at__lt=now - timedelta(days=30)).delete()
    recomputation = Recomputation.objects.create(started_at=now)
    parts = ((ids[0], ids[-1]) for ids in _chunks(_everybody(), PART))
    return recomputation, parts


def split_recomputation(recomputation_id: int, *, parts: int, now: datetime) -> None:
    """Note how many parts there are; when all are done already, finish."""
    Recomputation.objects.filter(pk=recomputation_id).update(parts=parts)
    _finish_if_done(recomputation_id, now)


def finish_part(recomputation_id: int, *, now: datetime) -> None:
    """Note that a part is done; the last one counts the segments."""
    Recomputation.objects.filter(pk=recomputation_id).update(parts_done=F("parts_done") + 1)
    _finish_if_done(recomputation_id, now)


def count_members(*, now: datetime) -> dict[str, int]:
    """Count the people in each active segment and note it beside, and since when it has none; slug → people.

    What is decided at each visit has no members, and no size.
    """
    current = published(configuration_version())
    counted = {key: 0 for key in current.segment_slugs if not current.rules[key].is_contextual}
    rows = StoredVerdict.objects.filter(key__in=list(counted), matches=True)
    counted.update(rows.values_list("key").annotate(people=Count("id")).order_by())
    segments = list(Segment.objects.filter(status=Status.ACTIVE).only("slug", "size", "emptied_at"))
    for segment in segments:
        people = counted.get(segment.slug)
        if people != 0:
            segment.emptied_at = None
        elif segment.size:
            segment.emptied_at = now
        segment.size = people
        segment.size_at = now
    Segment.objects.bulk_update(segments, ["size", "size_at", "emptied_at"], batch_size=200)
    return counted


def sizes_at(moment: datetime, *, progress: Callable[[int], object] | None = None) -> dict[str, int]:
    """How many people each active segment had at `moment`: slug → people. Writes nothing; flat in memory.

    Events later than `moment` do not exist for it, and neither does who was not seen before it. The score is
    worked out as of then; other traits have no history: they are taken as they are now, faded to that moment.
    """
    current = published(configuration_version())
    sizes = {key: 0 for key in current.segment_slugs if not current.rules[key].is_contextual}
    for ids in _chunks(_everybody()):
        first_seen = dict(Visitor.objects.filter(id__in=ids).values_list("id", "first_seen"))
        traits = traits_of(ids)
        for visitor_id, timeline in timelines(ids, purpose=PERSONALIZATION.code):
            until = timeline.until(moment)
            seen = first_seen.get(visitor_id)
            if not len(until) and (seen is None or seen > moment):
                continue
            for key, verdict in judge(current, until, traits.get(visitor_id, {}), moment).items():
                if verdict.matches and key in sizes:
                    sizes[key] += 1
        if progress:
            progress(len(ids))
    return sizes


def count_everybody(*, halved: int = 0) -> int:
    """How many visitors agreed to personalization, or of a part of all as `selectors.people_together` draws it."""
    return (_everybody().filter(id__lt=UUID(int=1 << 128 - halved)) if halved else _everybody()).count()


def _now(now: datetime | None) -> datetime:
    return timezone.now() if now is None else now


def _everybody() -> QuerySet[Visitor]:
    """The visitors who agreed to personalization, in the order of their ids."""
    every = sum(purpose.bit for purpose in PURPOSES)
    masks = [mask for mask in range(every + 1) if mask & PERSONALIZATION.bit]
    return Visitor.objects.filter(purposes__in=masks).order_by("id")


def _chunks(visitors: QuerySet[Visitor], size: int = AT_ONCE) -> Iterator[list[UUID]]:
    """The visitors' ids by and by, each query going on where the last one ended."""
    last: UUID | None = None
    while True:
        rest = visitors if last is None else visitors.filter(id__gt=last)
        ids = list(rest.values_list("id", flat=True)[:size])
        if not ids:
            return
        yield ids
        last = ids[-1]


def _judge_all(visitor_ids: Sequence[UUID], now: datetime | None) -> int:
    """Judge these visitors, whether they are due or not, and make profiles for those who have none."""
    found = look_at(visitor_ids)
    there = {one.visitor_id for one in found}
    missing = [visitor_id for visitor_id in visitor_ids if visitor_id not in there]
    if missing:
        when_unlocked(partial(_make_profiles, missing))
        found += look_at(missing)
    done = judge_claimed(found, _now(now))
    # Whoever acted meanwhile is taken and judged again.
    moved = [one.visitor_id for one in found if one.visitor_id not in done]
    return len(done) + (judge_visitors(moved, now=now, even_if_not_due=True) if moved else 0)


def _make_profiles(missing: Sequence[UUID]) -> None:
    """Make profiles for these who have none. The visitor's row is locked, so nobody is erased meanwhile."""
    with transaction.atomic():
        still = list(_everybody().select_for_update().filter(id__in=missing).values_list("id", flat=True))
        revision = first_revision()
        Profile.objects.bulk_create(
            [Profile(visitor_id=visitor_id, revision=revision) for visitor_id in still], ignore_conflicts=True
        )
        forget(still)


def _finish_if_done(recomputation_id: int, now: datetime) -> None:
    # A part that ran twice is counted twice: the segments are then counted once more when the last one is done.
    done = Recomputation.objects.filter(pk=recomputation_id, parts__isnull=False, parts_done__gte=F("parts"))
    if done.exists():
        count_members(now=now)
        done.update(finished_at=now)
