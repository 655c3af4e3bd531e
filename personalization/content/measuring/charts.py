"""Charts as drawings in the page: no script, no style that a policy would forbid. The table beside it says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.utils.formats import number_format
from django.utils.text import Truncator

from personalization.content.measuring.comparing import Interval

ROW: Final = 32
"""Pixels from one bar to the next."""
LEFT: Final = 34.0
"""Percent of the width for the names."""
WIDTH: Final = 62.0
LONGEST_NAME: Final = 38
TOPS: Final = (0.02, 0.04, 0.08, 0.2, 0.4, 0.8, 1.0)
"""Where scales end."""


class Bar(NamedTuple):
    """One rate with its range."""

    name: str
    rate: float
    interval: Interval
    is_default: bool = False


class Tick(NamedTuple):
    """A number of the scale and where it stands, in percent of the width."""

    at: str
    text: str


class Line(NamedTuple):
    """A bar as it is drawn: places in percent of the width and in pixels from the top."""

    name: str
    low: str
    high: str
    rate: str
    middle: int
    text: int
    is_default: bool


@dataclass(frozen=True)
class IntervalChart:
    """Rates and their ranges on one scale from 0, as numbers out of 100."""

    bars: Sequence[Bar]

    @property
    def height(self) -> int:
        """Pixels, with the scale beneath."""
        return ROW * len(self.bars) + 28

    @property
    def bottom(self) -> int:
        """Where the scale stands."""
        return ROW * len(self.bars)

    @property
    def below(self) -> int:
        """Where its numbers stand."""
        return self.bottom + 18

    @property
    def lines(self) -> list[Line]:
        """The bars from top to bottom."""
        top = self._top
        return [
            Line(
                Truncator(bar.name).chars(LONGEST_NAME),
                place(bar.interval.low, top),
                place(min(bar.interval.high, top), top),
                place(bar.rate, top),
                ROW * number + ROW // 2,
                ROW * number + ROW // 2 + 4,
                bar.is_default,
            )
            for number, bar in enumerate(self.bars)
        ]

    @property
    def ticks(self) -> list[Tick]:
        """Five numbers from 0 on."""
        top = self._top
        decimals = 0 if top >= 0.04 else 1
        return [
            Tick(place(top * part / 4, top), number_format(round(top * part * 25, 1), decimals)) for part in range(5)
        ]

    @property
    def _top(self) -> float:
        return round_up(max(min(bar.interval.high, 1.0) for bar in self.bars))


def place(rate: float, top: float) -> str:
    """Where a rate stands on a scale up to `top`, in percent of the width.

    >>> place(0.0, 0.1), place(0.1, 0.1)
    ('34.00%', '96.00%')
    """
    return f"{LEFT + WIDTH * rate / top:.2f}%"


def round_up(rate: float) -> float:
    """The next rate whose quarters are short numbers out of 100.

    >>> round_up(0.13), round_up(0.031), round_up(0.1), round_up(0.9), round_up(0.0)
    (0.2, 0.04, 0.2, 1.0, 0.02)
    """
    return next(top for top in TOPS if top >= min(rate, 1.0))
