"""What goes into blocks that are shown after their page: decided all at one moment, as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial

from django.http import HttpRequest

from personalization.content.deciding.reasons import Outcome
from personalization.content.services import decide_all
from personalization.content.serving.cutting import render_in_time
from personalization.content.serving.filling_elsewhere import elsewhere
from personalization.content.serving.page_context import PageContext, on_page
from personalization.content.serving.rendering import DEFAULT_VARIANT, variants_html


@dataclass(frozen=True, slots=True)
class Content:
    """What one block shows."""

    variant: str
    """The variant's id, or ``default``."""
    html: str | None
    """None: what the page holds already."""
    more: tuple[Content, ...] = ()
    """What it shows beneath that, where its editors let it show several."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What was asked for."""

    blocks: dict[str, Content] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    """Names that no block has."""


def fill(request: HttpRequest, keys: Iterable[str], page: PageContext) -> Filled:
    """Decide and render these blocks for the visitor of a page that is already there. Never raises for a block."""
    filled = Filled()
    with on_page(request, page):
        renderers = elsewhere(request, keys := tuple(keys))
        filled.unknown.extend(key for key, renderer in renderers.items() if renderer is None)
        for key, decision in decide_all(request, (key for key in keys if key not in filled.unknown)).items():
            if decision.reason.outcome is Outcome.UNKNOWN:
                filled.unknown.append(key)
                continue
            render_template = partial(render_in_time, request=request)
            shown = variants_html(request, decision, render_template, renderers.get(key))
            contents = [Content(variant.counted_as, html) for variant, html in shown]
            first, *more = contents or [Content(DEFAULT_VARIANT, None)]
            filled.blocks[key] = replace(first, more=tuple(more))
    return filled
