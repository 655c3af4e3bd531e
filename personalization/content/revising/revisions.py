"""Histories: each save is kept whole, to be compared, brought back or copied, or to wait as a draft.

What is kept of which thing says `kept`. A revision belongs to one thing, by the column of the thing's kind.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from personalization.content.conf import conf
from personalization.content.models import Block, BlockGroup, CallToAction, Campaign, Picture
from personalization.content.revising.kept import ALL, Content, Thing, kept_of, restore, snapshot
from personalization.content.revising.publishing import must_wait

MOST_REVISIONS: Final = 100
"""So many are kept of a thing; of older ones only an open draft."""
MOST_KEY: Final = 80
BEGINS: Final = "begins"
"""In the draft of a new thing: the status that it has once that is published."""


def _belongs(model: type[models.Model], label: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        model, on_delete=models.CASCADE, related_name="revisions", null=True, blank=True, verbose_name=label
    )


class Revision(models.Model):
    """A thing as it was, or as somebody proposes it."""

    class State(models.TextChoices):
        PUBLISHED = "published", _("Published")
        DRAFT = "draft", _("Draft")
        DROPPED = "dropped", _("Draft that was replaced or dropped")

    block = _belongs(Block, _("block"))
    cta = _belongs(CallToAction, _("call to action"))
    campaign = _belongs(Campaign, _("campaign"))
    group = _belongs(BlockGroup, _("group"))
    picture = _belongs(Picture, _("picture"))
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
        constraints = (
            models.UniqueConstraint(fields=["block", "number"], name="attune_content_one_revision"),
            *(
                models.UniqueConstraint(fields=[name, "number"], name=f"attune_content_one_revision_{name}")
                for name in ("cta", "campaign", "group", "picture")
            ),
        )

    def __str__(self) -> str:
        return f"{self.thing}: {self.number}"

    @property
    def thing(self) -> Thing:
        """What it is a state of."""
        found = (getattr(self, kept.name) for kept in ALL)
        thing: Thing = next(one for one in found if one is not None)
        return thing


class OutdatedDraft(Exception):
    """The thing was changed since the draft was written: publishing it would undo that unseen."""


# --- Reading --------------------------------------------------------------------------------------------------------


def revisions_of(thing: Thing) -> models.QuerySet[Revision]:
    """All that are kept of it, the last one first."""
    return Revision.objects.filter(**{kept_of(thing).name: thing})


def last_number(thing: Thing) -> int:
    """The number of the last revision; 0: none yet. Moves with each save and each draft."""
    return revisions_of(thing).aggregate(last=models.Max("number"))["last"] or 0


def published_revision(thing: Thing) -> Revision | None:
    """What was published last."""
    return revisions_of(thing).filter(state=Revision.State.PUBLISHED).first()


def open_draft(thing: Thing) -> Revision | None:
    """The draft that waits, if one does."""
    return revisions_of(thing).filter(state=Revision.State.DRAFT).first()


def never_began(thing: Thing) -> Revision | None:
    """The last draft of a thing that was never published, waiting or dropped: it says how the thing begins."""
    return revisions_of(thing).filter(content__has_key=BEGINS).first()


def why_not_publish(draft: Revision, *, by: str, may_publish: bool) -> str:
    """Why this person cannot publish the draft, for people; empty: they can."""
    if not may_publish:
        return gettext("You may write drafts, not publish them. Ask somebody who may.")
    if conf.PERSONALIZATION_FOUR_EYES and draft.by == by:
        return gettext("You wrote this draft, so somebody else must publish it.")
    return ""


# --- Writing --------------------------------------------------------------------------------------------------------


@transaction.atomic
def note_change_elsewhere(thing: Thing) -> None:
    """Keep what is stored, if the last revision is not that: code or an import changed it, or there is no history yet.

    Called before a save, so that what it replaces can be brought back.
    """
    if type(thing)._default_manager.filter(pk=thing.pk).exists():
        record_published(thing, by="")


@transaction.atomic
def record_published(thing: Thing, *, by: str) -> Revision | None:
    """Keep the thing as it is stored now; None, if nothing changed since the last time."""
    content = snapshot(thing)
    before = published_revision(thing)
    if by:
        _note_beginning(thing)
    if before is not None and before.content == content:
        return None
    return _add(thing, Revision.State.PUBLISHED, content, by=by)


@transaction.atomic
def save_draft(thing: Thing, content: Content, *, by: str) -> Revision:
    """Keep a proposal in the place of the one that waits, if one does. Visitors see nothing of it."""
    note_change_elsewhere(thing)
    before = never_began(thing)
    if before is not None:
        content = {BEGINS: before.content[BEGINS], **content}
    drop_draft(thing)
    return _add(thing, Revision.State.DRAFT, content, by=by)


@transaction.atomic
def drop_draft(thing: Thing) -> None:
    """Let the waiting draft be. Its content stays in the history."""
    revisions_of(thing).filter(state=Revision.State.DRAFT).update(state=Revision.State.DROPPED)


@transaction.atomic
def publish_draft(draft: Revision, *, by: str, may_publish: bool) -> list[str]:
    """Let visitors see what the draft says; returns what editors must know, as `kept.restore`.

    Raises:
        PermissionDenied: this person may not; the message says why.
        OutdatedDraft: the thing was changed meanwhile, or the draft was replaced, dropped or published.
        FileGone: a picture's file is not stored any more.
    """
    thing = _locked(draft.thing)
    draft.refresh_from_db()  # of two people at once the second waited for the first
    if draft.state != Revision.State.DRAFT:
        raise OutdatedDraft
    if why_not := why_not_publish(draft, by=by, may_publish=may_publish):
        raise PermissionDenied(why_not)
    note_change_elsewhere(thing)
    published = published_revision(thing)
    if published is not None and published.number > draft.based_on:
        raise OutdatedDraft
    notes = restore(thing, draft.content)
    _begin(thing)
    draft.content = snapshot(thing)
    draft.state, draft.number, draft.published_by = Revision.State.PUBLISHED, last_number(thing) + 1, by
    draft.at = timezone.now()
    draft.save()
    return notes


@transaction.atomic
def publish_content(thing: Thing, content: Content, *, by: str) -> list[str]:
    """Let visitors see this at once, in the place of the draft; returns and raises what `kept.restore` does."""
    note_change_elsewhere(thing)
    notes = restore(thing, content)
    _begin(thing)
    record_published(thing, by=by)
    drop_draft(thing)
    return notes


@transaction.atomic
def bring_back(revision: Revision, *, by: str, may_publish: bool) -> list[str]:
    """Publish an earlier state again, or propose it where somebody else must publish; a new revision either way.

    Returns what editors must know, as `kept.restore`; it raises what that raises.
    """
    thing = _locked(revision.thing)
    if must_wait(may_publish=may_publish):
        save_draft(thing, {name: part for name, part in revision.content.items() if name != BEGINS}, by=by)
        return []
    note_change_elsewhere(thing)
    notes = restore(thing, revision.content)
    record_published(thing, by=by)
    return notes


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


def _begin(thing: Thing) -> None:
    draft = never_began(thing)
    if isinstance(thing, Campaign) and draft is not None:
        thing.status = draft.content[BEGINS]
        thing.save(update_fields=["status"])
    _note_beginning(thing)


def _note_beginning(thing: Thing) -> None:
    """From here on its switch says whether it runs, whatever becomes of its drafts."""
    for draft in revisions_of(thing).filter(content__has_key=BEGINS):
        del draft.content[BEGINS]
        draft.save(update_fields=["content"])


def _locked(thing: Thing) -> Thing:
    found: Thing = kept_of(thing).model._default_manager.select_for_update().get(pk=thing.pk)
    return found


def _add(thing: Thing, state: Revision.State, content: Content, *, by: str) -> Revision:
    published = published_revision(thing)
    revision = Revision.objects.create(
        **{kept_of(thing).name: thing},
        number=last_number(thing) + 1,
        state=state,
        content=content,
        based_on=published.number if published else 0,
        by=by,
        at=timezone.now(),
    )
    old = revisions_of(thing).filter(number__lte=revision.number - MOST_REVISIONS)
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
