"""Blocks and calls to action as data, for apps that render them themselves."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import asdict
from functools import partial

from django.http import HttpRequest

from personalization.content.bodies.calls import Call
from personalization.content.bodies.images import Image, Source
from personalization.content.bodies.item_lists import ItemList
from personalization.content.bodies.kinds import NothingToShow
from personalization.content.bodies.offers import Offer
from personalization.content.bodies.texts import PersonalText, Text
from personalization.content.deciding.blocks import Decision, PublishedVariant
from personalization.content.deciding.calls import CallToActionDecision
from personalization.content.deciding.reasons import Outcome
from personalization.content.services import decide_all, decide_call_to_action
from personalization.content.serving import mishaps
from personalization.content.serving.cutting import render_in_time
from personalization.content.serving.filling_elsewhere import elsewhere
from personalization.content.serving.page_context import PageContext, on_page
from personalization.content.serving.rendering import DEFAULT_VARIANT, variants_html
from personalization.content.serving.wire import (
    BlockData,
    CallContent,
    CallToActionData,
    Content,
    Data,
    ItemData,
    ItemsContent,
    LayoutContent,
    OfferContent,
    OtherContent,
    PictureContent,
    PictureFile,
    SmallerFile,
    TextContent,
)
from personalization.content.sources import InParts, Part, Renderer

logger = logging.getLogger("personalization.content")


def data_of(request: HttpRequest, keys: Iterable[str], ctas: Iterable[str], page: PageContext) -> Data:
    """Decide these blocks and calls to action for the visitor of a page, all at one moment. Never raises for one."""
    data = Data(blocks={}, ctas={}, unknown=[])
    with on_page(request, page):
        renderers = elsewhere(request, keys := tuple(keys))
        data.unknown.extend(key for key, renderer in renderers.items() if renderer is None)
        for key, decision in decide_all(request, (key for key in keys if key not in data.unknown)).items():
            if decision.reason.outcome is Outcome.UNKNOWN:
                data.unknown.append(key)
            else:
                data.blocks[key] = BlockData(_contents(request, decision, renderers.get(key)))
        for key in ctas:
            said = decide_call_to_action(request, key)
            if said.look is None:
                data.unknown.append(key)
            else:
                data.ctas[key] = _said(said)
    return data


def _contents(request: HttpRequest, decision: Decision, renderer: Renderer | None) -> list[Content]:
    if isinstance(renderer, InParts):
        return _contents_in_parts(request, decision, renderer)
    shown = variants_html(request, decision, partial(render_in_time, request=request), renderer)
    if shown:
        return [_content(request, one.counted_as, Part(html, one.body, one.uuid)) for one, html in shown]
    return [TextContent(DEFAULT_VARIANT, decision.default)] if decision.default else []


def _contents_in_parts(request: HttpRequest, decision: Decision, renderer: InParts) -> list[Content]:
    """What a source shows, part by part. The app has no page of it, so it gets what everyone else sees as well."""
    held: dict[str, list[Part]] = {}

    def render(variant: PublishedVariant) -> str:
        held[variant.uuid] = renderer.parts(variant)
        return "".join(part.html for part in held[variant.uuid])

    shown = variants_html(request, decision, partial(render_in_time, request=request), render)
    parts = [(variant.counted_as, part) for variant, _html in shown for part in held[variant.uuid]]
    if not shown:
        try:
            parts = [(DEFAULT_VARIANT, part) for part in renderer.parts(None)]
        except NothingToShow:
            return []
        except Exception:
            mishaps.say(logger, "What everyone else sees of %r could not be rendered: nothing is told.", decision.block)
    return [_content(request, variant, part) for variant, part in parts]


def _content(request: HttpRequest, variant: str, part: Part) -> Content:
    body, html = part.body, part.html
    if isinstance(body, Call):
        return CallContent(variant, body.key, _said(decide_call_to_action(request, body.key)), html)
    if isinstance(body, ItemList):
        try:
            items = [ItemData(**asdict(item)) for item in body.found(request)]
        except Exception:
            mishaps.say(logger, "The items of %r could not be told as data: the list is given as HTML.", variant)
            return OtherContent(variant, html)
        return ItemsContent(variant, body.source, body.title, items, html)
    if isinstance(body, Image):
        narrow = _file(body.narrow) if body.narrow else None
        return PictureContent(variant, _file(body.source), narrow, body.alt_text, body.focus, body.link, html)
    if isinstance(body, Offer):
        return _offered(request, variant, body, part)
    if body and body.layout:
        return LayoutContent(variant, body.layout, html)
    return TextContent(variant, html) if isinstance(body, Text | PersonalText) else OtherContent(variant, html)


def _file(source: Source) -> PictureFile:
    smaller = [SmallerFile(*version) for version in source.smaller]
    return PictureFile(source.url, source.width, source.height, smaller)


def _offered(request: HttpRequest, variant: str, offer: Offer, part: Part) -> OfferContent:
    told = offer.told(request, part.id)
    return OfferContent(
        variant=variant,
        text=offer.text_for(request),
        code=told.code,
        claim=told.claim,
        ends_at=offer.ends_at.isoformat() if offer.ends_at else None,
        terms=offer.terms,
        price_is_personal=offer.is_price_personal,
        html=part.html,
    )


def _said(decision: CallToActionDecision) -> CallToActionData | None:
    look = decision.look
    return (
        CallToActionData(look.label, look.url, look.style, look.placement, look.new_tab) if look and look.url else None
    )
