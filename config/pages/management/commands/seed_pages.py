"""Makes the demo's pages of django CMS where they are missing; `demo` calls it."""

from typing import Any

from django.core.management.base import BaseCommand

from config.pages.seeding import seed_pages


class Command(BaseCommand):
    help = "Make and publish the demo's home page and magazine in django CMS, where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        for name in seed_pages():
            self.stdout.write(f"Made the page: {name}")
