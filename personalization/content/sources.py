"""Who brings blocks beside those of the admin: upper rooms register here, imports go down only."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from personalization.content.deciding import PublishedBlock

# Answers the blocks that visitors may see now. Their keys hold a colon ("cms:<uuid>"), so that none ever meets the name
# of a block of the admin. Whatever changes what it answers calls `personalization.profiles.services.publish`.
Source = Callable[[], Iterable[PublishedBlock]]

_sources: dict[str, Source] = {}


def register(name: str, source: Source) -> None:
    """Add (or replace) the source called `name`, such as "djangocms". Called once, when its app is ready."""
    _sources[name] = source


def sources() -> tuple[Source, ...]:
    """All registered sources in the order of their registration."""
    return tuple(_sources.values())
