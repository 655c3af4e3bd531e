"""Lists of codes as editors paste or upload them, one a line: read, or refused with the lines' numbers. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from django.utils.translation import gettext as _

LONGEST_CODE: Final = 100
MOST_CODES: Final = 100_000
"""So many are taken at a time."""
_TOLD: Final = 10
"""So many line numbers stand in a message."""


class InvalidCodes(ValueError):
    """The list cannot be taken as it is.

    Args:
        mistakes: each in a sentence, with the numbers of the lines.
    """

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__(" ".join(mistakes))
        self.mistakes = mistakes


def read_codes(text: str, *, existing: Collection[str] = ()) -> list[str]:
    """The codes of a text, one a line; what surrounds them is taken off.

    Args:
        text: as it was pasted or uploaded. Line ends at its end are no codes.
        existing: codes that are there already.

    Raises:
        InvalidCodes: with every kind of mistake.

    >>> read_codes("SPRING-1 \\r\\nSPRING-2\\n")
    ['SPRING-1', 'SPRING-2']
    >>> read_codes("A\\n\\nA\\nB", existing={"B"})
    Traceback (most recent call last):
    personalization.content.codes.lists.InvalidCodes: Line 2 is empty. Line 3 repeats an earlier one. \
The code in line 4 is in the stock already.
    """
    stripped = text.lstrip("\ufeff").rstrip()
    lines = [line.strip() for line in stripped.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    if not stripped:
        return []
    if len(lines) > MOST_CODES:
        raise InvalidCodes([_("Add at most %(most)s codes at a time.") % {"most": f"{MOST_CODES:,}"}])
    blank: list[int] = []
    long: list[int] = []
    repeated: list[int] = []
    there: list[int] = []
    seen: set[str] = set()
    for number, code in enumerate(lines, 1):
        if not code:
            blank.append(number)
        elif len(code) > LONGEST_CODE or not code.isprintable():
            long.append(number)
        elif code in seen:
            repeated.append(number)
        elif code in existing:
            there.append(number)
        seen.add(code)
    told = (
        (blank, _("Line %(lines)s is empty."), _("The lines %(lines)s are empty.")),
        (
            long,
            _("What stands in line %(lines)s is no code: it is too long, or has characters that nobody can type."),
            _("What stands in the lines %(lines)s are no codes: too long, or with characters that nobody can type."),
        ),
        (repeated, _("Line %(lines)s repeats an earlier one."), _("The lines %(lines)s repeat earlier ones.")),
        (
            there,
            _("The code in line %(lines)s is in the stock already."),
            _("The codes in the lines %(lines)s are in the stock already."),
        ),
    )
    mistakes = [
        (one if len(numbers) == 1 else many) % {"lines": _numbers(numbers)} for numbers, one, many in told if numbers
    ]
    if mistakes:
        raise InvalidCodes(mistakes)
    return lines


def _numbers(numbers: Sequence[int]) -> str:
    said = ", ".join(map(str, numbers[:_TOLD]))
    return f"{said} …" if len(numbers) > _TOLD else said
