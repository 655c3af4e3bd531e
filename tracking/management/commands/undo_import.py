"""``manage.py undo_import``: takes an import back."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tracking.importing.errors import ImportRefused
from tracking.importing.models import Import
from tracking.importing.sharing import sharing_with
from tracking.importing.undoing import undo_import


class Command(BaseCommand):
    help = "Remove the events of an import and the visitors whom only it brought. Run again, it goes on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", type=int, help="The import's number; it stands in the address of its page.")

    def handle(self, *args: Any, **options: Any) -> None:
        record = Import.objects.filter(pk=options["number"]).first()
        sharing = sharing_with(record) if record else []
        try:
            done = undo_import(options["number"], now=timezone.now())
        except ImportRefused as refused:
            there = ", ".join(f"{pk} ({name})" for pk, name in Import.objects.order_by("pk").values_list("pk", "name"))
            raise CommandError(f"{refused} Imports that are there: {there or 'none'}.") from None
        except KeyboardInterrupt:
            raise CommandError("Interrupted. The same command again goes on where this one stopped.") from None
        self.stdout.write(f"{done.events:>12,} events removed")
        self.stdout.write(f"{done.visitors:>12,} visitors removed, whom only this import brought")
        self.stdout.write(f"{done.kept:>12,} visitors stay, who have other events")
        for one in sharing:
            self.stdout.write(f"Run the import of {one.name} again: it had found {one.events:,} of these events there.")
