"""What changed from one revision of a block to another, field by field, in editors' words. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from personalization.content.fields import RichTextField
from personalization.content.models import Block, Variant
from personalization.content.revisions import Content, fields_of
from personalization.segments.admin import sentence
from personalization.segments.fields import RuleField
from personalization.segments.models import Segment

MOST_TEXT: Final = 600
"""Characters of a text that a comparison shows."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is not what it was."""

    where: str
    """The variant's name; empty: the block."""
    what: str
    before: str = ""
    after: str = ""


def changes(before: Content, after: Content) -> list[Change]:
    """Everything that is not the same in both, the block first, then variants as they come now."""
    names = dict(Segment.objects.values_list("pk", "name"))
    return [*_changes(before, after, names)]


def _changes(before: Content, after: Content, names: dict[int, str]) -> Iterator[Change]:
    yield from _of_row("", Block, before["block"], after["block"], names)
    earlier = {values["uuid"]: values for values in before["variants"]}
    for values in after["variants"]:
        old = earlier.pop(values["uuid"], None)
        if old is None:
            yield Change(values["name"], _("new variant"))
        else:
            yield from _of_row(values["name"], Variant, old, values, names)
    for values in earlier.values():
        yield Change(values["name"], _("variant taken out"))


def _of_row(
    where: str, model: type[models.Model], before: dict[str, Any], after: dict[str, Any], names: dict[int, str]
) -> Iterator[Change]:
    for field in fields_of(model):
        old, new = before.get(field.name), after.get(field.name)
        if field.name in before and field.name in after and old != new:
            yield Change(where, capfirst(str(field.verbose_name)), _in_words(field, old), _in_words(field, new))
    old, new = before.get("segments"), after.get("segments")
    if old != new:
        yield Change(where, _("Segments"), *(", ".join(names.get(pk, "?") for pk in one or ()) for one in (old, new)))


def _in_words(field: models.Field[Any, Any], value: Any) -> str:
    """A value as editors read it.

    >>> _in_words(models.BooleanField(), True), _in_words(models.CharField(), None)
    ('Yes', '–')
    """
    if value in (None, "", [], {}):
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, RuleField):
        return sentence(value)
    if isinstance(field, RichTextField):
        return Truncator(" ".join(strip_tags(str(value).replace("<", " <")).split())).chars(MOST_TEXT)
    if isinstance(field, models.ForeignKey):
        return str(field.related_model._default_manager.filter(pk=value).first() or "?")
    if isinstance(field, models.DateTimeField) and (moment := parse_datetime(str(value))):
        return date_format(localtime(moment), "DATETIME_FORMAT")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return Truncator(str(value)).chars(MOST_TEXT)
