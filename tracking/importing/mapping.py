"""The mapping file: which column means what, where the data comes from and on what basis it may be used. Pure."""

from __future__ import annotations

import codecs
import json
import re
import tomllib
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from consent.purposes import PURPOSES
from tracking.importing.errors import InvalidMapping
from tracking.timeline import SESSION_GAP

Kind = Literal["text", "number", "boolean"]
Scalar = str | int | float | bool

KINDS: Final = ("text", "number", "boolean")
PAGE_FIELDS: Final = ("url", "title", "referrer")
DURATION: Final = re.compile(r"([1-9][0-9]{0,6})(s|m)")
EPOCH_FORMATS: Final = {"unix": 1, "unix_ms": 1000, "unix_us": 1_000_000}
FORMATS: Final = '"iso", "unix", "unix_ms", "unix_us"'


@dataclass(frozen=True, slots=True)
class Field:
    """Where one value of an event comes from: a column or a constant, renamed where `values` lists it."""

    column: str | None = None
    constant: Scalar | None = None
    kind: Kind = "text"
    values: Table[str, Scalar] | None = None
    listed_only: bool = False
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Clock:
    """How a row says when it happened: columns joined by a space and read with `format`, in `zone`.

    With `order` they only say the day; the column `order` says the place in the session, and a click lies `step` after
    the one before it.
    """

    columns: tuple[str, ...]
    format: str
    zone: ZoneInfo
    order: str | None = None
    step: timedelta = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class EventName:
    """How a row says what happened. `only` and `leave_out` are values of the column, before renaming."""

    column: str | None
    constant: str
    values: Table[str, str]
    only: frozenset[str]
    leave_out: frozenset[str]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A checked mapping file."""

    source: str
    basis: str
    purposes: frozenset[str]
    delimiter: str
    quote: str
    encoding: str
    decimal: str
    identical_rows_are_one: bool
    visitor: str | None
    session: str | None
    time: Clock
    event: EventName
    page: Table[str, Field]
    properties: Table[str, Field]
    device: Field | None
    digest: str

    @property
    def columns(self) -> frozenset[str]:
        """Every column that the file must have."""
        named = {*self.time.columns, self.time.order, self.visitor, self.session, self.event.column}
        named.update(field.column for field in (*self.page.values(), *self.properties.values()))
        named.add(None if self.device is None else self.device.column)
        return frozenset(column for column in named if column is not None)


def parse_mapping(text: str, *, basis: str | None = None, purposes: Sequence[str] = ()) -> Mapping:
    """Read a mapping file's text; `InvalidMapping` lists every mistake in it.

    `basis` and `purposes`, where they are given, stand for what the file says of them or leaves open.

    >>> try:
    ...     parse_mapping('source = "Old shop"')
    ... except InvalidMapping as invalid:
    ...     print([place for place, _ in invalid.errors])
    ['basis', 'purposes', 'time', 'event', 'visitor']
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidMapping([("file", f"is not TOML: {error}")]) from None
    if basis is not None:
        document["basis"] = basis
    if purposes:
        document["purposes"] = sorted(set(purposes))
    errors: list[tuple[str, str]] = []
    mapping = _mapping(_Reader(document, "", errors), _digest(document))
    if errors or mapping is None:
        raise InvalidMapping(errors)
    return mapping


def _digest(document: Table[str, Any]) -> str:
    """A digest of what the mapping says: comments and layout do not make it another one."""
    return sha256(json.dumps(document, sort_keys=True, default=str).encode()).hexdigest()


