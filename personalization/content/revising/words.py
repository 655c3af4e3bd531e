"""What a revision keeps of a field, in the words of the form: labels, names, ticked or not, a line a language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import time
from pathlib import PurePosixPath
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.db import models
from django.utils.dateparse import parse_datetime, parse_time
from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.formats import date_format, time_format
from django.utils.html import strip_tags
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from personalization.content.bodies.forms import KEPT, BodyForm
from personalization.content.conf import conf
from personalization.content.deciding.schedule import WEEKDAYS
from personalization.content.fields import RichTextField
from personalization.content.languages import language_names
from personalization.content.sites import own_sites
from personalization.segments.admin import sentence
from personalization.segments.fields import RuleField
from personalization.segments.models import Segment

MOST_TEXT: Final = 600
"""Characters of a text that a comparison shows."""
NOTHING: Final = "–"
Line = tuple[str, str, str]
"""What changed, before, and after."""


def lines_of(field: models.Field[Any, Any], old: Any, new: Any, *, zones: tuple[ZoneInfo, ZoneInfo]) -> Iterator[Line]:
    """What changed in a field: of one that holds several things, a line for each of them.

    Args:
        field: which.
        old: as it was.
        new: as it is.
        zones: by whose clocks dates were given then, and are now.
    """
    label = capfirst(str(field.verbose_name))
    if old == new:
        return
    if field.name == "content":
        yield from _of_content(_mapping(old), _mapping(new))
    elif field.name == "alt":
        yield from _by_language(label, _mapping(old), _mapping(new))
    elif isinstance(field, RichTextField):
        yield label, *_of_texts(old, new)
    else:
        yield label, in_words(field, old, zone=zones[0]), in_words(field, new, zone=zones[1])


def segment_lines(old: list[int] | None, new: list[int] | None) -> Iterator[Line]:
    """What changed in the segments of a variant."""
    if old != new:
        names = dict(Segment.objects.values_list("pk", "name"))
        before, after = (", ".join(names.get(pk, _("one that was deleted")) for pk in one or ()) for one in (old, new))
        yield _("Segments"), before or NOTHING, after or NOTHING


def in_words(field: models.Field[Any, Any], value: Any, *, zone: ZoneInfo) -> str:
    """A value as editors read it; dates by the clocks of the zone.

    >>> utc = ZoneInfo("UTC")
    >>> in_words(models.BooleanField(), True, zone=utc), in_words(models.CharField(), None, zone=utc)
    ('Yes', '–')
    """
    if value in (None, "", [], {}):
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(field, RuleField):
        return sentence(value)
    if isinstance(field, models.ForeignKey):
        return str(field.related_model._default_manager.filter(pk=value).first() or _("one that was deleted"))
    if isinstance(field, models.FileField):
        return PurePosixPath(str(value)).name
    if isinstance(field, models.DateTimeField) and (moment := parse_datetime(str(value))):
        return f"{date_format(moment.astimezone(zone), 'DATETIME_FORMAT')} ({zone.key})"
    if isinstance(field, models.TimeField) and isinstance(clock := parse_time(str(value)), time):
        return time_format(clock, "TIME_FORMAT")
    if named := _BY_NAME.get(field.name):
        return named(value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return Truncator(str(value)).chars(MOST_TEXT)


def _site_names(value: Any) -> str:
    names = own_sites()
    return ", ".join(names.get(pk, _("one that was deleted")) for pk in value)


def _day_names(value: Any) -> str:
    return ", ".join(str(WEEKDAY_NAMES[WEEKDAYS.index(day)]) for day in value if day in WEEKDAYS)


def _layout_name(value: Any) -> str:
    return str(conf.PERSONALIZATION_VARIANT_TEMPLATES.get(value, value))


_BY_NAME: Final[Mapping[str, Callable[[Any], str]]] = {
    "languages": language_names,
    "sites": _site_names,
    "weekdays": _day_names,
    "template_name": _layout_name,
}


def _of_texts(old: Any, new: Any) -> tuple[str, str]:
    """The texts; where only their markup differs, such as the target of a link, that."""
    before, after = (" ".join(strip_tags(str(text or "").replace("<", " <")).split()) or NOTHING for text in (old, new))
    if before == after:
        before, after = str(old or NOTHING), str(new or NOTHING)
    return Truncator(before).chars(MOST_TEXT), Truncator(after).chars(MOST_TEXT)


def _of_content(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Line]:
    """What a kind of body puts down: each under the label of its row in the form."""
    known = [name for name in KEPT if name in old or name in new]
    for name in [*known, *sorted((old.keys() | new.keys()) - set(known))]:
        if old.get(name) != new.get(name):
            row = BodyForm.base_fields.get(name)
            label = str(row.label) if row is not None and row.label else name
            yield label, _of_row(row, old.get(name)), _of_row(row, new.get(name))


def _of_row(row: forms.Field | None, value: Any) -> str:
    if isinstance(row, forms.BooleanField):
        return _("Yes") if value else _("No")
    if value in (None, ""):
        return NOTHING
    choices = dict(row.choices) if isinstance(row, forms.ChoiceField) else {}  # type: ignore[arg-type]  # pairs
    return Truncator(str(choices.get(value, value))).chars(MOST_TEXT)


def _by_language(label: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Line]:
    names = dict(settings.LANGUAGES)
    for code in [
        *(code for code in names if code in old or code in new),
        *sorted((old.keys() | new.keys()) - set(names)),
    ]:
        if old.get(code) != new.get(code):
            where = f"{label} ({_(str(names.get(code, code)))})"
            yield where, str(old.get(code) or NOTHING), str(new.get(code) or NOTHING)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
