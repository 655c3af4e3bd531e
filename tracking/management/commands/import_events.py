"""``manage.py import_events``: brings a file of history in."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from tqdm import tqdm

from tracking.conf import settings
from tracking.importing.errors import ImportRefused, InvalidMapping
from tracking.importing.mapping import Mapping, parse_mapping
from tracking.importing.reading import Bar
from tracking.importing.services import import_events

BUNDLED = Path(__file__).resolve().parents[2] / "importing" / "mappings"


class Command(BaseCommand):
    help = (
        "Import a file of events (CSV, also gzipped, or Parquet) under a mapping file. Run again, it adds nothing;"
        " after an interruption, it goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="The file to import.")
        parser.add_argument(
            "--mapping",
            required=True,
            help="The mapping file, or the name of one that comes along: "
            + ", ".join(sorted(path.stem for path in BUNDLED.glob("*.toml"))),
        )
        parser.add_argument(
            "--shift-to",
            metavar="TIME",
            help="Move the whole history so that its last event lies at this time (default: now). The first run of a"
            " file and mapping fixes the move for all later runs.",
        )
        parser.add_argument(
            "--basis",
            metavar="TEXT",
            help="Why the data may be used for its purposes, instead of what the mapping says.",
        )
        parser.add_argument(
            "--purpose",
            action="append",
            default=[],
            metavar="PURPOSE",
            help="What the data may be used for, instead of what the mapping says; may be given several times.",
        )
        parser.add_argument(
            "--report",
            metavar="CSV",
            help="Where to write the rows that cannot be read (default: <file>.bad-rows.csv in the current folder).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        problem_path = Path(options["report"] or f"{path.name}.bad-rows.csv")
        shift_to = options["shift_to"]

        def bars(title: str, total: int, unit: str) -> AbstractContextManager[Bar]:
            return tqdm(
                desc=title,
                total=total,
                unit=unit,
                unit_scale=True,
                file=self.stderr,
                disable=options["verbosity"] < 1,
                # A log needs no line for every step of a bar.
                mininterval=0.1 if self.stderr.isatty() else 10,
            )

        try:
            report = import_events(
                path,
                mapping=_mapping(str(options["mapping"]), basis=options["basis"], purposes=options["purpose"]),
                now=timezone.now(),
                problem_path=problem_path,
                shift_to=_moment(shift_to) if isinstance(shift_to, str) else shift_to,
                bars=bars,
            )
        except InvalidMapping as invalid:
            raise CommandError(f"The mapping {options['mapping']} is wrong:\n{invalid}") from None
        except ImportRefused as refused:
            raise CommandError(str(refused)) from None
        except KeyboardInterrupt:
            raise CommandError("Interrupted. The same command again goes on where this one stopped.") from None
        for line in report.lines(settings.RETENTION_DAYS):
            self.stdout.write(line)


def _moment(text: str) -> datetime:
    """Read a time; one without a zone is in the site's zone."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(f"{text!r} is no time; write one such as 2026-11-20T12:00:00Z.")
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _mapping(name: str, *, basis: str | None, purposes: Sequence[str]) -> Mapping:
    bundled = BUNDLED / f"{name}.toml"
    path = bundled if bundled.is_file() else Path(name)
    try:
        return parse_mapping(path.read_text(encoding="utf-8"), basis=basis, purposes=purposes)
    except OSError as error:
        known = ", ".join(sorted(one.stem for one in BUNDLED.glob("*.toml")))
        raise CommandError(
            f"The mapping {path} cannot be opened: {error.strerror}."
            f" These come along, and their names are enough: {known}."
        ) from None
    except UnicodeDecodeError:
        raise CommandError(f"The mapping {path} is not UTF-8.") from None
