"""What a page says of a block that comes into view on occasion: what `blocks.js` waits for, and its words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from personalization.content.deciding.blocks import USUAL_AFTER, Occasion, PublishedBlock


def occasion_of(block: PublishedBlock | None) -> dict[str, str]:
    """What is waited for, and what the block is called and closed with in the page's language."""
    on, after = (block.reveal_on, block.reveal_after) if block else (Occasion.SCROLL, USUAL_AFTER[Occasion.SCROLL])
    return {"reveal": on, "after": str(after), "label": _("A note on this page"), "close": _("Close")}
