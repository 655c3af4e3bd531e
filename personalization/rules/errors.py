"""What can be wrong with a rule, said so that its author can put it right.

ValueError
└── InvalidRule     the data is not a rule; `.errors` lists every mistake at its place
"""

from collections.abc import Iterable
from typing import NamedTuple


class Mistake(NamedTuple):
    """One mistake: where it is (`$.all[1].within`), what was found there and what is allowed."""

    place: str
    found: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.place}: found {self.found}; allowed: {self.allowed}"


class InvalidRule(ValueError):  # the name that documents promise
    """The data is not a rule. `errors` holds every mistake in it, in the order of the data."""

    def __init__(self, errors: Iterable[Mistake]) -> None:
        self.errors: tuple[Mistake, ...] = tuple(errors)
        super().__init__("\n".join(str(error) for error in self.errors))
