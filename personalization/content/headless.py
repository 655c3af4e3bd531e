"""Blocks and calls to action as data, for apps that render them themselves."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.http import HttpRequest
from django.template.loader import render_to_string

from personalization.content.deciding import CallToActionDecision, Decision, PublishedVariant
from personalization.content.filling_elsewhere import elsewhere
from personalization.content.page_context import PageContext, on_page
from personalization.content.reasons import Outcome
from personalization.content.rendering import DEFAULT_VARIANT, variants_html
from personalization.content.services import decide_all, decide_call_to_action
from personalization.content.sources import Renderer
from personalization.content.wire import (
    BlockData,
    CallToActionData,
    Content,
    Data,
    LayoutContent,
    TextContent,
)


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
    shown = variants_html(request, decision, partial(render_to_string, request=request), renderer)
    if shown:
        return [_content(variant, html) for variant, html in shown]
    return [TextContent(DEFAULT_VARIANT, decision.default)] if decision.default else []


def _content(variant: PublishedVariant, html: str) -> Content:
    if variant.body and variant.body.layout:
        return LayoutContent(variant.uuid, variant.body.layout, html)
    return TextContent(variant.uuid, html)


def _said(decision: CallToActionDecision) -> CallToActionData | None:
    look = decision.look
    return CallToActionData(look.label, look.url, look.style, look.placement) if look and look.url else None