class _Reader:
    """Takes values out of one TOML table and notes every mistake at its place."""

    def __init__(self, table: Table[str, Any], place: str, errors: list[tuple[str, str]]) -> None:
        self.table = table
        self.place = place
        self.errors = errors
        self.asked: set[str] = set()

    def at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def wrong(self, key: str, problem: str) -> None:
        self.errors.append((self.at(key), problem))

    def take(self, key: str) -> Any:
        self.asked.add(key)
        return self.table.get(key)

    def text(self, key: str, *, required: str = "", default: str = "") -> str:
        """A text; `required` says what to write when it is missing."""
        value = self.take(key)
        if value is None and not required:
            return default
        if value is None or value == "":
            self.wrong(key, f"is missing: {required}" if required else "is empty")
        elif not isinstance(value, str):
            self.wrong(key, f"must be a text, not {value!r}")
        else:
            return value
        return default

    def texts(self, key: str, *, required: str = "") -> tuple[str, ...]:
        value = self.take(key)
        if value is None and not required:
            return ()
        if not value and required:
            self.wrong(key, f"is missing: {required}")
        elif not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.wrong(key, f"must be a list of texts, not {value!r}")
        else:
            return tuple(value)
        return ()

    def choice(self, key: str, allowed: Sequence[str], default: str) -> str:
        value = self.take(key)
        if value is None:
            return default
        if value not in allowed:
            self.wrong(key, f"must be one of {', '.join(allowed)}, not {value!r}")
            return default
        return str(value)

    def flag(self, key: str) -> bool:
        value = self.take(key)
        if value is not None and not isinstance(value, bool):
            self.wrong(key, f"must be true or false, not {value!r}")
        return value is True

    def inner(self, key: str) -> _Reader:
        value = self.take(key)
        if value is None:
            value = {}
        elif not isinstance(value, dict):
            self.wrong(key, f"must be a table, not {value!r}")
            value = {}
        return _Reader(value, self.at(key), self.errors)

    def finish(self) -> None:
        """Note what nobody asked for: a misspelled key must not be passed over."""
        for key in self.table:
            if key not in self.asked:
                self.wrong(key, f"is not known here; allowed: {', '.join(sorted(self.asked))}")


def _mapping(top: _Reader, digest: str) -> Mapping | None:
    before = len(top.errors)
    source = top.text("source", required="name where the data comes from")
    basis = top.text("basis", required="say why this data may be used for these purposes; without it nothing is read")
    purposes = _purposes(top)
    file = top.inner("file")
    delimiter = _one_character(file, "delimiter", ",")
    quote = _one_character(file, "quote", '"')
    if quote == delimiter:
        file.wrong("quote", "must not be the delimiter")
    encoding = _encoding(file)
    decimal = file.choice("decimal", (".", ","), ".")
    identical = file.choice("identical_rows", ("each", "one"), "each")
    file.finish()
    session = top.text("session") or None
    time = _clock(top, session)
    event = _event_name(top)
    visitor = top.text("visitor") or None
    if visitor is None and session is None:
        top.wrong("visitor", "is missing: name the column that tells visitors apart, or at least the session's column")
    if visitor is not None and session is not None and time is not None and time.order is None:
        top.wrong("session", "is not used: rows with a clock time make sessions by their 30-minute gaps; leave it out")
    page = {name: _field(reader, kinds=("text",)) for name, reader in _tables(top, "page")}
    for name in page:
        if name not in PAGE_FIELDS:
            top.wrong(f"page.{name}", f"is not known here; allowed: {', '.join(PAGE_FIELDS)}")
    properties = {name: _field(reader, kinds=KINDS) for name, reader in _tables(top, "properties")}
    device = _field(top.inner("device"), kinds=("text",)) if "device" in top.table else None
    top.finish()
    if len(top.errors) > before or time is None:
        return None
    return Mapping(
        source=source,
        basis=basis,
        purposes=purposes,
        delimiter=delimiter,
        quote=quote,
        encoding=encoding,
        decimal=decimal,
        identical_rows_are_one=identical == "one",
        visitor=visitor,
        session=session,
        time=time,
        event=event,
        page=page,
        properties=properties,
        device=device,
        digest=digest,
    )


def _purposes(top: _Reader) -> frozenset[str]:
    known = [purpose.code for purpose in PURPOSES]
    codes = top.texts("purposes", required=f"list what the data may be used for, of {', '.join(known)}")
    for code in codes:
        if code not in known:
            top.wrong("purposes", f"{code!r} is no purpose; allowed: {', '.join(known)}")
    return frozenset(codes)


def _one_character(reader: _Reader, key: str, default: str) -> str:
    value = reader.text(key, default=default)
    if len(value) != 1 or value in "\r\n\0":
        reader.wrong(key, f"must be one character, not {value!r}")
        return default
    return value


def _encoding(reader: _Reader) -> str:
    value = reader.text("encoding", default="utf-8")
    try:
        # "surrogateescape" is how a wrong byte is found without losing the rest; only these encodings allow it.
        supported = b"\n".decode(value, "surrogateescape") == "\n"
    except (LookupError, UnicodeError):
        supported = False
    if not supported:
        reader.wrong("encoding", f"{value!r} cannot be read; save the file as UTF-8")
        return "utf-8"
    # A mark at the start of the file is no part of the first column's name.
    return "utf-8-sig" if codecs.lookup(value).name == "utf-8" else value


