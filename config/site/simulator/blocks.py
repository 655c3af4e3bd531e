"""What simulated visitors see of blocks in their history: which are on the pages, which variant, and what is clicked.

No page was shown then. Which blocks are on which kind of page is read from the shop's own pages as a stranger sees
them; who would have seen which variant follows from what the model knows of the visitor, in the words of the demo's
segments. Chance is apart from the model's, so a history with blocks is the same but for them.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import Final, NamedTuple

from config.site.simulator import figures
from config.site.simulator.doors import Browser, Door
from config.site.simulator.model import event_id
from config.site.simulator.pages import SeenPage
from config.site.simulator.people import Event, Visitor
from config.site.simulator.shop import Shop
from consent.purposes import PERSONALIZATION
from personalization.content.deciding.blocks import PublishedVariant
from personalization.content.published import published
from personalization.content.serving.rendering import DEFAULT_VARIANT
from personalization.profiles.head import configuration_version

SEES: Final = 0.7
"""Chance that a block comes into view, and stays there for a second."""
CLICKS: Final = (0.02, 0.12)
"""Chance that what has a link is clicked: for each thing that a block shows another one between these."""
CALLED: Final = 0.02
"""Chance that a call to action is clicked on a page that has it."""
LATELY: Final = timedelta(days=30)
WEEK: Final = timedelta(days=7)


class Place(NamedTuple):
    """A block on a kind of page."""

    key: str
    variants: tuple[PublishedVariant, ...]
    is_empty: bool
    """Whether everyone else sees nothing."""
    link: str
    """Where the first link leads that everyone else sees."""


class Places(NamedTuple):
    """What is on each kind of page."""

    blocks: Mapping[str, Sequence[Place]]
    calls: Mapping[str, Sequence[str]]
    """The calls to action, by their names in templates."""


NOWHERE: Final = Places({}, {})


def read_places(door: Door, shop: Shop) -> Places:
    """Open a page of each kind as a stranger, and see which blocks are on it."""
    blocks = published(configuration_version()).blocks
    pages = {
        "home": "/",
        "magazine": "/magazine/",
        "about": "/about/",
        "cart": "/cart/",
        "search": "/search/?q=wool",
        "category": f"/shop/{shop.products[0].category}/",
        "product": shop.products[0].path,
        "article": shop.articles[0].path,
    }
    browser = Browser(door, user_agent=figures.USER_AGENTS["desktop"][0], language="en", address="198.18.0.0")
    found: dict[str, list[Place]] = {}
    calls: dict[str, list[str]] = {}
    for kind, path in pages.items():
        answer = browser.get(path)
        page = SeenPage(answer.body.decode(errors="replace") if answer.status == 200 else "")
        calls[kind] = list(dict.fromkeys(page.calls))
        found[kind] = [
            Place(block.key, blocks[block.key].variants, block.is_empty, block.link)
            for block in page.blocks
            if block.key in blocks
        ]
    return Places(found, calls)


def looked_at(one: Visitor, number: int, *, seed: int, places: Places, origin: str) -> Iterator[Event]:
    """What was seen and clicked in the visit of that index, page by page; the same each time."""
    visit = one.visits[number]
    rng = Random(f"{seed}:{one.number}:{number}:blocks")  # noqa: S311  # chance of a simulation, guards nothing
    name = f"{seed}:{one.number}:{number}:blocks"
    agreed = bool(one.choices_in(number).get(PERSONALIZATION.code))
    segments = segments_in(one, number) if agreed else frozenset()
    opened = [event for event in visit.events if event.name == "page_view"]
    sent = 0
    for step, page in zip(visit.steps, opened, strict=True):
        doing: list[tuple[str, float, dict[str, str]]] = []
        for call in places.calls.get(step.kind, ()):
            if rng.random() < CALLED:
                said = {"content_type": "cta", "content_id": call}
                doing.append(("select_content", step.seconds * 0.95, said))
        for place in places.blocks.get(step.kind, ()):
            sees, when, clicks = rng.random() < SEES, rng.random(), rng.random()
            variant = variant_for(place, segments, one.language)
            if not sees or step.seconds < 2 or (variant is None and place.is_empty):
                continue
            said = {"block": place.key, "variant": variant.uuid if variant else DEFAULT_VARIANT}
            doing.append(("block_view", 1.0 + when * min(4.0, step.seconds / 2 - 1), said))
            link = link_of(place, variant)
            if link and clicks < click_chance(place, variant):
                doing.append(("block_click", step.seconds * 0.9, {**said, "link_url": f"{origin}{link}"}))
        for what, after, properties in doing:
            at = page.occurred_at + timedelta(milliseconds=int(after * 1000))
            yield Event(event_id(name, sent, at), what, at, page.path, page.title, page.referrer, properties)
            sent += 1


def variant_for(place: Place, segments: frozenset[str], language: str) -> PublishedVariant | None:
    """The first variant for somebody in these segments who reads in that language; None: what everyone else sees."""
    for variant in place.variants:
        fits = variant.audience is None or not segments.isdisjoint(variant.audience)
        if fits and not variant.team_only and (not variant.languages or language in variant.languages):
            return variant
    return None


def link_of(place: Place, variant: PublishedVariant | None) -> str:
    """Where a click in what is shown leads, if anywhere; a layout is taken to lead to the shop."""
    if variant is None:
        return place.link
    _before, _found, rest = variant.html.partition('href="')
    return rest.partition('"')[0] if rest else "" if variant.html else "/shop/"


def click_chance(place: Place, variant: PublishedVariant | None) -> float:
    """How likely what is shown is clicked: by its name, so that one demo is as another."""
    digest = hashlib.blake2b(f"{place.key}:{variant.name if variant else ''}".encode(), digest_size=4).digest()
    low, high = CLICKS
    return low + (high - low) * int.from_bytes(digest) / 2**32


def segments_in(one: Visitor, number: int) -> frozenset[str]:
    """The demo's segments that somebody is in during the visit of that index, as the model knows it. About so."""
    visit, earlier = one.visits[number], one.visits[:number]
    bought, cart = visit.features["bought_before"], visit.features["cart_left"]
    found = {name for name, holds in (("buyers", bought), ("cart-abandoners", cart)) if holds}
    found |= {"returning-visitors"} if earlier else set()
    if visit.start - one.visits[0].start < WEEK and not bought:
        found.add("new-visitors")
    if earlier and visit.start - earlier[-1].end > LATELY:
        found.add("churned-visitors")
    lately = [before for before in earlier if visit.start - before.start < LATELY]
    if any(before.campaign for before in lately if visit.start - before.start < WEEK):
        found.add("campaign-visitors")
    items = [step.item for before in lately for step in before.steps if step.item is not None]
    products = Counter(item.category for item in items if item.price is not None)
    articles = Counter(item.category for item in set(items) if item.price is None)
    found |= {f"{category}-fans" for category, times in products.items() if times >= 3}
    found |= {f"readers-of-{topic}" for topic, times in articles.items() if times >= 2}
    found |= {"magazine-readers"} if articles.total() >= 2 else set()
    found |= {"engaged-visitors"} if any(before.buys for before in lately) else set()
    return frozenset(found)
