"""Durations as rules write them ("90s", "10m", "24h", "30d", "2w") and as people read them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Final

UNITS: Final = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
PATTERN: Final = re.compile(r"([0-9]{1,12})([smhdw])", re.ASCII)


def parse_duration(text: str) -> timedelta | None:
    """Return the duration, or None when the text is none (or is longer than a million days).

    >>> parse_duration("10m")
    datetime.timedelta(seconds=600)
    >>> parse_duration("2w").days
    14
    >>> [parse_duration(text) for text in ("0s", "-1d", "1.5h", "10 m", "", "999999999999w", "10m ")]
    [None, None, None, None, None, None, None]
    """
    found = PATTERN.fullmatch(text)
    if not found:
        return None
    number = int(found[1])
    unit = UNITS[found[2]]
    if not number or number * unit.total_seconds() > 86_400_000_000:
        return None
    return number * unit


def write_duration(duration: timedelta) -> str:
    """Return the shortest way to write a duration of whole seconds.

    >>> [write_duration(timedelta(seconds=s)) for s in (90, 600, 86_400, 1_209_600)]
    ['90s', '10m', '1d', '2w']
    """
    for letter, unit in reversed(UNITS.items()):
        if not duration % unit:
            return f"{duration // unit}{letter}"
    return f"{duration.total_seconds():g}s"


def spell_duration(text: str, _: Callable[[str], str] = str) -> str:
    """Return a duration as a person reads it, in the unit in which it was written.

    >>> spell_duration("10m"), spell_duration("1d")
    ('10 minutes', '1 day')
    """
    number, letter = int(text[:-1]), text[-1]
    words = {
        "s": (_("{number} second"), _("{number} seconds")),
        "m": (_("{number} minute"), _("{number} minutes")),
        "h": (_("{number} hour"), _("{number} hours")),
        "d": (_("{number} day"), _("{number} days")),
        "w": (_("{number} week"), _("{number} weeks")),
    }
    one, many = words[letter]
    return (one if number == 1 else many).format(number=number)
