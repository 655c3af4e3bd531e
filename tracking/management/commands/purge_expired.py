"""Delete what is past its retention, everywhere that visitor data is kept."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from consent.stores import expire_everywhere


class Command(BaseCommand):
    help = "Delete what is past its retention (TRACKING_RETENTION_DAYS for events) in every store of visitor data."

    def handle(self, *args: Any, **options: Any) -> None:
        for store, deleted in expire_everywhere(timezone.now()).items():
            self.stdout.write(f"{store}: {deleted} deleted")