def _clock(top: _Reader, session: str | None) -> Clock | None:
    if top.take("time") is None:
        top.wrong("time", "is missing: say in [time] which columns tell when a row happened")
        return None
    reader = top.inner("time")
    columns = reader.texts("columns", required="list the columns that tell when a row happened")
    time_format = reader.text("format", required='write "iso", "unix" or a pattern such as "%Y-%m-%d %H:%M"')
    if time_format not in ("", "iso", *EPOCH_FORMATS) and "%" not in time_format:
        reader.wrong("format", f"must be {FORMATS} or a pattern with %, not {time_format!r}")
    zone_name = reader.text("zone", default="UTC")
    try:
        zone = ZoneInfo(zone_name)
    except (KeyError, ValueError, OSError):
        reader.wrong("zone", f"{zone_name!r} is no time zone; write one such as Europe/Berlin")
        zone = ZoneInfo("UTC")
    order = reader.text("order") or None
    step = timedelta(minutes=1)
    if order is not None and session is None:
        reader.wrong("order", "needs the session's column: add session = … at the top")
    if order is None and "step" in reader.table:
        reader.wrong("step", "is only used together with order")
    step_text = reader.text("step", default="1m")
    match = DURATION.fullmatch(step_text)
    if match is not None:
        step = timedelta(seconds=int(match[1]) * (60 if match[2] == "m" else 1))
    if match is None or step > SESSION_GAP:
        reader.wrong("step", f'must be a duration from "1s" to "30m", not {step_text!r}')
        step = timedelta(minutes=1)
    reader.finish()
    return Clock(columns=columns, format=time_format, zone=zone, order=order, step=step)


def _event_name(top: _Reader) -> EventName:
    reader = top.inner("event")
    nothing = EventName(None, "", {}, frozenset(), frozenset())
    if not reader.table:
        if "event" not in top.table:
            top.wrong("event", "is missing: say in [event] what happened: name = … or column = …")
        return nothing
    column = reader.text("column") or None
    constant = reader.text("name")
    if (column is None) == (constant == ""):
        top.wrong("event", "needs either name (every row is the same event) or column, not both")
    values = reader.inner("values")
    renamed: dict[str, str] = {}
    for value in values.table:
        renamed[value] = values.text(value, required="the event's name")
    only = frozenset(reader.texts("only"))
    leave_out = frozenset(reader.texts("leave_out"))
    if column is None:
        for key in ("values", "only", "leave_out"):
            if key in reader.table:
                reader.wrong(key, "is only used together with column")
    reader.finish()
    return EventName(column=column, constant=constant, values=renamed, only=only, leave_out=leave_out)


def _tables(top: _Reader, key: str) -> list[tuple[str, _Reader]]:
    outer = top.inner(key)
    return [(name, outer.inner(name)) for name in outer.table]


def _field(reader: _Reader, *, kinds: Sequence[str]) -> Field:
    column = reader.text("column") or None
    constant = reader.take("constant")
    if (column is None) == (constant is None):
        reader.errors.append((reader.place, "needs either column or constant, not both"))
    kind = reader.choice("kind", kinds, "text")
    if constant is not None and not _is_scalar(constant):
        reader.wrong("constant", f"must be a text, a number or true or false, not {constant!r}")
    values = reader.take("values")
    if values is not None and not (isinstance(values, dict) and all(_is_scalar(value) for value in values.values())):
        reader.wrong("values", 'must be a table such as {"1" = "trousers"}')
        values = None
    listed_only = reader.flag("listed_only")
    if listed_only and values is None:
        reader.wrong("listed_only", "is only used together with values")
    missing = frozenset(reader.texts("missing"))
    if column is None:
        for key in ("values", "missing", "kind"):
            if key in reader.table:
                reader.wrong(key, "is only used together with column")
    reader.finish()
    return Field(
        column=column,
        constant=constant,
        kind=kind,  # type: ignore[arg-type]  # `choice` answers one of the kinds
        values=values,
        listed_only=listed_only,
        missing=missing | {""},
    )


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float | bool)
