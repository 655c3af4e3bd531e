"""What variants and schedules say in the admin, in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _now

from personalization.content.advising.states import Kind, State, state_of
from personalization.content.deciding.blocks import PublishedCampaign
from personalization.content.deciding.schedule import Opening
from personalization.content.languages import language_names
from personalization.content.mixins import Scheduled
from personalization.content.models import Campaign, Variant

NEW_VARIANT: Final = "variant"
"""In the address of a block's page: it opens with a new variant to be filled in."""


def new_variant_url(block_pk: int, place: int) -> str:
    """Where to fill in a new variant that comes after so many others."""
    return f"{reverse('admin:attune_content_block_change', args=[block_pk])}?{NEW_VARIANT}#variants-{place}"


def times_in_words(scheduled: Scheduled, campaigns: Iterable[PublishedCampaign] = ()) -> str:
    """What a schedule says at this moment, and what it says next; what a campaign or its own pause says before that."""
    now = timezone.now()
    schedule, zone = scheduled.schedule, scheduled.zone
    if schedule.at(now) is Opening.OVER and schedule.ends_at is not None:
        return _now("Ended on %(time)s.") % {"time": _at(schedule.ends_at, zone)}
    state = state_of(schedule, list(campaigns), now=now)
    if state.kind in (Kind.OVER, Kind.NEVER, Kind.PAUSED):
        return state_in_words(state)
    if isinstance(scheduled, Campaign) and scheduled.status == Campaign.Status.PAUSED:
        return _now("Nothing of it is shown while it is paused.")
    changes_at = schedule.next_change(now)
    if changes_at is None:
        return _now("Shown, with no end.")
    words = _now("Shown until %(time)s.") if schedule.is_open(now) else _now("Not shown before %(time)s.")
    return words % {"time": _at(changes_at, zone)}


def _at(moment: datetime, zone: ZoneInfo) -> str:
    return f"{date_format(moment.astimezone(zone), 'DATETIME_FORMAT')} ({zone.key})"


def state_in_words(state: State) -> str:
    """Whether something is shown now and, if not, what keeps it back."""
    at = date_format(timezone.localtime(state.at), "DATETIME_FORMAT") if state.at else ""
    words = {
        Kind.SHOWN: _now("Shown now."),
        Kind.LATER: _now("Not shown before %(time)s."),
        Kind.PAUSED: _now("Not shown: the campaign “%(campaign)s” is paused."),
        Kind.FAILING: _now("Switched off after errors."),
        Kind.OVER: _now("Not shown any more: the campaign “%(campaign)s” ended on %(time)s.")
        if state.campaign
        else _now("Ended on %(time)s."),
        Kind.NEVER: _now("Will never be shown: the campaign “%(campaign)s” ends before it begins.")
        if state.campaign
        else _now("Will never be shown: its times have no moment in common."),
    }
    return words[state.kind] % {"time": at, "campaign": state.campaign}


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
