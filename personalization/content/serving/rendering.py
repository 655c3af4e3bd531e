"""From a decision to HTML. A page always renders: what fails is logged with its traceback, and the default is shown."""

import logging
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from html import escape
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from consent.throttle import address_of
from personalization.content.bodies.kinds import NothingToShow, Place
from personalization.content.bodies.texts import Text
from personalization.content.conf import conf
from personalization.content.deciding.blocks import (
    Decision,
    PublishedVariant,
    Showing,
)
from personalization.content.deciding.reasons import Outcome
from personalization.content.failures import EMPTY, LATE, LAYOUT, kept
from personalization.content.finding.unknown import say_unknown
from personalization.content.models import MOST_ROOM
from personalization.content.previewing.preview import is_preview
from personalization.content.published import published
from personalization.content.services import decide, decide_call_to_action, pass_over, published_block
from personalization.content.serving import mishaps
from personalization.content.serving.asking import listening, mark_asked
from personalization.content.serving.breaking import note_failure, note_success
from personalization.content.serving.cutting import TooLate, cut_off_after
from personalization.content.serving.linking import cta_html
from personalization.content.serving.page_context import is_filling
from personalization.content.serving.revealing import occasion_of
from personalization.content.serving.wire import PROVEN_BY
from personalization.segments.request_fields import page_language

logger = logging.getLogger("personalization.content")

DEFAULT_VARIANT = "default"
"""What stands for the default where a variant's id would stand: in the markup and in events."""
ROOM_STEP: Final = 20
"""Pixels from one of the classes in `blocks.css` to the next; what is kept free is rounded up."""


_escaped: Final = lru_cache(maxsize=1_000)(escape)
"""The names of blocks: the same few on each page."""


class EmptyVariant(Exception):
    """A variant has nothing to show."""


def render_block(
    request: HttpRequest,
    key: str,
    *,
    body: Callable[[], str],
    render_template: Callable[[str], str],
    show: Showing | None = None,
    render_variant: Callable[[PublishedVariant], str] | None = None,
    proof: Callable[[], str] | None = None,
) -> SafeString:
    """Render what the block called `key` shows to this request's visitor, in its wrapper.

    Where it comes after the page, what everyone else sees is rendered, in a wrapper that `blocks.js` fills: nothing is
    asked about the visitor.

    Args:
        request: the request under way.
        key: the block's name in templates.
        body: renders what stands between the tags; called only when it is shown.
        render_template: renders the template of that name with the page's context.
        show: when it is shown; by default as its editors chose.
        render_variant: renders a variant of a source that keeps what its variants show to itself.
        proof: proves later on that this page showed the block, where its source could not tell.
    """
    block = published_block(request, key)
    when = show or (block.show if block else Showing.IN_PLACE)
    if when is not Showing.IN_PLACE and not is_filling(request):
        attributes = {"deferred": key, "language": page_language(request) or ""}
        if when is Showing.REVEALED:
            attributes |= occasion_of(block)
        if proof is not None:
            attributes["shown"] = f"{PROVEN_BY}{proof()}"
        shell = (block.default if block else "") or render_body(key, body, request)
        return _shell(shell, attributes, room=block.room if block and when is Showing.DEFERRED else 0)
    decision = decide(request, key)
    if decision.reason.outcome is Outcome.UNKNOWN:
        say_unknown("block", key, published.latest.blocks if published.latest else ())
    shown = variants_html(request, decision, render_template, render_variant)
    if len(shown) == 1:
        return in_wrapper(decision.block, shown[0][0].counted_as, shown[0][1])
    if shown:
        return SafeString("".join(in_wrapper(decision.block, variant.counted_as, html) for variant, html in shown))
    return in_wrapper(decision.block, DEFAULT_VARIANT, decision.default or render_body(key, body, request))


def variants_html(
    request: HttpRequest,
    decision: Decision,
    render_template: Callable[[str], str],
    render_variant: Callable[[PublishedVariant], str] | None = None,
) -> list[tuple[PublishedVariant, str]]:
    """Render the variants that were decided for, each with its HTML; none: the default is shown.

    One that fails is left out; that is logged and counted. So is one if all that it holds is for others, which is no
    failure. One that has nothing for this visitor makes room for the next that fits.
    """
    rendered: dict[str, str | None] = {}
    passed: set[str] = set()
    while True:
        empty: set[str] = set()
        for variant in decision.variants:
            if variant.uuid in rendered or variant.uuid in passed or (variant.is_elsewhere and render_variant is None):
                continue
            try:
                rendered[variant.uuid] = _rendered(request, decision.block, variant, render_template, render_variant)
            except NothingToShow:
                empty.add(variant.uuid)
        if not empty:
            variants = decision.variants
            return [(variant, html) for variant in variants if (html := rendered.get(variant.uuid)) is not None]
        passed |= empty
        pass_over(request, empty)
        decision = decide(request, decision.block)


