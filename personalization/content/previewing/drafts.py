"""What visitors would see if the drafts that wait were published: for previews that say so."""

from __future__ import annotations

from typing import NamedTuple

from django.db import transaction

from personalization.content.models import Campaign
from personalization.content.published import Published, compile_published
from personalization.content.revising.kept import stage
from personalization.content.revising.revisions import BEGINS, Revision
from personalization.segments.published import Published as PublishedRules
from personalization.segments.published import read_published


class WithDrafts(NamedTuple):
    """The configuration of one version, the drafts that wait in the place of what is live."""

    of: tuple[int, ...]
    """The version, and the keys of the drafts."""
    rules: PublishedRules
    content: Published


_latest: WithDrafts | None = None


def with_drafts(version: int) -> WithDrafts:
    """Compile it, in a transaction that is taken back; kept until something is published or a draft is saved."""
    global _latest
    drafts = list(Revision.objects.filter(state=Revision.State.DRAFT).order_by("pk"))
    of = (version, *(draft.pk for draft in drafts))
    known = _latest
    if known is None or known.of != of:
        with transaction.atomic():
            for draft in drafts:
                stage(draft.thing, draft.content)
                if BEGINS in draft.content:
                    Campaign.objects.filter(pk=draft.thing.pk).update(status=draft.content[BEGINS])
            known = _latest = WithDrafts(of, read_published(version), compile_published(version))
            transaction.set_rollback(True)
    return known


def rules_with_drafts(version: int) -> PublishedRules:
    """The rules alone."""
    return with_drafts(version).rules
