"""What one visitor did, in order: events, their sessions and their index by name. Pure Python, no Django.

A `Timeline` is what every reader of behavior is handed: rules, features, reports. It never changes; its indexes are
built on first use and shared by everybody who asks the same timeline.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final, NamedTuple, Protocol, TypeAlias, TypeVar, final, overload
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import msgspec

Scalar: TypeAlias = str | int | float | bool | None
Value: TypeAlias = Scalar | list[Scalar]
T = TypeVar("T")

SESSION_GAP: Final = timedelta(minutes=30)
"""Two neighbors further apart than this lie in two sessions; exactly this far apart, in one."""


class Everything(Enum):
    """The type of `ALL`."""

    ALL = "*"

    def __repr__(self) -> str:
        return "ALL"


ALL: Final = Everything.ALL
"""Stands for the name of every event."""

Names: TypeAlias = frozenset[str] | Everything


class Page(msgspec.Struct, frozen=True):
    """The page on which an event happened; an empty text is an unknown one."""

    url: str = ""
    title: str = ""
    referrer: str = ""


NO_PAGE: Final = Page()


class Event(msgspec.Struct, frozen=True):
    """One thing that a visitor did. `occurred_at` is aware; `device` is mobile, tablet, desktop or empty."""

    id: UUID
    name: str
    occurred_at: datetime
    page: Page = NO_PAGE
    properties: dict[str, Value] = {}
    device: str = ""


class Session(NamedTuple):
    """A run of events without a longer gap than `SESSION_GAP`: positions `start` (first) to `stop` (after the last)."""

    start: int
    stop: int


class Index(NamedTuple):
    """The events of some names: their positions in the timeline and, beside each, when it occurred."""

    positions: Sequence[int]
    times: Sequence[datetime]


NOTHING: Final = Index((), ())


class Indexes(dict[str | Names, Index]):
    """The indexes of one timeline: by name and `ALL` from the start, by set of names from when it is first asked."""

    __slots__ = ("_times",)

    def __init__(self, names: Iterable[str], times: Sequence[datetime]) -> None:
        super().__init__()
        self._times = times
        positions: dict[str, list[int]] = {}
        for position, name in enumerate(names):
            found = positions.get(name)
            if found is None:
                positions[name] = [position]
            else:
                found.append(position)
        for name, found in positions.items():
            self[name] = Index(found, [times[position] for position in found])
        self[ALL] = Index(range(len(times)), times)

    def __missing__(self, names: str | Names) -> Index:
        if isinstance(names, (str, Everything)):
            merged = NOTHING
        elif len(names) == 1:
            merged = self[next(iter(names))]
        else:
            positions = sorted(position for name in names for position in self[name].positions)
            merged = Index(positions, [self._times[position] for position in positions])
        self[names] = merged
        return merged


OWN_FIELDS: Final = frozenset(
    {"path", "host", "title", "referrer_host", "utm_source", "utm_medium", "utm_campaign", "device"}
)
"""The fields that every event has beside its properties. They hide properties of the same name."""


def own_fields(event: Event) -> dict[str, str]:
    """Return those of `OWN_FIELDS` that are known of the event; an empty text is not known.

    >>> page = Page("https://Shop.example/a%20b?utm_source=mail&utm_source=ads", referrer="https://news.example/x")
    >>> own_fields(Event(UUID(int=1), "page_view", datetime(2026, 1, 1, tzinfo=UTC), page))
    {'path': '/a%20b', 'host': 'shop.example', 'utm_source': 'mail', 'referrer_host': 'news.example'}
    >>> own_fields(Event(UUID(int=1), "page_view", datetime(2026, 1, 1, tzinfo=UTC), Page("https://[broken/x")))
    {}
    """
    return own_fields_of(event.page, event.device)


def own_fields_of(page: Page, device: str) -> dict[str, str]:
    """Return `own_fields` of an event on this page."""
    fields: dict[str, str] = {}
    if page.url:
        try:
            parts = urlsplit(page.url)
            fields["path"] = parts.path
            fields["host"] = (parts.hostname or "").lower()
        except ValueError:
            fields.clear()
        else:
            if parts.query:
                for name, value in parse_qsl(parts.query, keep_blank_values=True):
                    if name in OWN_FIELDS and name.startswith("utm_"):
                        fields.setdefault(name, value)
    if page.referrer:
        with suppress(ValueError):
            fields["referrer_host"] = (urlsplit(page.referrer).hostname or "").lower()
    fields["title"] = page.title
    fields["device"] = device
    return {name: value for name, value in fields.items() if value}


def _in_utc(occurred_at: datetime) -> datetime:
    if occurred_at.tzinfo is None:
        raise ValueError("An event needs a time with a time zone; pass an aware datetime.")
    return occurred_at.astimezone(UTC)


class Found(dict[int, T]):
    """Something about the event at each position, found when it is first asked for."""

    __slots__ = ("_find",)

    def __init__(self, find: Callable[[int], T]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, position: int) -> T:
        found = self[position] = self._find(position)
        return found


class Stored(Protocol):
    """Events that lie elsewhere, in the order of a timeline; each is taken out when somebody asks for it."""

    @property
    def names(self) -> Sequence[str]:
        """Return what each was."""
        ...

    @property
    def times(self) -> Sequence[datetime]:
        """Return when each occurred, in UTC."""
        ...

    def event(self, position: int) -> Event:
        """Return the event at this position."""
        ...

    def properties_of(self, position: int) -> dict[str, Value]:
        """Return the properties of the event at this position."""
        ...

    def fields_of(self, position: int) -> dict[str, str]:
        """Return `own_fields` of the event at this position."""
        ...


@final
class Timeline:
    """A visitor's events, oldest first; ties in time are ordered by id.

    >>> day = datetime(2026, 11, 20, tzinfo=UTC)
    >>> late = Event(UUID(int=1), "purchase", day + timedelta(hours=2))
    >>> early = Event(UUID(int=2), "view_item", day)
    >>> timeline = Timeline([late, early])
    >>> [event.name for event in timeline]
    ['view_item', 'purchase']
    >>> timeline.sessions
    (Session(start=0, stop=1), Session(start=1, stop=2))
    >>> timeline.named({"purchase"}) == (late,)
    True
    >>> len(timeline.until(day))
    1
    """

    __slots__ = ("_events", "_session_numbers", "_sessions", "_stored", "fields", "indexes", "properties", "times")

    times: Sequence[datetime]
    """When each event occurred, in UTC, in the order of the events."""
    indexes: Indexes
    """Where the events of a name, of several names or of all names are."""
    properties: Sequence[dict[str, Value]] | Found[dict[str, Value]]
    """The properties of the event at each position."""
    fields: Found[dict[str, str]]
    """`own_fields` of the event at each position, worked out once."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        ordered = tuple(sorted(events, key=lambda event: (event.occurred_at, event.id)))
        self.times = [
            event.occurred_at if event.occurred_at.tzinfo is UTC else _in_utc(event.occurred_at) for event in ordered
        ]
        self.indexes = Indexes([event.name for event in ordered], self.times)
        self.properties = [event.properties for event in ordered]
        self.fields = Found(lambda position: own_fields(ordered[position]))
        self._events: tuple[Event, ...] | None = ordered
        self._stored: Stored | None = None
        self._sessions: tuple[Session, ...] | None = None
        self._session_numbers: list[int] = []

    @classmethod
    def of_stored(cls, stored: Stored) -> "Timeline":
        """Return the timeline of events that are in order already, and are taken out only as far as they are asked."""
        timeline = cls.__new__(cls)
        timeline.times = stored.times
        timeline.indexes = Indexes(stored.names, stored.times)
        timeline.properties = Found(stored.properties_of)
        timeline.fields = Found(stored.fields_of)
        timeline._events = None
        timeline._stored = stored
        timeline._sessions = None
        timeline._session_numbers = []
        return timeline

    @property
    def events(self) -> tuple[Event, ...]:
        """The events, oldest first."""
        if self._events is None:
            assert self._stored is not None  # noqa: S101  # tells the type checker: a timeline has the one or the other
            self._events = tuple(map(self._stored.event, range(len(self.times))))
        return self._events

    def __len__(self) -> int:
        return len(self.times)

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    @overload
    def __getitem__(self, position: int) -> Event: ...
    @overload
    def __getitem__(self, position: slice) -> tuple[Event, ...]: ...
    def __getitem__(self, position: int | slice) -> Event | tuple[Event, ...]:
        return self.events[position]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timeline) and self.events == other.events

    __hash__ = None  # type: ignore[assignment]  # events hold dicts and cannot be hashed; mypy has no word for that

    def __repr__(self) -> str:
        return f"Timeline({len(self.times)} events)"

    def index(self, names: Names) -> Index:
        """Return where the events of these names are; put together once for each set of names."""
        return self.indexes[names]

    def named(self, names: Iterable[str] | Everything) -> tuple[Event, ...]:
        """Return the events of these names (`ALL`: every event), oldest first."""
        if isinstance(names, Everything):
            return self.events
        return tuple(self.events[position] for position in self.index(frozenset(names)).positions)

    def until(self, now: datetime) -> "Timeline":
        """Return the timeline as it was at `now`: the events that had occurred by then."""
        stop = bisect_right(self.times, now)
        if stop == len(self.times):
            return self
        return Timeline(self.events[:stop])

    def since(self, start: datetime) -> "Timeline":
        """Return the events from `start` on."""
        return Timeline(self.events[bisect_left(self.times, start) :])

    @property
    def sessions(self) -> tuple[Session, ...]:
        """The runs of events that no gap over 30 minutes splits, oldest first."""
        if self._sessions is None:
            self._index_sessions()
            assert self._sessions is not None  # noqa: S101  # tells the type checker what the line above did
        return self._sessions

    def session_of(self, position: int) -> int:
        """Return which of `sessions` holds the event at this position."""
        if self._sessions is None:
            self._index_sessions()
        return self._session_numbers[position]

    def _index_sessions(self) -> None:
        times = self.times
        numbers: list[int] = []
        sessions: list[Session] = []
        start = 0
        for position, occurred_at in enumerate(times):
            if position and occurred_at - times[position - 1] > SESSION_GAP:
                sessions.append(Session(start, position))
                start = position
            numbers.append(len(sessions))
        if times:
            sessions.append(Session(start, len(times)))
        self._session_numbers = numbers
        self._sessions = tuple(sessions)
