"""From a decision to HTML. A page always renders: what fails is logged with its traceback, and the default is shown."""

import logging
from collections.abc import Callable
from html import escape

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from personalization.content.asking import mark_asked
from personalization.content.breaking import note_failure
from personalization.content.conf import conf
from personalization.content.deciding import CallToActionDecision, PublishedVariant
from personalization.content.services import decide, decide_call_to_action

logger = logging.getLogger("personalization.content")

DEFAULT_VARIANT = "default"
"""What stands for the default where a variant's id would stand: in the markup and in events."""


class EmptyVariant(Exception):
    """A variant has nothing to show."""


def render_block(
    request: HttpRequest,
    key: str,
    *,
    body: Callable[[], str],
    render_template: Callable[[str], str],
    render_variant: Callable[[PublishedVariant], str] | None = None,
) -> SafeString:
    """Render what the block called `key` shows to this request's visitor, in its wrapper.

    Args:
        request: the request under way.
        key: the block's name in templates.
        body: renders what stands between the tags; called only when it is shown.
        render_template: renders the template of that name with the page's context.
        render_variant: renders a variant of a source that keeps what its variants show to itself.
    """
    decision = decide(request, key)
    if decision.variant is not None:
        try:
            html = _variant_html(decision.variant, render_template, render_variant)
            return _wrapped(decision.block, decision.variant.uuid, html)
        except Exception as error:
            mark_asked(request)  # no cache keeps a page that went wrong
            logger.exception(
                "The variant %r of the block %r could not be rendered: the default is shown.",
                decision.variant.name,
                decision.block,
            )
            # What the error says may hold what the page knew of its visitor.
            note_failure(decision.variant.uuid, _failure(decision.variant, error), now=timezone.now())
    return _wrapped(decision.block, DEFAULT_VARIANT, decision.default or render_body(key, body, request))


def render_body(key: str, body: Callable[[], str], request: HttpRequest | None = None) -> str:
    """Render what the page's own template says; if that raises, log it and show nothing (while debugging, raise)."""
    try:
        return body()
    except Exception:
        if settings.DEBUG:
            raise
        if request is not None:
            mark_asked(request)
        logger.exception("The default of %r could not be rendered: nothing is shown.", key)
        return ""


def render_cta(request: HttpRequest, key: str) -> SafeString:
    """Render the call to action called `key` as a link; one that is unknown or leads nowhere is nothing."""
    return cta_html(decide_call_to_action(request, key))


def cta_html(decision: CallToActionDecision) -> SafeString:
    """The link of a call to action, marked so that the tracker reports clicks on it."""
    look = decision.look
    if look is None or not look.url:
        return SafeString("")
    return format_html(
        '<a class="attune-cta attune-cta--{}" href="{}" data-attune-cta="{}" data-attune-event="select_content"'
        ' data-attune-event-content-type="cta" data-attune-event-content-id="{}">{}</a>',
        look.style,
        look.url,
        decision.cta,
        decision.cta,
        look.label,
    )


def _variant_html(
    variant: PublishedVariant,
    render_template: Callable[[str], str],
    render_variant: Callable[[PublishedVariant], str] | None,
) -> str:
    if render_variant is not None:
        html = render_variant(variant)
    else:
        html = variant.html if not variant.template_name else _from_template(variant, render_template)
    if not html.strip():
        raise EmptyVariant(f"The variant {variant.name!r} is empty: write its text, or switch it off.")
    return html


def _from_template(variant: PublishedVariant, render_template: Callable[[str], str]) -> str:
    if variant.template_name not in conf.PERSONALIZATION_VARIANT_TEMPLATES:
        raise LookupError(
            f"The template {variant.template_name!r} is not in PERSONALIZATION_VARIANT_TEMPLATES: add it there, "
            "or choose another layout in the admin."
        )
    return render_template(variant.template_name)


def _failure(variant: PublishedVariant, error: Exception) -> str:
    if isinstance(error, EmptyVariant):
        return _("It is empty.")
    if not variant.template_name:
        return type(error).__name__
    return _("The layout “%(layout)s” failed: %(error)s.") % {
        "layout": variant.template_name,
        "error": type(error).__name__,
    }


def _wrapped(key: str, variant: str, html: str) -> SafeString:
    # The key is escaped here; the HTML was sanitized when it was compiled, or comes from a template.
    return SafeString(
        f'<div class="attune-block" data-attune-block="{escape(key)}" data-attune-variant="{variant}">{html}</div>'
    )
