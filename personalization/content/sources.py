"""Who brings blocks beside those of the admin: upper rooms register here, imports go down only."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.http import HttpRequest

from personalization.content.deciding import PublishedBlock, PublishedVariant

# Answers the blocks that visitors may see now. Their keys hold a colon ("cms:<uuid>"), so that none ever meets the name
# of a block of the admin. Whatever changes what it answers calls `personalization.profiles.services.publish`.
Source = Callable[[], Iterable[PublishedBlock]]

# What renders one of a block's variants.
Renderer = Callable[[PublishedVariant], str]
# Answers how a block is rendered that comes after its page: to this visitor, who may not be allowed to see that page.
RendererOf = Callable[[HttpRequest, str], Renderer | None]

_sources: dict[str, Source] = {}
_renderers: dict[str, RendererOf] = {}
_edit_urls: dict[str, Callable[[str], str]] = {}


def register(
    name: str,
    source: Source,
    *,
    prefix: str = "",
    renderer_of: RendererOf | None = None,
    edit_url: Callable[[str], str] | None = None,
) -> None:
    """Add (or replace) the source called `name`, such as "djangocms". Called once, when its app is ready.

    Args:
        name: what it is called.
        source: answers its blocks.
        prefix: what the keys of its blocks begin with.
        renderer_of: says what renders its blocks after their page; None, where the visitor is not to know of one.
        edit_url: says where the block of this key is edited; empty, where it is gone.
    """
    _sources[name] = source
    if renderer_of is not None:
        _renderers[prefix] = renderer_of
    if edit_url is not None:
        _edit_urls[prefix] = edit_url


def renderers_of(key: str) -> RendererOf | None:
    """Who says what renders the variants of this block; None where nobody does: what it shows stays in its page."""
    return next((find for prefix, find in _renderers.items() if key.startswith(prefix)), None)


def edit_url(key: str) -> str:
    """Where this block is edited; empty, where no source says so."""
    return next((url(key) for prefix, url in _edit_urls.items() if key.startswith(prefix)), "")


def sources() -> tuple[Source, ...]:
    """All registered sources in the order of their registration."""
    return tuple(_sources.values())
