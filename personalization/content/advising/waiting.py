"""Drafts that wait until somebody publishes them: of what, who wrote them, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from personalization.content.advising.overview import Need
from personalization.content.advising.words import day_in_words
from personalization.content.revising.kept import ALL, Kept, kept_of
from personalization.content.revising.publishing import PUBLISH
from personalization.content.revising.revisions import Revision, why_not_publish
from personalization.content.sources import desks


def needs_of_drafts(user: Any, *, now: datetime) -> Iterator[Need]:
    """The drafts that this person may see, those of the admin first, each time the newest first.

    One query, and those of sources beside the admin, however many drafts there are.
    """
    kinds = [kept for kept in ALL if user.has_perm(f"attune_content.view_{kept.model._meta.model_name}")]
    if kinds:
        yield from _of_the_admin(kinds, user, now)
    for desk in desks():
        if user.has_perm(desk.permission_to_view):
            for one in sorted(desk.waiting(user), key=lambda one: one.at, reverse=True):
                yield Need(one.about, _said(one.by, one.at, now), one.url)


def _of_the_admin(kinds: list[Kept], user: Any, now: datetime) -> Iterator[Need]:
    names = [kept.name for kept in kinds]
    seen = reduce(or_, (Q(**{f"{name}__isnull": False}) for name in names))
    drafts = Revision.objects.filter(seen, state=Revision.State.DRAFT).select_related(*names).defer("content")
    may_publish = user.has_perm(PUBLISH)
    for draft in drafts.order_by("-at"):
        thing = draft.thing
        said = _said(draft.by, draft.at, now)
        why_not = why_not_publish(draft, by=user.get_username(), may_publish=may_publish)
        page = reverse(f"admin:attune_content_{kept_of(thing).model._meta.model_name}_change", args=[thing.pk])
        yield Need(str(thing), f"{said} {why_not}".strip(), f"{page}?draft")


def _said(by: str, at: datetime, now: datetime) -> str:
    return _("A draft of %(who)s waits to be published (%(day)s).") % {"who": by, "day": day_in_words(at, now=now)}
