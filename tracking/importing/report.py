"""What an import did, in numbers and in words. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from tracking.importing.problems import SHOWN, Problem

NAMES: Final = 100
"""How many names of events that are not measured are counted: a wrong column has as many as rows."""

LONGEST_NAME: Final = 100


@dataclass(slots=True)
class Report:
    """What became of the rows of a file. Every row is counted once: added, there already, or why it was not taken."""

    source: str
    basis: str
    purposes: Sequence[str]
    last_event_at: datetime
    shift: timedelta
    shift_fixed_at: datetime | None = None
    resumed_after: int = 0
    read: int = 0
    added: int = 0
    already_there: int = 0
    repeated: int = 0
    left_out: int = 0
    beyond_retention: int = 0
    withdrawn: int = 0
    bad: Counter[str] = field(default_factory=Counter)
    undeclared: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    problems: Sequence[Problem] = ()
    problem_path: Path | None = None

    def count_unknown(self, name: str) -> None:
        """Count an event that is not measured here by its name, as long as there are few of them."""
        if name in self.unknown or len(self.unknown) < NAMES:
            self.unknown[name[:LONGEST_NAME]] += 1

    def counts(self) -> dict[str, Any]:
        """The numbers, as they are kept with the import."""
        return {
            "read": self.read,
            "added": self.added,
            "already_there": self.already_there,
            "repeated": self.repeated,
            "left_out": self.left_out,
            "beyond_retention": self.beyond_retention,
            "withdrawn": self.withdrawn,
            "bad": dict(sorted(self.bad.items())),
            "undeclared": dict(sorted(self.undeclared.items())),
            "unknown": dict(sorted(self.unknown.items())),
        }

    def lines(self, retention_days: int) -> Iterator[str]:
        """The report as people read it."""
        yield f"Source: {self.source}"
        yield f"Basis: {self.basis}"
        yield f"May be used for: {', '.join(self.purposes)}"
        yield f"Times moved by {shift_in_words(self.shift)}:"
        yield f"  the last event, at {self.last_event_at.isoformat()}, now lies at"
        yield f"  {(self.last_event_at + self.shift).isoformat()}."
        if self.shift_fixed_at is not None:
            yield f"  The first import of this file with this mapping ({self.shift_fixed_at.isoformat()}) fixed that."
        if self.resumed_after:
            yield f"Went on after row {self.resumed_after:,}, where a run was interrupted; the numbers cover all runs."
        yield f"{self.read:>12,} rows read"
        yield f"{self.added:>12,} events added"
        yield f"{self.already_there:>12,} were there already"
        if self.repeated:
            yield f"{self.repeated:>12,} repeat an identical row before them"
        if self.left_out:
            yield f"{self.left_out:>12,} left out by the mapping"
        yield f"{self.beyond_retention:>12,} lie beyond retention ({retention_days} days, by the moved time)"
        if self.withdrawn:
            yield f"{self.withdrawn:>12,} are of visitors who have withdrawn their consent since"
        yield f"{self.bad.total():>12,} rows could not be read"
        for reason, count in sorted(self.bad.items()):
            yield f"{count:>16,} {reason}"
            if reason == "unknown event":
                for name, times in sorted(self.unknown.items()):
                    yield f"{times:>20,} {name}"
        for problem in self.problems:
            yield f"  line {problem.line}: {problem.reason}: {problem.detail}"
        if self.problem_path is not None:
            more = self.bad.total() - SHOWN
            yield f"  {f'and {more:,} more: ' if more > 0 else ''}all of them are in {self.problem_path}"
        for name, count in sorted(self.undeclared.items()):
            yield f"Property {name} dropped {count:,} times: the event does not take it."


def shift_in_words(shift: timedelta) -> str:
    """Return how far times were moved.

    >>> shift_in_words(timedelta(days=-2, hours=1))
    '-1 days, 23:00:00'
    >>> shift_in_words(timedelta(days=6000, microseconds=7))
    '+6000 days, 0:00:00.000007'
    """
    sign = "-" if shift < timedelta(0) else "+"
    size = abs(shift)
    return f"{sign}{size.days} days, {timedelta(seconds=size.seconds, microseconds=size.microseconds)}"
