"""What scoring does when its settings change."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from personalization.profiles.services import publish
from personalization.scoring.models import EngagementScore


@receiver([post_save, post_delete], sender=EngagementScore, dispatch_uid="attune_scoring.publish")
def publish_scoring(**kwargs: Any) -> None:
    """Other weights are a new configuration. Loading a fixture publishes, too."""
    publish()
