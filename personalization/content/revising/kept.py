"""What a history keeps of a thing that visitors see something of: its fields, and the rows that belong to it.

What is a switch (live or paused), what is counted, and names in templates, which never change, are left out; so are
codes of stocks, which are secrets. Rows keep their ids through drafts and reverts, so that statistics stay theirs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, router
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from personalization.content.languages import language_names
from personalization.content.models import (
    Block,
    BlockGroup,
    BlockGroupPlace,
    CallToAction,
    CallToActionOverride,
    Campaign,
    Picture,
    Variant,
)
from personalization.segments.models import Segment

Content = dict[str, Any]
"""``{"block": {field: value}, "variants": [{"uuid": …, field: value}]}``, as JSON has it; so for the others."""
Thing = Block | CallToAction | Campaign | BlockGroup | Picture
_LEFT_OUT: Final = frozenset({"key", "status"})


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that belong to a thing, and are kept with it."""

    model: type[Any]
    parent: str
    """The field that says to what they belong."""
    name: str
    """Under which they lie in a revision."""
    identity: str
    """The field by which a row is the same as before."""
    label: Callable[[Mapping[str, Any]], str]
    """Names a row for editors."""
    has_segments: bool = False
    is_unique: bool = False
    """No two may be for the same: the database looks at each row as it is written."""
    why_not: Callable[[Any, Mapping[str, Any]], str] = lambda thing, values: ""
    """Why a row cannot come back to this thing, for people; empty: it can."""

    @property
    def fields(self) -> list[models.Field[Any, Any]]:
        """What is kept of a row."""
        return _fields_of(self.model, {self.parent, self.identity})


@dataclass(frozen=True, slots=True)
class Kept:
    """One kind of things that have a history."""

    name: str
    """In revisions: their column, and the part of the content that says what the thing itself is."""
    model: type[Any]
    rows: Rows | None = None
    measured: tuple[str, ...] = ()
    """What nobody types, and what belongs to what they do."""
    first: tuple[str, ...] = ("name",)
    """What a new one has before its first draft is published: nothing that visitors could see."""

    @property
    def fields(self) -> list[models.Field[Any, Any]]:
        """What is kept of the thing itself."""
        meta = self.model._meta
        return [*_fields_of(self.model, frozenset()), *(meta.get_field(name) for name in self.measured)]

    @property
    def is_named(self) -> bool:
        """Whether no two have the same name."""
        return bool(self.model._meta.get_field("name").unique)

    @property
    def has_switch(self) -> bool:
        """Whether it can be paused."""
        return any(field.name == "status" for field in self.model._meta.concrete_fields)


def _fields_of(model: type[models.Model], but: Iterable[str]) -> list[models.Field[Any, Any]]:
    return [
        field
        for field in model._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in _LEFT_OUT.union(but)
    ]


# --- The kinds ------------------------------------------------------------------------------------------------------


def _override_label(values: Mapping[str, Any]) -> str:
    segment = Segment.objects.filter(pk=values.get("segment") or 0).first()
    who = str(segment or "") or (_("a rule") if values.get("rule") is not None else "")
    return _("Exception for %(who)s") % {
        "who": " · ".join(filter(None, (who, language_names(values.get("languages", [])))))
    }


def _why_no_override(thing: CallToAction, values: Mapping[str, Any]) -> str:
    segment = values.get("segment")
    if segment is None or Segment.objects.filter(pk=segment).exists():
        return ""
    return _("An exception is left out: its segment was deleted meanwhile.")


def _place_label(values: Mapping[str, Any]) -> str:
    return str(Block.objects.filter(pk=values["block"]).first() or _("a block that was deleted"))


def _why_no_place(thing: BlockGroup, values: Mapping[str, Any]) -> str:
    block = Block.objects.filter(pk=values["block"]).first()
    if block is None:
        return _("A block is left out: it was deleted meanwhile.")
    elsewhere = BlockGroupPlace.objects.filter(block=block).exclude(group_id=thing.pk).select_related("group").first()
    if elsewhere is None:
        return ""
    return _("“%(block)s” is left out: it is in the group “%(group)s” by now.") % {
        "block": block,
        "group": elsewhere.group,
    }


BLOCK: Final = Kept(
    "block",
    Block,
    Rows(Variant, "block", "variants", "uuid", label=lambda values: str(values["name"]), has_segments=True),
    first=("key", "name", "status"),
)
CTA: Final = Kept(
    "cta",
    CallToAction,
    Rows(
        CallToActionOverride,
        "cta",
        "overrides",
        "uuid",
        label=_override_label,
        is_unique=True,
        why_not=_why_no_override,
    ),
    first=("key", "name"),
)
CAMPAIGN: Final = Kept("campaign", Campaign)
GROUP: Final = Kept(
    "group",
    BlockGroup,
    Rows(BlockGroupPlace, "group", "places", "block", label=_place_label, why_not=_why_no_place),
)
PICTURE: Final = Kept("picture", Picture, measured=("width", "height", "narrow_width", "narrow_height", "smaller"))
ALL: Final = (BLOCK, CTA, CAMPAIGN, GROUP, PICTURE)


