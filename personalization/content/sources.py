"""Who brings blocks beside those of the admin: upper rooms register here, imports go down only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from django.http import HttpRequest

from personalization.content.bodies.offers import Offer
from personalization.content.deciding.blocks import Body, PublishedBlock, PublishedVariant

# Answers the blocks that visitors may see now. Their keys hold a colon ("cms:<uuid>"), so that none ever meets the name
# of a block of the admin. Whatever changes what it answers calls `personalization.profiles.services.publish`.
Source = Callable[[], Iterable[PublishedBlock]]

# What renders one of a block's variants.
Renderer = Callable[[PublishedVariant], str]


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things that a variant of a source shows."""

    html: str
    """As the server renders it; never empty."""
    body: Body | None = None
    """What it is, if it is of a kind that the admin knows."""
    id: str = ""
    """Under which an offer is claimed."""


@runtime_checkable
class InParts(Protocol):
    """A renderer that tells apart what a variant shows, for apps that render it themselves."""

    def __call__(self, variant: PublishedVariant) -> str:
        """Render one of the block's variants."""
        ...

    def parts(self, variant: PublishedVariant | None) -> list[Part]:
        """What that variant shows this visitor; None: what everyone else sees. Raises what rendering raises."""
        ...


# Answers how a block is rendered that comes after its page: to this visitor, who may not be allowed to see that page.
RendererOf = Callable[[HttpRequest, str], Renderer | None]
# Answers an offer that visitors may see by its id, and the blocks (by key) and variants (by id) that it stands in.
OfferOf = Callable[[str], tuple[Offer, list[tuple[str, str]]] | None]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a block holds, as far as advice on it needs to know: decisions do not."""

    has_default: bool
    """Something is there for those whom no variant fits."""
    empty: frozenset[str] = frozenset()
    """The ids of its variants with nothing in them."""
    makes_room: frozenset[str] = frozenset()
    """The ids of those with something in them that some visitors have nothing of: for these the next one is shown."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft of something personalized that waits to be published."""

    about: str
    by: str
    at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the admin looks after a source's blocks. Its addresses cost no query: lists have one for each block."""

    page_url: Callable[[str], str]
    """Leads to the page of the admin about the block of this key."""
    pause_url: Callable[[str], str]
    """Takes the button that pauses it, as in `admin_pausing`."""
    beside_url: Callable[[str], str]
    """Shows all its variants side by side."""
    contents: Callable[[Collection[str]], Mapping[str, Contents]]
    """What the blocks of these keys hold; of those that are gone nothing. As many queries, however many they are."""
    waiting: Callable[[Any], Iterable[Waiting]]
    """The drafts that this user may see; as many queries, however many they are."""
    permission_to_view: str
    permission_to_change: str


_sources: dict[str, Source] = {}
_desks: dict[str, Desk] = {}
_offers: dict[str, OfferOf] = {}
_renderers: dict[str, RendererOf] = {}
_edit_urls: dict[str, Callable[[str], str]] = {}


def register(
    name: str,
    source: Source,
    *,
    prefix: str = "",
    renderer_of: RendererOf | None = None,
    edit_url: Callable[[str], str] | None = None,
    desk: Desk | None = None,
    offer_of: OfferOf | None = None,
) -> None:
    """Add (or replace) the source called `name`, such as "djangocms". Called once, when its app is ready.

    Args:
        name: what it is called.
        source: answers its blocks.
        prefix: what the keys of its blocks begin with.
        renderer_of: says what renders its blocks after their page; None, where the visitor is not to know of one.
        edit_url: says where the block of this key is edited; empty, where it is gone.
        desk: says where the admin looks after its blocks.
        offer_of: finds an offer by the id that its button sends.
    """
    _sources[name] = source
    if renderer_of is not None:
        _renderers[prefix] = renderer_of
    if edit_url is not None:
        _edit_urls[prefix] = edit_url
    if desk is not None:
        _desks[prefix] = desk
    if offer_of is not None:
        _offers[name] = offer_of


def renderers_of(key: str) -> RendererOf | None:
    """Who says what renders the variants of this block; None where nobody does: what it shows stays in its page."""
    return next((find for prefix, find in _renderers.items() if key.startswith(prefix)), None)


def edit_url(key: str) -> str:
    """Where this block is edited; empty, where no source says so."""
    return next((url(key) for prefix, url in _edit_urls.items() if key.startswith(prefix)), "")


def desk_of(key: str) -> Desk | None:
    """Where the admin looks after this block, if it does."""
    return next((desk for prefix, desk in _desks.items() if key.startswith(prefix)), None)


def page_of(request: HttpRequest, key: str) -> str:
    """The page of the admin about this block, for those who may look at it; else empty."""
    desk = desk_of(key)
    return desk.page_url(key) if desk and request.user.has_perm(desk.permission_to_view) else ""


def contents_of(keys: Collection[str]) -> dict[str, Contents]:
    """What the blocks of these keys hold, as far as their sources say so."""
    found: dict[str, Contents] = {}
    for prefix, desk in _desks.items():
        if theirs := [key for key in keys if key.startswith(prefix)]:
            found |= desk.contents(theirs)
    return found


def desks() -> tuple[Desk, ...]:
    """All that sources have, in the order of their registration."""
    return tuple(_desks.values())


def offer_elsewhere(uuid: str) -> tuple[Offer, list[tuple[str, str]]] | None:
    """The offer of this id, where a source has it, with what it stands in: it runs while all of that is shown."""
    return next((found for find in _offers.values() if (found := find(uuid)) is not None), None)


def sources() -> tuple[Source, ...]:
    """All registered sources in the order of their registration."""
    return tuple(_sources.values())
