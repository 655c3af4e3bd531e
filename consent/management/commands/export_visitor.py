"""``manage.py export_visitor``: hands out what is kept about a visitor."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consent.errors import NoVisitor
from consent.rights import all_about, visitor_named


class Command(BaseCommand):
    help = "Print everything that is kept about a visitor, as JSON, for the visitor to read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("visitor", help="The visitor's id, or the value of their cookie attune_visitor.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = all_about(visitor_named(options["visitor"]))
        except NoVisitor as error:
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
