"""What measuring does by the clock. Each may run twice, or late."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from consent import stores
from tracking import retention


@shared_task(ignore_result=True)
def purge_expired() -> None:
    """Let every store of visitor data delete what is past its retention."""
    stores.expire_everywhere(timezone.now())


@shared_task(ignore_result=True)
def ensure_partitions() -> None:
    """Make the coming months' partitions of the events table."""
    retention.ensure_partitions(timezone.now())
