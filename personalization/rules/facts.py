"""What a rule is asked about, and what it answers."""

from collections.abc import Mapping, Set
from datetime import datetime, timedelta
from math import copysign, isfinite
from typing import Any, Final, Protocol, TypeAlias

import msgspec

from tracking.timeline import Timeline, Value

SMALLEST: Final = 5e-324
"""The smallest float above zero: what decays never reaches zero itself."""


class Decaying(msgspec.Struct, frozen=True):
    """A number that halves every `half_life`: it was `value` at the time `at`.

    >>> from datetime import UTC
    >>> score = Decaying(8.0, timedelta(days=1), datetime(2026, 11, 20, tzinfo=UTC))
    >>> score.value_at(datetime(2026, 11, 22, tzinfo=UTC))
    2.0
    """

    value: float
    half_life: timedelta
    at: datetime

    def __post_init__(self) -> None:
        if not isfinite(self.value):
            raise ValueError("A decaying value must be a finite number.")
        if self.half_life <= timedelta(0):
            raise ValueError("A half-life must be longer than nothing.")
        if self.at.tzinfo is None:
            raise ValueError("The time of a decaying value needs a time zone.")

    def value_at(self, now: datetime) -> float:
        """Return what is left at `now`; never quite zero unless it began there."""
        return self.value_after((now - self.at) / self.half_life)

    def value_after(self, half_lives: float) -> float:
        """Return what is left after so many half-lives."""
        try:
            left = float(self.value * 2.0**-half_lives)
        except OverflowError:
            left = copysign(float("inf"), self.value) if self.value else 0.0
        return left or (copysign(SMALLEST, self.value) if self.value else 0.0)


Traits: TypeAlias = Mapping[str, Value | Decaying]


class Discretion(Protocol):
    """Which values reasons do not tell; what matches does not change by it."""

    def hides_trait(self, name: str, value: object) -> bool:
        """Whether this value of the trait is left out."""

    def hides_property(self, name: str) -> bool:
        """Whether the values of this property of events are left out."""


class Facts(msgspec.Struct, frozen=True):
    """All that a rule may know of a visitor; `request` is None while no request is under way.

    Reasons tell every value that was found, as far as `discretion` lets them.
    """

    timeline: Timeline = msgspec.field(default_factory=Timeline)
    traits: Traits = msgspec.field(default_factory=dict)
    segments: Set[str] = frozenset()
    request: Mapping[str, Any] | None = None
    discretion: Discretion | None = None


class Reason(msgspec.Struct, frozen=True):
    """Why a clause does or does not match: what was asked and found, in words, and the clauses inside it."""

    matches: bool
    text: str
    children: tuple["Reason", ...] = ()
    found: str = ""
    """What was found, alone; for those who read beside it in plain words what was asked (`Rule.tell`)."""

    def to_json(self) -> dict[str, Any]:
        """Return the tree as plain JSON data."""
        data: dict[str, Any] = {"matches": self.matches, "text": self.text}
        if self.children:
            data["children"] = [child.to_json() for child in self.children]
        if self.found:
            data["found"] = self.found
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Reason":
        """Return the tree that `to_json` wrote."""
        children = tuple(cls.from_json(child) for child in data.get("children", ()))
        return cls(bool(data["matches"]), str(data["text"]), children, str(data.get("found", "")))

    def lines(self, level: int = 0) -> list[str]:
        """Return the tree as indented lines of text.

        >>> Reason(True, "all of", (Reason(True, "2 of at least 1"),)).lines()
        ['✓ all of', '  ✓ 2 of at least 1']
        """
        mark = "✓" if self.matches else "✗"
        found = [f"{'  ' * level}{mark} {self.text}"]
        for child in self.children:
            found.extend(child.lines(level + 1))
        return found


class Verdict(msgspec.Struct, frozen=True):
    """The answer: the truth now, the first instant at which time alone could change it, and why (if asked for)."""

    matches: bool
    until: datetime | None = None
    reason: Reason | None = None
