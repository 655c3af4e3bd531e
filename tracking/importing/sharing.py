"""Events that imports have in common: one brought them, others found them there and count on them.

An event belongs to the import that brought it, with what its mapping and its basis allow, and goes when that is undone.
Another import's mapping may say something else of the same row, so it does not take such events over: it is to be run
again, which brings them back as its own mapping says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Count

from tracking.importing.models import Import
from tracking.models import StoredEvent

KEY: Final = "found_again"
"""Among the counts of an import: of which other imports it found events, their names, and how many."""


class Shared(NamedTuple):
    """An import and how many events it has in common with the one in question."""

    import_id: int
    name: str
    events: int


def owners_of(event_ids: Collection[UUID]) -> Counter[int | None]:
    """How many of these events each import brought; None for what happened here."""
    if not event_ids:
        return Counter()
    owners = StoredEvent.objects.filter(pk__in=event_ids).order_by().values_list("imported_from")
    return Counter(dict(owners.annotate(Count("pk"))))


def found_again(counts: Mapping[str, Any]) -> list[Shared]:
    """Of which imports this one found events when it was last run."""
    return [Shared(int(key), one["name"], one["events"]) for key, one in counts.get(KEY, {}).items()]


def with_found(before: Mapping[str, Any], owners: Counter[int]) -> dict[str, dict[str, Any]]:
    """What is kept of `owners`: no less than was known `before`."""
    known = {one.import_id: one.events for one in found_again({KEY: before})}
    names = dict(Import.objects.filter(pk__in=owners).values_list("pk", "name"))
    kept = dict(before)
    for import_id, events in owners.items():
        name = names.get(import_id, f"#{import_id}")  # undone this very moment
        kept[str(import_id)] = {"name": name, "events": max(events, known.get(import_id, 0))}
    return kept


def sharing_with(record: Import) -> list[Shared]:
    """The other imports that found events of this one there and count on them, by name."""
    found = [
        Shared(other.pk, other.name, one.events)
        for other in Import.objects.exclude(pk=record.pk).order_by("name", "pk").only("name", "counts")
        for one in found_again(other.counts)
        if one.import_id == record.pk
    ]
    return [one for one in found if one.events]


def undone_since(record: Import) -> list[Shared]:
    """The imports whose events this one had found there, and which are undone by now: it is to be run again."""
    found = found_again(record.counts)
    here = set(
        Import.objects.filter(pk__in=[one.import_id for one in found], undo_began_at=None).values_list("pk", flat=True)
    )
    return [one for one in found if one.import_id not in here]
