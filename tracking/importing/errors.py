"""What can go wrong with a whole import; a wrong row is reported and stops nothing.

TrackingError
└── ImportRefused          nothing was read in, or it stopped: the message says why and what to do
    ├── InvalidMapping     the mapping file is wrong; `.errors` lists every mistake as (place, what is wrong)
    └── DamagedFile        the file cannot be read to its end
"""

from collections.abc import Sequence

from tracking.errors import TrackingError


class ImportRefused(TrackingError):
    """The file cannot be imported as asked."""


class InvalidMapping(ImportRefused):
    """The mapping file is wrong. `errors` lists every mistake as (place, what is wrong and what to do)."""

    def __init__(self, errors: Sequence[tuple[str, str]]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(f"{place}: {problem}" for place, problem in self.errors))


class DamagedFile(ImportRefused):
    """The file cannot be read to its end (a cut archive, for example)."""