def kept_of(thing: Thing | type[Thing]) -> Kept:
    """Of which kind a thing is."""
    model = thing if isinstance(thing, type) else type(thing)
    return next(kept for kept in ALL if issubclass(model, kept.model))


# --- Reading --------------------------------------------------------------------------------------------------------


def snapshot(thing: Thing) -> Content:
    """The thing and its rows as they are stored now."""
    kept = kept_of(thing)
    content: Content = {kept.name: _values(kept.model._default_manager.get(pk=thing.pk), kept.fields)}
    if rows := kept.rows:
        content[rows.name] = [
            {rows.identity: _identity(one, rows), **_values(one, rows.fields), **_segments_of(one, rows)}
            for one in _stored(thing, rows)
        ]
    return json.loads(json.dumps(content, cls=DjangoJSONEncoder))  # type: ignore[no-any-return]  # what went in


@dataclass(frozen=True, slots=True)
class Today:
    """A content as it can come back today."""

    content: Content
    notes: list[str]
    """What editors must know about the difference."""
    must_pause: bool = False


def as_of_today(thing: Thing, content: Content) -> Today:
    """The content without what was deleted meanwhile.

    What has bounds never comes back without them: a variant whose campaign, segment, picture or stock is gone is
    switched off, a block without its campaign paused, an exception without its segment left out.
    """
    kept, notes = kept_of(thing), list[str]()
    own, lost = _present(kept.fields, content[kept.name])
    if lost:
        notes.append(_("It is paused: its %(what)s was deleted meanwhile.") % {"what": ", ".join(lost)})
    name = own.get("name")
    if kept.is_named and kept.model._default_manager.filter(name=name).exclude(pk=thing.pk).exists():
        own["name"] = kept.model._default_manager.values_list("name", flat=True).get(pk=thing.pk)
        text = _("It keeps the name “%(name)s”: “%(other)s” is something else by now.")
        notes.append(text % {"name": own["name"], "other": name})
    found: Content = {kept.name: own}
    if rows := kept.rows:
        found[rows.name] = []
        for values in content[rows.name]:
            if why_not := rows.why_not(thing, values):
                notes.append(why_not)
                continue
            row, gone = _row_of_today(rows, values)
            if gone:
                text = _("“%(variant)s” is switched off: its %(what)s was deleted meanwhile.")
                notes.append(text % {"variant": rows.label(values), "what": ", ".join(gone)})
                row["enabled"] = False
            found[rows.name].append(row)
    return Today(found, notes, must_pause=bool(lost))


