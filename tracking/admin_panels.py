"""What the rooms above add to a visitor's page in the admin: panels beside the timeline, and names within it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from django.utils.functional import Promise
from django.utils.safestring import SafeString


class Render(Protocol):
    """Makes a panel's content."""

    __module__: str
    __qualname__: str

    def __call__(self, visitor_id: UUID, /, *, person: bool) -> SafeString:
        """Say what is to be said; unless a `person` may be seen, nothing that could tell who it is."""


class Panel(NamedTuple):
    """A titled piece of a visitor's page."""

    title: str | Promise
    render: Render


Find = Callable[[Collection[str]], Mapping[str, str]]
"""Finds names for values: those that have one, with their name."""

_panels: dict[str, Panel] = {}
_finders: dict[str, Find] = {}


def register_panel(title: str | Promise, render: Render) -> None:
    """Show what `render` returns for a visitor under `title`; the same function again replaces its panel."""
    _panels[f"{render.__module__}.{render.__qualname__}"] = Panel(title, render)


def registered_panels() -> Sequence[Panel]:
    """Return the panels in the order of their registration."""
    return tuple(_panels.values())


def register_names(property_name: str, find: Find) -> None:
    """Write the values of an event's property by the names that `find` knows for them; a second call replaces it."""
    _finders[property_name] = find


def names_in(events: Iterable[Mapping[str, object]]) -> Mapping[tuple[str, str], str]:
    """The names of what stands in these events' properties, by property and value; each finder is asked once."""
    found: dict[tuple[str, str], str] = {}
    properties = list(events)
    for name, find in _finders.items():
        values = {value for one in properties if isinstance(value := one.get(name), str)}
        if values:
            found |= {(name, value): known for value, known in find(values).items()}
    return found
