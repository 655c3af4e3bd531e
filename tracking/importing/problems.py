"""Where the rows that could not be read go: all of them into a file, the first ones and the counts into memory."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import IO, Final, NamedTuple

SHOWN: Final = 20
COLUMNS: Final = ("line", "reason", "detail")


class Problem(NamedTuple):
    """A row that could not be read: where it begins, why (by which the report counts) and what is wrong with it."""

    line: int
    reason: str
    detail: str


class ProblemFile:
    """A CSV file of problems, made when there is a first one.

    What a row held is not repeated in it: the file it came from has it, and no second copy of it need be kept.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.counts: Counter[str] = Counter()
        self.first: list[Problem] = []
        self._file: IO[str] | None = None

    def add(self, problem: Problem) -> None:
        """Write a problem down."""
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8", newline="")
            csv.writer(self._file).writerow(COLUMNS)
        # What cannot be encoded stands in the detail's quotes; it must not end the import.
        csv.writer(self._file).writerow([problem.line, problem.reason, _printable(problem.detail)])
        self.counts[problem.reason] += 1
        if len(self.first) < SHOWN:
            self.first.append(problem._replace(detail=_printable(problem.detail)))

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