def _rendered(
    request: HttpRequest,
    block: str,
    variant: PublishedVariant,
    render_template: Callable[[str], str],
    render_variant: Callable[[PublishedVariant], str] | None,
) -> str | None:
    if isinstance(variant.body, Text) and variant.body.html.strip():
        note_success(variant.uuid)  # it asks nothing, takes no time and cannot fail
        return variant.body.html
    # What the error says may hold what the page knew of its visitor: editors are told what failed, and no more.
    failed = partial(note_failure, variant.uuid, elsewhere=block if variant.is_elsewhere else "")
    try:
        with listening() as asked, cut_off_after(conf.PERSONALIZATION_SLOW_VARIANT):
            html = render_variant_body(request, variant, render_template, render_variant)
    except NothingToShow:
        raise
    except Exception as error:
        if isinstance(error, EmptyVariant) and asked.is_anything:
            return None  # all of it is for others: that is no failure, and the answers tell such a page apart
        mark_asked(request)  # no cache keeps a page that went wrong
        mishaps.say(
            logger, "The variant %r of the block %r could not be rendered: the default is shown.", variant.name, block
        )
        if not is_preview(request):
            failed(_failure(variant, error), now=timezone.now(), address=address_of(request))
        return None
    if not is_preview(request):
        note_success(variant.uuid)
    return html


def render_body(key: str, body: Callable[[], str], request: HttpRequest | None = None) -> str:
    """Render what the page's own template says; if that raises, log it and show nothing (while debugging, raise)."""
    try:
        return body()
    except Exception:
        if settings.DEBUG:
            raise
        if request is not None:
            mark_asked(request)
        mishaps.say(logger, "The default of %r could not be rendered: nothing is shown.", key)
        return ""


def render_cta(request: HttpRequest, key: str) -> SafeString:
    """Render the call to action called `key` as a link; one that is unknown or leads nowhere is nothing."""
    decision = decide_call_to_action(request, key)
    if decision.look is None and published.latest is not None:
        say_unknown("cta", key, published.latest.ctas)  # here, as apps and visitors make up the names that they ask for
    return cta_html(decision)


def render_variant_body(
    request: HttpRequest,
    variant: PublishedVariant,
    render_template: Callable[[str], str],
    render_variant: Callable[[PublishedVariant], str] | None = None,
) -> str:
    """What a variant shows, without its wrapper.

    Raises:
        EmptyVariant: that is nothing.
        NothingToShow: it has nothing for this visitor.
        Exception: whatever its template raises.
    """
    if render_variant is not None:
        html = render_variant(variant)
    elif variant.body is None:
        html = ""
    else:
        if variant.body.is_personal:
            mark_asked(request)
        html = variant.body.render(Place(request, variant.uuid, render_template, partial(render_cta, request)))
    if not html.strip():
        raise EmptyVariant(f"The variant {variant.name!r} is empty: write its text, or switch it off.")
    return html


def _failure(variant: PublishedVariant, error: Exception) -> str:
    if isinstance(error, EmptyVariant):
        return kept(EMPTY)
    if isinstance(error, TooLate):
        return kept(LATE, f"{conf.PERSONALIZATION_SLOW_VARIANT:g}")
    if variant.body is None or not variant.body.layout:
        return type(error).__name__
    return kept(LAYOUT, variant.body.layout, type(error).__name__)


def in_wrapper(key: str, variant: str, html: str) -> SafeString:
    """What a block shows, in the element by which scripts know it; what it shows is safe."""
    # The key is escaped here; the HTML was sanitized when it was compiled, or comes from a template.
    return SafeString(
        f'<div class="attune-block" data-attune-block="{_escaped(key)}" data-attune-variant="{variant}">{html}</div>'
    )


def _shell(html: str, attributes: Mapping[str, str], *, room: int) -> SafeString:
    """What everyone else sees, to be filled by `blocks.js`. No style is inline: policies forbid that."""
    kept = f" attune-room-{-(-min(room, MOST_ROOM) // ROOM_STEP) * ROOM_STEP}" if room else ""
    said = "".join(f' data-attune-{name}="{escape(value)}"' for name, value in attributes.items())
    hidden = " hidden" if "reveal" in attributes else ""
    return SafeString(f'<div class="attune-block{kept}"{said}{hidden}>{html}</div>')