def _row_of_today(rows: Rows, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    row, gone = _present(rows.fields, values)
    if rows.has_segments:
        found = Segment.objects.filter(pk__in=values["segments"]).values_list("pk", flat=True)
        row["segments"] = sorted(found)
        gone += [_("segment")] if len(row["segments"]) < len(values["segments"]) else []
    return row, gone


def _present(fields: Iterable[models.Field[Any, Any]], values: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The values without what they name and what is not there any more, and the names of these fields."""
    own, gone = dict(values), []
    for field in fields:
        value = values.get(field.name)
        if value is not None and isinstance(field, models.ForeignKey) and not _is_there(field, value):
            own[field.name] = None
            gone.append(str(field.verbose_name))
    return own, gone


def _is_there(field: models.ForeignKey[Any, Any], pk: Any) -> bool:
    return field.related_model._default_manager.filter(pk=pk).exists()


# --- Writing --------------------------------------------------------------------------------------------------------


class FileGone(Exception):
    """A file that the content names is not stored any more; its name is the argument."""


def restore(thing: Thing, content: Content) -> list[str]:
    """Make the thing and its rows what the content says; returns what editors must know about the difference.

    Raises:
        FileGone: a picture's file is not there any more.
    """
    kept = kept_of(thing)
    today = as_of_today(thing, content)
    thing.refresh_from_db()
    _assign(thing, kept.fields, today.content[kept.name])
    _require_files(thing, kept.fields)
    if today.must_pause and isinstance(thing, Block):
        thing.status = Block.Status.PAUSED
    thing.save()
    if rows := kept.rows:
        _restore_rows(thing, rows, today.content[rows.name])
    return today.notes


def _restore_rows(thing: Thing, rows: Rows, wanted: list[dict[str, Any]]) -> None:
    """Where no two may be for the same, all are taken out before any is put in: two may have changed places."""
    known = {_identity(one, rows): one for one in _stored(thing, rows)}
    made = [_made(thing, rows, values, known) for values in wanted]
    for row in known.values():
        row.delete()
    if rows.is_unique:  # they come back under the same keys
        rows.model._default_manager.filter(pk__in=[row.pk for row in made if row.pk]).delete()
    for row, values in zip(made, wanted, strict=True):
        row.save()
        if rows.has_segments:
            row.segments.set(values["segments"])


def stage(thing: Thing, content: Content) -> list[str]:
    """The same for a page that shows a draft, in a transaction that is rolled back: nothing is published by it.

    Rows that are in the draft only get negative keys, the same ones each time, which no sequence ever gives out.
    """
    kept = kept_of(thing)
    today = as_of_today(thing, content)
    own = kept.model(pk=thing.pk)
    _assign(own, kept.fields, today.content[kept.name])
    columns = {field.attname: own.__dict__[field.attname] for field in kept.fields}
    kept.model._default_manager.filter(pk=thing.pk).update(**columns)
    if rows := kept.rows:
        known = {_identity(one, rows): one for one in _stored(thing, rows)}
        stored = [one.pk for one in known.values()]
        made = [_made(thing, rows, values, known) for values in today.content[rows.name]]
        for row in made:
            row.pk = row.pk or _negative(_identity(row, rows))
        through = rows.model.segments.through if rows.has_segments else None
        if through is not None:
            _delete_silently(through._default_manager.filter(variant__in=stored))
        _delete_silently(rows.model._default_manager.filter(pk__in=stored))
        rows.model._default_manager.bulk_create(made)
        if through is not None:
            through._default_manager.bulk_create(
                through(variant_id=row.pk, segment_id=pk)
                for row, values in zip(made, today.content[rows.name], strict=True)
                for pk in values["segments"]
            )
    return today.notes


def first_of(thing: Thing) -> Thing:
    """Store a new thing without what visitors could see of it: that comes when its first draft is published."""
    kept = kept_of(thing)
    first: Thing = kept.model(**{name: getattr(thing, name) for name in kept.first})
    if isinstance(first, Campaign):
        first.status = Campaign.Status.PAUSED  # nothing of it is shown without its bounds
    first.save()
    return first


def _made(thing: Thing, rows: Rows, values: Mapping[str, Any], known: dict[str, Any]) -> Any:
    """The row of these values, taken out of those that are known, or a new one."""
    row = known.pop(str(values[rows.identity]), None)
    if row is None:
        identity = rows.model._meta.get_field(rows.identity)
        row = rows.model(**{rows.parent: thing, identity.attname: identity.to_python(values[rows.identity])})
    _assign(row, rows.fields, values)
    return row


def _stored(thing: Thing, rows: Rows) -> list[Any]:
    found = rows.model._default_manager.filter(**{rows.parent: thing}).order_by("order", "id")
    return list(found.prefetch_related("segments") if rows.has_segments else found)


def _identity(row: Any, rows: Rows) -> str:
    return str(getattr(row, rows.model._meta.get_field(rows.identity).attname))


def _negative(identity: str) -> int:
    return -int(identity) if identity.isdecimal() else -(UUID(identity).int >> 66) - 1


def _segments_of(row: Any, rows: Rows) -> dict[str, list[int]]:
    return {"segments": sorted(segment.pk for segment in row.segments.all())} if rows.has_segments else {}


def _delete_silently(rows: models.QuerySet[Any]) -> None:
    rows._raw_delete(router.db_for_write(rows.model))  # no signals: they would publish


def _values(row: models.Model, fields: Iterable[models.Field[Any, Any]]) -> dict[str, Any]:
    return {field.name: _plain(field.value_from_object(row)) for field in fields}


def _plain(value: Any) -> Any:
    return (value.name or "") if isinstance(value, FieldFile) else value


def _assign(row: models.Model, fields: Iterable[models.Field[Any, Any]], values: Mapping[str, Any]) -> None:
    for field in fields:
        if field.name not in values:  # a field that came with a later version
            continue
        value = values[field.name]
        if isinstance(field, models.FileField):
            row.__dict__[field.attname] = value  # its size is kept, too: nothing is measured anew
        elif isinstance(field, models.ForeignKey | models.JSONField):
            setattr(row, field.attname, value)
        else:
            setattr(row, field.attname, field.to_python(value))


def _require_files(thing: Thing, fields: Iterable[models.Field[Any, Any]]) -> None:
    for field in fields:
        file = getattr(thing, field.name) if isinstance(field, models.FileField) else None
        if file and not file.storage.exists(file.name):
            raise FileGone(file.name)
