"""From a record of the file to what it says happened, or to why it cannot be read. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Table
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from tracking.importing.mapping import EPOCH_FORMATS, Clock, Field, Mapping, Scalar
from tracking.importing.records import Cell
from tracking.timeline import Page, Value

WHOLE: Final = re.compile(r"[+-]?[0-9]{1,15}")
SINCE_1970: Final = re.compile(r"[+-]?[0-9]{1,18}")
NUMBER: Final = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
TRUE: Final = frozenset({"true", "1", "yes", "t", "y"})
FALSE: Final = frozenset({"false", "0", "no", "f", "n"})
LONGEST_TEXT: Final = 2000
LONGEST_ORDER: Final = 1_000_000
DEVICES: Final = frozenset({"mobile", "tablet", "desktop"})

Convert = Callable[[str], Scalar]


class BadRow(Exception):
    """This row cannot be read. `reason` is what the report counts by, `detail` what is wrong with this one."""

    def __init__(self, reason: str, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}")


class UnknownEvent(BadRow):
    """What happened, by the `name` that the row gives it, is not measured here."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__("unknown event", f"{name!r} is no event that is measured here")


class Row(NamedTuple):
    """What one row says. With an `order`, `moment` is only the day; `undeclared` names what its event does not take."""

    name: str
    visitor: str
    session: str
    moment: datetime
    order: int | None
    page: Page
    properties: dict[str, Value]
    undeclared: tuple[str, ...]
    device: str = ""


class RowReader:
    """Reads the rows of one file under its mapping.

    `declared` tells, of every known event name, which properties it takes.
    """

    def __init__(self, mapping: Mapping, columns: Sequence[str], declared: Table[str, frozenset[str]]) -> None:
        at = {column: index for index, column in enumerate(columns)}
        self._declared = declared
        self._event = mapping.event
        self._event_at = None if mapping.event.column is None else at[mapping.event.column]
        self._session_at = None if mapping.session is None else at[mapping.session]
        self._visitor_at = self._session_at if mapping.visitor is None else at[mapping.visitor]
        self._order_at = None if mapping.time.order is None else at[mapping.time.order]
        self._time_at = tuple(at[column] for column in mapping.time.columns)
        # Rows of one instant lie together: reading a time costs more than the rest of the row.
        self._moment = lru_cache(maxsize=4096)(moment_reader(mapping.time))
        self._page = tuple((name, _value_reader(name, field, at, ".")) for name, field in mapping.page.items())
        self._device = None if mapping.device is None else _value_reader("device", mapping.device, at, ".")
        self._properties = tuple(
            (name, _value_reader(name, field, at, mapping.decimal)) for name, field in mapping.properties.items()
        )

    def read(self, fields: Sequence[Cell]) -> Row | None:
        """Return what the row says, or None when the mapping leaves such rows out; `BadRow` when it cannot be read."""
        name = self._event.constant
        if self._event_at is not None:
            value = _single(fields[self._event_at])
            if value in self._event.leave_out or (self._event.only and value not in self._event.only):
                return None
            name = self._event.values.get(value, value)
        declared = self._declared.get(name)
        if declared is None:
            raise UnknownEvent(name)
        session = "" if self._session_at is None else _single(fields[self._session_at]).strip()
        visitor = "" if self._visitor_at is None else _single(fields[self._visitor_at]).strip()
        if not visitor:
            raise BadRow("no visitor", "the column that tells visitors apart is empty")
        order = None
        if self._order_at is not None:
            order = _order(_single(fields[self._order_at]))
            if not session:
                raise BadRow("no session", "the session's column is empty")
        moment = self._moment(" ".join([_single(fields[index]) for index in self._time_at]))
        properties: dict[str, Value] = {}
        undeclared: list[str] = []
        for key, read in self._properties:
            found = read(fields)
            if found is None:
                continue
            if key in declared:
                properties[key] = found
            else:
                undeclared.append(key)
        page = Page(**{key: _single_value(found) for key, read in self._page if (found := read(fields)) is not None})
        device = "" if self._device is None else _single_value(self._device(fields) or "")
        return Row(
            name,
            visitor,
            session,
            moment,
            order,
            page,
            properties,
            tuple(undeclared),
            device if device in DEVICES else "",
        )


