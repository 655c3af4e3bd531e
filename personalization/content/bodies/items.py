"""Lists of items: who names them, and how the site says what they are."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, Final, TypeAlias

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from consent import seldom
from personalization.content.bodies import behavior
from personalization.content.conf import conf
from personalization.content.sanitizing import is_safe_link
from personalization.segments.presence import presence_of
from tracking.timeline import Timeline

logger = logging.getLogger("personalization.content")

MOST_ASKED: Final = 24
"""Items that the site is asked about for one list: some of them may be sold out by now."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item as the site tells it, in the page's language. Texts are escaped where they are shown.

    Args:
        id: as `item_id` in events.
        title: what people call it.
        url: its page.
        image: the address of a small picture.
        image_alt: what the picture shows; empty if the title says it.
        price: ready to be read, such as "€48"; empty for what is not for sale.
        text: one line more.
    """

    id: str
    title: str
    url: str
    image: str = ""
    image_alt: str = ""
    price: str = ""
    text: str = ""


class Asker:
    """The visitor for whom a list is made. What costs a query is read when it is asked for."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def now(self) -> datetime:
        """The moment of the page."""
        return presence_of(self.request).now

    @property
    def timeline(self) -> Timeline:
        """What they did, as far as personalization may know it; nothing of those who did not agree."""
        return presence_of(self.request).timeline

    @property
    def path(self) -> str:
        """The page that the list stands on."""
        return self.request.path


Find: TypeAlias = Callable[[Asker], Iterable[str]]
"""Names items for a visitor, the best first."""


@dataclass(frozen=True, slots=True)
class ItemSource:
    """Somebody who names items."""

    name: str
    """As variants store it; never changes."""
    label: str | Promise
    """What editors choose it by."""
    find: Find


_sources: dict[str, ItemSource] = {}


def register(source: ItemSource) -> None:
    """Add (or replace) a source. Called once, when its app is ready; rooms above register theirs here."""
    _sources[source.name] = source


def sources() -> tuple[ItemSource, ...]:
    """All registered sources in the order of their registration."""
    return tuple(_sources.values())


def source_called(name: str) -> ItemSource | None:
    """The source of that name, if its app is still there."""
    return _sources.get(name)


def items_of(ids: Iterable[str]) -> list[Item]:
    """What the site says about these items, in the order of the ids; what it does not answer is sold or unpublished.

    Raises what the site's function raises, and TypeError where it answers something else.
    """
    wanted = list(dict.fromkeys(islice(ids, MOST_ASKED)))
    if not wanted or not conf.PERSONALIZATION_GET_ITEMS:
        return []
    given = _given(import_string(conf.PERSONALIZATION_GET_ITEMS)(wanted))
    known = {item.id: item for item in given}
    found = [known[item_id] for item_id in wanted if item_id in known]
    return [item for item in found if _has_safe_links(item)]


def _given(answer: object) -> list[Item]:
    """The items in what the site's function answered."""
    values = answer.values() if isinstance(answer, Mapping) else answer
    given: list[Any] = (
        list(values) if isinstance(values, Iterable) and not isinstance(values, str | bytes) else [values]
    )
    for item in given:
        if not isinstance(item, Item):
            raise TypeError(
                f"PERSONALIZATION_GET_ITEMS ({conf.PERSONALIZATION_GET_ITEMS}) has to answer a list of "
                f"personalization.shortcuts.Item, or a mapping of ids to them; it answered {type(item).__name__}."
            )
    return given


def _has_safe_links(item: Item) -> bool:
    if is_safe_link(item.url) and (not item.image or is_safe_link(item.image)):
        return True
    seldom.say(
        logger,
        logging.WARNING,
        "The item %r is left out of lists: its address or its picture's is not safe.",
        item.id,
        by=str(item.id),
    )
    return False


def _by_behavior(find: Callable[..., list[str]], asker: Asker) -> Iterable[str]:
    return find(asker.timeline, asker.now, here=asker.path)


def register_builtin() -> None:
    """Register the lists that follow from what visitors did."""
    builtin: tuple[tuple[str, Any, Callable[..., list[str]]], ...] = (
        ("recently_viewed", _("What they looked at lately"), behavior.recently_viewed),
        ("still_in_cart", _("What is still in their cart"), behavior.still_in_cart),
        ("continue_reading", _("Articles that they began to read"), behavior.continue_reading),
    )
    for name, label, find in builtin:
        register(ItemSource(name, label, partial(_by_behavior, find)))
