"""The visitor and the moment to look at a variant with: whom it is for, when it is first shown. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from personalization.content.advising.states import opens_at
from personalization.content.deciding.blocks import PublishedBlock, PublishedVariant
from personalization.segments.assumed import Assumed

NOBODY: Final = Assumed()


def fitting(variant: PublishedVariant, *, now: datetime, language: str = "") -> Assumed:
    """Somebody whom the variant is for, at the first moment from `now` on at which it is shown.

    Args:
        variant: as it is published, or would be.
        now: an aware datetime.
        language: the site's own, preferred where the variant speaks several.
    """
    opens = opens_at([variant.schedule, *(one.schedule for one in variant.campaigns)], now=now)
    speaks = "" if not variant.languages or language in variant.languages else min(variant.languages)
    return Assumed(
        segments=(variant.audience or ())[:1],
        language=speaks,
        is_team=variant.team_only,
        at=None if opens is None or opens == now else opens,
    )


def to_look_at(block: PublishedBlock, live: PublishedBlock | None) -> PublishedVariant | None:
    """The first variant that is not as visitors see it now, else the first one; None, if there is none."""
    known = live.variants if live else ()
    return next((one for one in block.variants if one not in known), next(iter(block.variants), None))
