"""What editors see of a block while they edit or preview its page: all variants side by side, with how many people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from personalization.content.deciding.schedule import Opening
from personalization.content.models import FailingElsewhere, PausedElsewhere
from personalization.djangocms.models import IfSegment, PersonalizedBlock, Variant
from personalization.djangocms.sizes import is_judged, people_in
from tracking.counts import may_see_small_counts, people_in_words


@dataclass(frozen=True)
class Tab:
    """One variant as its editors see it."""

    plugin: Variant
    name: str
    who: str
    people: str
    note: str
    """What keeps everybody from seeing it at this moment; empty if nothing does."""


def is_edited(request: HttpRequest) -> bool:
    """Whether an editor looks at a page's version, and not a visitor at what is published."""
    toolbar: Any = getattr(request, "toolbar", None)
    return bool(toolbar and (toolbar.edit_mode_active or toolbar.preview_mode_active))


def new_place() -> str:
    """An id that is there once: an alias may show a block twice, and the CMS puts in anew what an editor changed."""
    return f"attune-edited-{get_random_string(12)}"


def tabs_of(variants: Iterable[Any], user: AbstractBaseUser | AnonymousUser, *, now: datetime) -> list[Tab]:
    """A tab for each variant, in the order of the page; one query for all segments, and one to count each audience."""
    exact = may_see_small_counts(user)
    known = [variant for variant in variants if isinstance(variant, Variant)]
    prefetch_related_objects(known, "segments", "campaign")
    broken = set(
        FailingElsewhere.objects.filter(
            uuid__in=[variant.uuid for variant in known], broken_at__isnull=False
        ).values_list("uuid", flat=True)
    )
    return [
        Tab(
            variant,
            variant.name,
            variant.who,
            _people(variant, exact=exact),
            _("is switched off after errors") if variant.uuid in broken else _note(variant, now),
        )
        for variant in known
    ]


def is_paused(block: PersonalizedBlock) -> bool:
    """Whether everybody sees what everyone else sees in this block."""
    return PausedElsewhere.objects.filter(key=block.key).exists()


def people_of(part: IfSegment, user: AbstractBaseUser | AnonymousUser) -> str:
    """How many people are in the segment of a part."""
    return _in_words(people_in([part.segment.slug]), exact=may_see_small_counts(user))


def _people(variant: Variant, *, exact: bool) -> str:
    if variant.audience_kind == Variant.Audience.SEGMENTS:
        return _in_words(people_in([segment.slug for segment in variant.segments.all()]), exact=exact)
    if variant.audience_kind in (Variant.Audience.RULE, Variant.Audience.NOT_IN) and is_judged(variant.verdict_key):
        return _in_words(people_in([variant.verdict_key]), exact=exact)
    return ""


def _in_words(people: int | None, *, exact: bool) -> str:
    if people is None:
        return _("decided at each visit")
    return _("people: %(count)s") % {"count": people_in_words(people, exact=exact)}


def _note(variant: Variant, now: datetime) -> str:
    notes = {
        Opening.NOT_YET: _("has not started yet"),
        Opening.OVER: _("is over"),
        Opening.CLOSED: _("shown at other times"),
    }
    if variant.team_only or (variant.campaign is not None and variant.campaign.team_only):
        return _("only your team sees it")
    if variant.campaign is not None and not variant.campaign.published.is_running(now):
        return _("the campaign “%(name)s” is not running") % {"name": variant.campaign}
    return notes.get(variant.schedule.at(now), "")