def _single(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    raise BadRow("value", f"there are {len(cell)} values where one is expected")


def _single_value(value: Value) -> str:
    if not isinstance(value, list):
        return str(value)
    raise BadRow("value", f"there are {len(value)} values where one is expected")


def _order(text: str) -> int:
    order = int(text) if WHOLE.fullmatch(text.strip()) else 0
    if not 1 <= order <= LONGEST_ORDER:
        raise BadRow("order", f"{text!r} is no place in a session (1 is the first)")
    return order


def moment_reader(clock: Clock) -> Callable[[str], datetime]:
    """Return what reads a time as the mapping describes it, in UTC."""
    if clock.format in EPOCH_FORMATS:
        return _epoch_reader(EPOCH_FORMATS[clock.format])

    def read(text: str) -> datetime:
        try:
            if clock.format == "iso":
                moment = datetime.fromisoformat(text.strip())
            else:
                moment = datetime.strptime(text.strip(), clock.format)  # noqa: DTZ007  # the zone follows
            return _in_utc(moment, clock.zone)
        except (ValueError, OverflowError):
            expected = "an ISO time" if clock.format == "iso" else f"a time like {clock.format}"
            raise BadRow("time", f"{text!r} is not {expected}") from None

    return read


def _in_utc(moment: datetime, zone: ZoneInfo) -> datetime:
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    local = moment.replace(tzinfo=zone)
    in_utc = local.astimezone(UTC)
    if in_utc.astimezone(zone).replace(tzinfo=None) != moment:
        raise BadRow("time", f"{moment} does not exist in {zone.key}: the clock was moved over it")
    return in_utc


def _epoch_reader(per_second: int) -> Callable[[str], datetime]:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    unit = timedelta(seconds=1) / per_second

    def read(text: str) -> datetime:
        try:
            if not SINCE_1970.fullmatch(text.strip()):
                raise ValueError
            return epoch + int(text) * unit
        except (ValueError, OverflowError):
            raise BadRow("time", f"{text!r} is not a time since 1970") from None

    return read


def _value_reader(
    name: str, field: Field, at: Table[str, int], decimal: str
) -> Callable[[Sequence[Cell]], Value | None]:
    if field.column is None:
        constant = field.constant
        return lambda fields: constant
    index = at[field.column]
    convert = _converter(name, field, decimal)
    missing = field.missing

    def read(fields: Sequence[Cell]) -> Value | None:
        cell = fields[index]
        if isinstance(cell, list):
            found = [None if (text := member.strip()) in missing else convert(text) for member in cell]
            # What one member lacks keeps its place: the lists of one row belong together.
            return None if all(member is None for member in found) else list(found)
        text = cell.strip()
        return None if text in missing else convert(text)

    return read


def _converter(name: str, field: Field, decimal: str) -> Convert:
    plain: Convert = {
        "text": lambda text: _text(name, text),
        "number": lambda text: _number(name, text, decimal),
        "boolean": lambda text: _boolean(name, text),
    }[field.kind]
    values = field.values
    if values is None:
        return plain

    def renamed(text: str) -> Scalar:
        found = values.get(text)
        if found is not None:
            return found
        if field.listed_only:
            raise BadRow("value", f"{name}: {text!r} is not among the values that the mapping lists")
        return plain(text)

    return renamed


def _text(name: str, text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise BadRow("too long", f"{name} has {len(text)} characters, more than {LONGEST_TEXT}")
    return text


def _number(name: str, text: str, decimal: str) -> float | int:
    if decimal != ".":
        text = text.replace(".", "#").replace(decimal, ".")
    if WHOLE.fullmatch(text):
        return int(text)
    number = float(text) if NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(number):
        raise BadRow("value", f"{name}: {text!r} is not a number")
    return number


def _boolean(name: str, text: str) -> bool:
    folded = text.casefold()
    if folded in TRUE:
        return True
    if folded in FALSE:
        return False
    raise BadRow("value", f"{name}: {text!r} is neither true nor false")
