"""Where the rows that could not be read go: all of them into a file, the first ones and the counts into memory."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import IO, Final, NamedTuple

SHOWN: Final = 20
LONGEST_DETAIL: Final = 300
COLUMNS: Final = ("line", "reason", "detail")


class Problem(NamedTuple):
    """A row that could not be read: where it begins, why (by which the report counts) and what is wrong with it."""

    line: int
    reason: str
    detail: str


class ProblemFile:
    """A CSV file of problems, made when there is a first one.

    Of a row it repeats no more than the value that is wrong: the rest stands in the file that was read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.counts: Counter[str] = Counter()
        self.first: list[Problem] = []
        self._file: IO[str] | None = None

    def add(self, problem: Problem) -> None:
        """Write a problem down."""
        problem = problem._replace(detail=_printable(problem.detail))
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8", newline="")
            csv.writer(self._file).writerow(COLUMNS)
        csv.writer(self._file).writerow(problem)
        self.counts[problem.reason] += 1
        if len(self.first) < SHOWN:
            self.first.append(problem)

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()
            self._file = None


def _printable(text: str) -> str:
    """What is wrong may be of any length and hold anything; writing it down must not end the import."""
    text = text if len(text) <= LONGEST_DETAIL else f"{text[:LONGEST_DETAIL]} …"
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\0")
