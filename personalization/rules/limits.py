"""How much a rule may ask for."""

from datetime import timedelta
from typing import Final

import msgspec

LONGEST_DURATION: Final = timedelta(days=36_500)
"""A hundred years: beyond it arithmetic with dates ends, so no caller can allow more."""


class Limits(msgspec.Struct, frozen=True):
    """What the caller allows. The defaults are the language's own limits."""

    levels: int = 8
    conditions: int = 200
    longest_duration: timedelta = LONGEST_DURATION
