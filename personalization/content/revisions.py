"""The history of a block: each save is kept whole, to be compared, brought back or copied, or to wait as a draft.

A revision holds what editors decide about the block and its variants. It leaves out what is a switch (live or paused)
and what is counted. Variants keep their ids through drafts and reverts, so that statistics stay theirs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, router, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from personalization.content.conf import conf
from personalization.content.models import Block, Variant
from personalization.content.publishing import must_wait

MOST_REVISIONS: Final = 100
"""So many are kept of a block; of older ones only an open draft."""
MOST_KEY: Final = 80
Content = dict[str, Any]
"""``{"block": {field: value}, "variants": [{"uuid": …, field: value}]}``, as JSON has it."""


class Revision(models.Model):
    """A block as it was, or as somebody proposes it."""

    class State(models.TextChoices):
        PUBLISHED = "published", _("Published")
        DRAFT = "draft", _("Draft")
        DROPPED = "dropped", _("Draft that was replaced or dropped")

    block = models.ForeignKey(Block, on_delete=models.CASCADE, related_name="revisions", verbose_name=_("block"))
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    content = models.JSONField(_("content"), encoder=DjangoJSONEncoder)
    based_on = models.PositiveIntegerField(_("based on"), default=0)
    by = models.CharField(_("by"), max_length=200, blank=True, default="")
    published_by = models.CharField(_("published by"), max_length=200, blank=True, default="")
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        default_permissions = ()
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=["block", "number"], name="attune_content_one_revision"),)

    def __str__(self) -> str:
        return f"{self.block}: {self.number}"


class OutdatedDraft(Exception):
    """The block was changed since the draft was written: publishing it would undo that unseen."""


# --- Reading --------------------------------------------------------------------------------------------------------


def fields_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """What a revision keeps of a row: all that editors decide, but for switches and names that never change."""
    return [
        field
        for field in model._meta.concrete_fields
        if field.editable and not field.primary_key and field.name not in {"key", "status", "block"}
    ]


def snapshot(block: Block) -> Content:
    """The block and its variants as they are stored now."""
    stored = Block.objects.get(pk=block.pk)
    variants = Variant.objects.filter(block=stored).prefetch_related("segments").order_by("order", "id")
    content = {
        "block": _values(stored),
        "variants": [
            {"uuid": str(one.uuid), **_values(one), "segments": sorted(segment.pk for segment in one.segments.all())}
            for one in variants
        ],
    }
    return json.loads(json.dumps(content, cls=DjangoJSONEncoder))  # type: ignore[no-any-return]  # what went in


def last_number(block: Block) -> int:
    """The number of the last revision; 0: none yet. Moves with each save and each draft."""
    return Revision.objects.filter(block=block).aggregate(last=models.Max("number"))["last"] or 0


def published_revision(block: Block) -> Revision | None:
    """What was published last."""
    return Revision.objects.filter(block=block, state=Revision.State.PUBLISHED).first()


def open_draft(block: Block) -> Revision | None:
    """The draft that waits, if one does."""
    return Revision.objects.filter(block=block, state=Revision.State.DRAFT).first()


def why_not_publish(draft: Revision, *, by: str, may_publish: bool) -> str:
    """Why this person cannot publish the draft, for people; empty: they can."""
    if not may_publish:
        return gettext("You may write drafts, not publish them. Ask somebody who may.")
    if conf.PERSONALIZATION_FOUR_EYES and draft.by == by:
        return gettext("You wrote this draft, so somebody else must publish it.")
    return ""


# --- Writing --------------------------------------------------------------------------------------------------------


@transaction.atomic
def note_change_elsewhere(block: Block) -> None:
    """Keep what is stored, if the last revision is not that: code or an import changed it, or there is no history yet.

    Called before a save, so that what it replaces can be brought back.
    """
    if Block.objects.filter(pk=block.pk).exists():
        record_published(block, by="")


@transaction.atomic
def record_published(block: Block, *, by: str) -> Revision | None:
    """Keep the block as it is stored now; None, if nothing changed since the last time."""
    content = snapshot(block)
    before = published_revision(block)
    if before is not None and before.content == content:
        return None
    return _add(block, Revision.State.PUBLISHED, content, by=by)


@transaction.atomic
def save_draft(block: Block, content: Content, *, by: str) -> Revision:
    """Keep a proposal in the place of the one that waits, if one does. Visitors see nothing of it."""
    note_change_elsewhere(block)
    Revision.objects.filter(block=block, state=Revision.State.DRAFT).update(state=Revision.State.DROPPED)
    return _add(block, Revision.State.DRAFT, content, by=by)


@transaction.atomic
def drop_draft(block: Block) -> None:
    """Let the waiting draft be. Its content stays in the history."""
    Revision.objects.filter(block=block, state=Revision.State.DRAFT).update(state=Revision.State.DROPPED)


@transaction.atomic
def publish_draft(draft: Revision, *, by: str, may_publish: bool) -> None:
    """Let visitors see what the draft says.

    Raises:
        PermissionDenied: this person may not; the message says why.
        OutdatedDraft: the block was changed meanwhile, or the draft was replaced, dropped or published.
    """
    block = Block.objects.select_for_update().get(pk=draft.block_id)
    draft.refresh_from_db()  # of two people at once the second waited for the first
    if draft.state != Revision.State.DRAFT:
        raise OutdatedDraft
    if why_not := why_not_publish(draft, by=by, may_publish=may_publish):
        raise PermissionDenied(why_not)
    note_change_elsewhere(block)
    published = published_revision(block)
    if published is not None and published.number > draft.based_on:
        raise OutdatedDraft
    restore(block, draft.content)
    draft.state, draft.number, draft.published_by = Revision.State.PUBLISHED, last_number(block) + 1, by
    draft.at = timezone.now()
    draft.save()


@transaction.atomic
def bring_back(revision: Revision, *, by: str, may_publish: bool) -> Revision | None:
    """Publish an earlier state again, or propose it where somebody else must publish; a new revision either way."""
    block = Block.objects.select_for_update().get(pk=revision.block_id)
    if must_wait(may_publish=may_publish):
        return save_draft(block, revision.content, by=by)
    note_change_elsewhere(block)
    restore(block, revision.content)
    return record_published(block, by=by)


@transaction.atomic
def duplicate(block: Block, *, by: str, may_publish: bool) -> Block:
    """Make a copy with a name of its own, paused, whose variants count from zero."""
    content = snapshot(block)
    for variant in content["variants"]:
        variant["uuid"] = str(uuid4())
    name = gettext("%(name)s (copy)") % {"name": block.name}
    copy = Block.objects.create(key=_free_key(block.key), name=name[:200], status=Block.Status.PAUSED)
    content["block"]["name"] = copy.name
    if must_wait(may_publish=may_publish):
        save_draft(copy, content, by=by)
    else:
        restore(copy, content)
        record_published(copy, by=by)
    return copy


def restore(block: Block, content: Content) -> None:
    """Make the block and its variants what the content says. What is gone meanwhile (a campaign) is left out."""
    block.refresh_from_db()
    _assign(block, content["block"])
    block.save()
    known = {one.uuid: one for one in Variant.objects.filter(block=block)}
    for values in content["variants"]:
        uuid = UUID(values["uuid"])
        variant = known.pop(uuid, None) or Variant(block=block, uuid=uuid)
        _assign(variant, values)
        variant.save()
        variant.segments.set(_existing(variant, values))
    for gone in known.values():
        gone.delete()


def stage(block: Block, content: Content) -> None:
    """The same for a page that shows a draft, in a transaction that is rolled back: nothing is published by it.

    Variants that are in the draft only get negative keys, the same ones each time, which no sequence ever gives out.
    """
    row = Block(pk=block.pk)
    _assign(row, content["block"])
    Block.objects.filter(pk=block.pk).update(**_columns(row))
    known = {one.uuid: one for one in Variant.objects.filter(block=block)}
    through = Variant.segments.through
    for values in content["variants"]:
        uuid = UUID(values["uuid"])
        variant = known.pop(uuid, None)
        if variant is None:
            variant = Variant(pk=-(uuid.int >> 66) - 1, block=block, uuid=uuid)
            _assign(variant, values)
            Variant.objects.bulk_create([variant])
        else:
            _assign(variant, values)
            Variant.objects.filter(pk=variant.pk).update(**_columns(variant))
        _delete_silently(through.objects.filter(variant=variant))
        through.objects.bulk_create(through(variant_id=variant.pk, segment_id=pk) for pk in _existing(variant, values))
    gone = [one.pk for one in known.values()]
    _delete_silently(through.objects.filter(variant__in=gone))
    _delete_silently(Variant.objects.filter(pk__in=gone))


def _delete_silently(rows: models.QuerySet[Any]) -> None:
    rows._raw_delete(router.db_for_write(rows.model))  # no signals: they would publish


def _values(row: models.Model) -> dict[str, Any]:
    return {field.name: field.value_from_object(row) for field in fields_of(type(row))}


def _columns(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in fields_of(type(row))}


def _assign(row: models.Model, values: Mapping[str, Any]) -> None:
    for field in fields_of(type(row)):
        if field.name not in values:  # a field that came with a later version
            continue
        value = values[field.name]
        if isinstance(field, models.ForeignKey):
            value = value if field.related_model._default_manager.filter(pk=value).exists() else None
        elif not isinstance(field, models.JSONField):
            value = field.to_python(value)
        setattr(row, field.attname, value)


def _existing(variant: Variant, values: Mapping[str, Any]) -> Iterable[int]:
    return list(
        type(variant).segments.rel.model._default_manager.filter(pk__in=values["segments"]).values_list("pk", flat=True)
    )


def _add(block: Block, state: Revision.State, content: Content, *, by: str) -> Revision:
    published = published_revision(block)
    revision = Revision.objects.create(
        block=block,
        number=last_number(block) + 1,
        state=state,
        content=content,
        based_on=published.number if published else 0,
        by=by,
        at=timezone.now(),
    )
    old = Revision.objects.filter(block=block, number__lte=revision.number - MOST_REVISIONS)
    old.exclude(state=Revision.State.DRAFT).delete()
    return revision


def _free_key(key: str) -> str:
    taken = set(Block.objects.values_list("key", flat=True))
    number = 1
    while True:
        ending = "-copy" if number == 1 else f"-copy-{number}"
        candidate = f"{key[: MOST_KEY - len(ending)].rstrip('-_')}{ending}"
        if candidate not in taken:
            return candidate
        number += 1
