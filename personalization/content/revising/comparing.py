"""What changed from one revision to another, field by field, in editors' words. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from personalization.content.mixins import zone_named
from personalization.content.revising.kept import Content, Kept
from personalization.content.revising.words import lines_of, segment_lines


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is not what it was."""

    where: str
    """The row's name, such as a variant's; empty: the thing itself."""
    what: str
    before: str = ""
    after: str = ""


def changes(kept: Kept, before: Content, after: Content) -> list[Change]:
    """Everything that is not the same in both, the thing itself first, then its rows as they come now."""
    return [*_changes(kept, before, after)]


def _changes(kept: Kept, before: Content, after: Content) -> Iterator[Change]:
    fields = [field for field in kept.fields if field.name not in kept.measured]
    yield from _of_row("", fields, before[kept.name], after[kept.name])
    if not (rows := kept.rows):
        return
    earlier = {values[rows.identity]: values for values in before[rows.name]}
    for values in after[rows.name]:
        old = earlier.pop(values[rows.identity], None)
        if old is None:
            yield Change(rows.label(values), _("new"))
        else:
            yield from _of_row(rows.label(values), rows.fields, old, values)
    for values in earlier.values():
        yield Change(rows.label(values), _("taken out"))


def _of_row(
    where: str, fields: Iterable[models.Field[Any, Any]], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    zones = zone_named(before.get("time_zone", "")), zone_named(after.get("time_zone", ""))
    for field in fields:
        if field.name in before and field.name in after:
            for line in lines_of(field, before[field.name], after[field.name], zones=zones):
                yield Change(where, *line)
    for line in segment_lines(before.get("segments"), after.get("segments")):
        yield Change(where, *line)
