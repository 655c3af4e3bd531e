"""A call to action as a link on the page."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from personalization.content.deciding.calls import CallToActionDecision, Placement


def cta_html(decision: CallToActionDecision) -> SafeString:
    """The link of a call to action, marked so that the tracker reports clicks on it; nothing, if it leads nowhere."""
    look = decision.look
    if look is None or not look.url:
        return SafeString("")
    return format_html(
        '<a class="attune-cta attune-cta--{}{}" href="{}"{} data-attune-cta="{}" data-attune-event="select_content"'
        ' data-attune-event-content-type="cta" data-attune-event-content-id="{}">{}{}</a>',
        look.style,
        "" if look.placement is Placement.NORMAL else f" attune-cta--{look.placement}",
        look.url,
        SafeString(' target="_blank" rel="noopener"') if look.new_tab else "",
        decision.cta,
        decision.cta,
        look.label,
        format_html(' <span class="attune-said">({})</span>', _("opens in a new tab")) if look.new_tab else "",
    )
