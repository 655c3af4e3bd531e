"""How sure one may be of shares: intervals, and whether two groups differ by more than chance. Pure.

Shares of people have Wilson's interval (E. B. Wilson, JASA 22, 1927), their difference Newcombe's, which is made of
both (R. G. Newcombe, Statistics in Medicine 17, 1998, method 10). Clicks per view are no shares of independent tries:
one person views often. Their interval is Wilson's as well, over so many views as theirs are worth by the design effect
(L. Kish, Survey Sampling, 1965), which follows from how clicks and views of one person hang together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import Final, NamedTuple

Z: Final = 1.959963984540054
"""Standard deviations that hold 95 of 100."""
ENOUGH_PEOPLE: Final = 100
"""So many must have seen each of two things before they are compared."""
ENOUGH_CLICKED: Final = 10
"""So many must have clicked in the two together."""


class Interval(NamedTuple):
    """From where to where the true share lies, 95 times out of 100."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """So many `hits` among `of`."""

    hits: int
    of: int

    @property
    def rate(self) -> float:
        """Hits of one; 0 where there is nobody.

        >>> Share(4, 100).rate, Share(0, 0).rate
        (0.04, 0.0)
        """
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> Interval:
        """Wilson's interval; everything is possible where there is nobody.

        >>> [round(bound, 4) for bound in Share(4, 100).interval]
        [0.0157, 0.0984]
        """
        return wilson(self.rate, self.of)


def wilson(rate: float, tries: float) -> Interval:
    """Wilson's interval around a share of so many tries, which need be no whole number.

    >>> wilson(0.0, 0)
    Interval(low=0.0, high=1.0)
    """
    if tries <= 0:
        return Interval(0.0, 1.0)
    square = Z * Z / tries
    middle = (rate + square / 2) / (1 + square)
    half = Z * sqrt(rate * (1 - rate) / tries + square / (4 * tries)) / (1 + square)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def per_view(*, people: int, views: int, clicks: int, views_squared: int, both: int, clicks_squared: int) -> Interval:
    """The interval of clicks per view, from sums over people: of views, clicks, their squares and their product.

    >>> alone = per_view(people=100, views=100, clicks=4, views_squared=100, both=4, clicks_squared=4)
    >>> [round(bound, 3) for bound in alone]
    [0.016, 0.099]
    >>> of_few = per_view(people=10, views=100, clicks=4, views_squared=1000, both=40, clicks_squared=16)
    >>> of_few.high > alone.high
    True
    """
    if not views:
        return Interval(0.0, 1.0)
    rate = min(1.0, clicks / views)
    chance = rate * (1 - rate) / views
    if people < 2 or not chance:
        return wilson(rate, people)
    spread = max(0.0, clicks_squared - 2 * rate * both + rate * rate * views_squared)
    variance = people / (people - 1) * spread / (views * views)
    return wilson(rate, views / max(1.0, variance / chance))


def difference(one: Share, other: Share) -> Interval:
    """Newcombe's interval of `one.rate - other.rate`.

    >>> [round(bound, 4) for bound in difference(Share(56, 70), Share(48, 80))]
    [0.0524, 0.3339]
    """
    between = one.rate - other.rate
    low_one, high_one = one.interval
    low_other, high_other = other.interval
    low = between - sqrt((one.rate - low_one) ** 2 + (high_other - other.rate) ** 2)
    high = between + sqrt((high_one - one.rate) ** 2 + (other.rate - low_other) ** 2)
    return Interval(low, high)


class Verdict(StrEnum):
    """What can be said of two shares."""

    NOTHING = "nothing"
    """One of them has nobody."""
    TOO_FEW = "too_few"
    MAY_BE_CHANCE = "may_be_chance"
    MORE = "more"
    LESS = "less"


def compare(one: Share, other: Share) -> Verdict:
    """Say whether `one` is more or less than `other`, if that can be told.

    >>> compare(Share(40, 1000), Share(10, 1000)), compare(Share(40, 1000), Share(35, 1000))
    (<Verdict.MORE: 'more'>, <Verdict.MAY_BE_CHANCE: 'may_be_chance'>)
    >>> compare(Share(9, 90), Share(100, 1000)), compare(Share(0, 0), Share(1, 1))
    (<Verdict.TOO_FEW: 'too_few'>, <Verdict.NOTHING: 'nothing'>)
    """
    if not one.of or not other.of:
        return Verdict.NOTHING
    if min(one.of, other.of) < ENOUGH_PEOPLE or one.hits + other.hits < ENOUGH_CLICKED:
        return Verdict.TOO_FEW
    low, high = difference(one, other)
    if low > 0:
        return Verdict.MORE
    return Verdict.LESS if high < 0 else Verdict.MAY_BE_CHANCE


def out_of(one: float, other: float, *, apart: bool = False) -> tuple[int, int, int]:
    """Two rates as whole numbers out of a round one: out of how many, and both; `apart` if they must not look the same.

    >>> out_of(0.04, 0.03), out_of(0.004, 0.003), out_of(0.0, 0.0)
    ((100, 4, 3), (1000, 4, 3), (100, 0, 0))
    >>> out_of(0.042, 0.039), out_of(0.042, 0.039, apart=True)
    ((100, 4, 4), (1000, 42, 39))
    """
    numbers = (100, 0, 0)
    for base in (100, 1000, 10_000):
        numbers = base, round(one * base), round(other * base)
        if (numbers[1] or numbers[2] or not (one or other)) and (numbers[1] != numbers[2] or not apart):
            break
    return numbers
