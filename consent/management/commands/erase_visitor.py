"""``manage.py erase_visitor``: deletes what is kept about a visitor."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from consent.errors import NoVisitor
from consent.rights import erase, visitor_named


class Command(BaseCommand):
    help = "Delete everything that is kept about a visitor, as if they had withdrawn every consent themselves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("visitor", help="The visitor's id, or the value of their cookie attune_visitor.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            erased = erase(visitor_named(options["visitor"]), now=timezone.now())
        except NoVisitor as error:
            raise CommandError(str(error)) from None
        for store, deleted in erased.items():
            self.stdout.write(f"{store}: {deleted} deleted")
        if not any(erased.values()):
            self.stdout.write("Nothing was kept about this visitor. Cookies that name them are worth nothing any more.")
