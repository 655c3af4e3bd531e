"""`recompute_segments`: apply the rules to everybody now, or tell how large the segments were at a time."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from personalization.segments import services
from personalization.segments.models import Segment, Status
from tracking.selectors import moves_in_time


class Command(BaseCommand):
    """A few lines over the services."""

    help = "Apply the segments' rules to all visitors. With --at: print the sizes as of that time and write nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at", metavar="TIME", help="an ISO time such as 2026-11-20T12:00:00+01:00; no zone: the site's"
        )
        parser.add_argument("--segment", metavar="SLUG", help="print this segment only")

    def handle(self, *args: Any, **options: Any) -> None:
        only: str | None = options["segment"]
        if only and not Segment.objects.filter(slug=only, status=Status.ACTIVE).exists():
            raise CommandError(f"There is no active segment “{only}”.")
        moment = read_time(options["at"]) if options["at"] else None
        shown = sys.stderr.isatty() and options["verbosity"] > 0
        with tqdm(total=services.count_everybody(), unit=" visitors", disable=not shown, leave=False) as bar:
            if moment is None:
                sizes = services.recompute_now(progress=bar.update)
            else:
                sizes = services.sizes_at(moment, progress=bar.update)
        for slug, size in sorted(sizes.items()):
            if only in (None, slug):
                self.stdout.write(f"{slug}\t{size}")
        if only and only not in sizes:
            self.stderr.write(f"“{only}” is decided at each visit and nothing is stored: it has no size.")
        for name, move in moves_in_time():
            self.stderr.write(f"With visitors imported from {name}, whose times were moved by {move}.")


def read_time(text: str) -> datetime:
    """The time that the text names, in the site's zone if it names none.

    Raises:
        CommandError: it names no time.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"“{text}” is no ISO time such as 2026-11-20T12:00:00+01:00.") from error
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
