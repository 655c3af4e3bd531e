"""Pausing, resuming and ending, effective from the next request on."""

from datetime import datetime

from django.db import transaction

from personalization.content.models import Block, Campaign, PausedElsewhere, PausedEverything


@transaction.atomic
def pause_everything(*, by: str) -> None:
    """Let everybody see what everyone else sees, in all blocks and calls to action. Idempotent."""
    PausedEverything.objects.get_or_create(pk=1, defaults={"by": by})


@transaction.atomic
def resume_everything() -> None:
    """Take that back. Idempotent."""
    PausedEverything.objects.all().delete()


def pause(paused: Block | Campaign) -> None:
    """Let everybody see what everyone else sees, in this block or in all that belongs to this campaign."""
    paused.status = type(paused).Status.PAUSED
    _save_status(paused)


def resume(paused: Block | Campaign) -> None:
    """Take that back."""
    paused.status = type(paused).Status.LIVE
    _save_status(paused)


def end(campaign: Campaign, *, at: datetime) -> None:
    """Let nothing of this campaign be shown from this moment on."""
    campaign.ends_at = at
    campaign.save(update_fields=["ends_at"])


def pause_elsewhere(key: str) -> None:
    """Let everybody see what everyone else sees, in this block of a source. Idempotent."""
    PausedElsewhere.objects.get_or_create(key=key)


def resume_elsewhere(key: str) -> None:
    """Take that back. Idempotent."""
    for paused in PausedElsewhere.objects.filter(key=key):
        paused.delete()


def _save_status(paused: Block | Campaign) -> None:
    # Nothing else: whoever edits it at the same moment keeps what they changed.
    paused.save(update_fields=["status", "updated_at"] if isinstance(paused, Block) else ["status"])
