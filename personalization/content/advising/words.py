"""What variants and schedules say in the admin, in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now

from personalization.content.languages import language_names
from personalization.content.mixins import Scheduled
from personalization.content.models import Variant

NEW_VARIANT: Final = "variant"
"""In the address of a block's page: it opens with a new variant to be filled in."""


def new_variant_url(block_pk: int, place: int) -> str:
    """Where to fill in a new variant that comes after so many others."""
    return f"{reverse('admin:attune_content_block_change', args=[block_pk])}?{NEW_VARIANT}#variants-{place}"


def times_in_words(scheduled: Scheduled) -> str:
    """What a schedule says at this moment, and what it says next."""
    now = timezone.now()
    schedule, zone = scheduled.schedule, scheduled.zone
    changes_at = schedule.next_change(now)
    if changes_at is None:
        return _now("Shown, with no end.") if schedule.is_open(now) else _now("Over.")
    at = date_format(changes_at.astimezone(zone), "DATETIME_FORMAT")
    words = _now("Shown until %(time)s.") if schedule.is_open(now) else _now("Not shown before %(time)s.")
    return words % {"time": f"{at} ({zone.key})"}


def day_in_words(moment: datetime, *, now: datetime) -> str:
    """The day of something that happened, by the clocks of the site; of the last days as people call them."""
    day, today = timezone.localdate(moment), timezone.localdate(now)
    if day >= today:
        return _now("today")
    if day == today - timedelta(days=1):
        return _now("yesterday")
    if day > today - timedelta(days=7):
        return _now("on %(weekday)s") % {"weekday": date_format(day, "l")}
    return _now("on %(date)s") % {"date": date_format(day, "DATE_FORMAT")}


def who_sees(variant: Variant) -> str:
    """Whom a variant is for."""
    languages = f" ({language_names(variant.languages)})" if variant.languages else ""
    sites = f" ({_now('on some sites only')})" if variant.sites else ""
    seen_by = _visitors(variant) + languages + sites
    return _now("only my team, and of it: %(who)s") % {"who": seen_by} if variant.is_on_trial else seen_by


def _visitors(variant: Variant) -> str:
    if variant.audience_kind == Variant.Audience.EVERYBODY:
        return _now("everybody")
    if variant.audience_kind == Variant.Audience.RULE:
        return _now("visitors who match a rule")
    names = ", ".join(segment.name for segment in variant.segments.all())
    if not names:
        return _now("nobody: its segments are gone")
    is_negated = variant.audience_kind == Variant.Audience.NOT_IN
    return _now("visitors not in %(segments)s") % {"segments": names} if is_negated else names
