"""What segments do when something happened elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from personalization.profiles.services import publish
from personalization.scoring.models import EngagementScore
from personalization.segments.models import Segment
from personalization.segments.updating import update_soon
from personalization.segments.wakeups import wake_for
from tracking.models import EventType
from tracking.signals import events_recorded


@receiver(events_recorded, dispatch_uid="attune_segments.wake_workers")
def wake_workers(*, visitor_ids: Collection[UUID], **kwargs: Any) -> None:
    """Have those judged who have just acted."""
    wake_for(visitor_ids)


@receiver([post_save, post_delete], sender=Segment, dispatch_uid="attune_segments.publish_segments")
def publish_segments(*, raw: bool = False, **kwargs: Any) -> None:
    """A segment that was saved or deleted is a new configuration. Loading a fixture publishes, too."""
    publish()


@receiver([post_save, post_delete], sender=EventType, dispatch_uid="attune_segments.publish_event_types")
def publish_event_types(*, raw: bool = False, **kwargs: Any) -> None:
    """Which events a visitor causes decides what timelines hold, and so what the rules find."""
    publish()


@receiver([post_save, post_delete], sender=EngagementScore, dispatch_uid="attune_segments.apply_other_weights")
def apply_other_weights(**kwargs: Any) -> None:
    """Have the workers judge everybody anew; until they have, decisions judge in memory."""
    transaction.on_commit(update_soon, robust=True)
