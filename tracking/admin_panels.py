"""Panels that the rooms above add to a visitor's page in the admin, beside the timeline."""

from __future__ import annotations

from collections.abc import Sequence
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


_panels: dict[str, Panel] = {}


def register_panel(title: str | Promise, render: Render) -> None:
    """Show what `render` returns for a visitor under `title`; the same function again replaces its panel."""
    _panels[f"{render.__module__}.{render.__qualname__}"] = Panel(title, render)


def registered_panels() -> Sequence[Panel]:
    """Return the panels in the order of their registration."""
    return tuple(_panels.values())
