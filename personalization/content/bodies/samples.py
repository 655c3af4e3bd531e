"""Sample items: what a list shows to somebody who looks at a preview, behind which is nobody who did anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from consent.purposes import PERSONALIZATION
from personalization.content.bodies import behavior
from personalization.content.bodies.items import Item
from personalization.content.conf import conf
from personalization.content.previewing.preview import is_preview, may_see
from personalization.content.serving.asking import django_request
from personalization.segments.presence import presence_of
from tracking.selectors import latest_events_of_several
from tracking.timeline import Timeline

VISITORS: Final = 5
"""So many different ones must have looked at an item, or it is no sample."""

_TRIED_OUT: Final = "_attune_tried_out"
_SHOWN: Final = "_attune_samples_shown"


def try_out(request: HttpRequest) -> None:
    """Let what is rendered in this request be what somebody might see of whom nothing is known."""
    setattr(request, _TRIED_OUT, True)


def is_tried_out(request: HttpRequest) -> bool:
    """Whether somebody tries out what they are writing."""
    return bool(getattr(request, _TRIED_OUT, False))


def may_show_samples(request: HttpRequest) -> bool:
    """Whether an empty list shows samples: never to visitors, nor where it is assumed that somebody has not agreed."""
    return is_tried_out(request) or (is_preview(request) and may_see(request) and presence_of(request).is_known)


def sample_ids(source: str, *, here: str = "") -> Iterable[str]:
    """Items that several visitors looked at lately, the newest first, then what the site names for samples.

    Whose they were is not told apart: it is as if one visitor had looked at all of them. What fewer than
    `VISITORS` looked at would tell editors what one of them did.

    Args:
        source: the list's name.
        here: the path of the page that asks.
    """
    events = latest_events_of_several(
        ["view_item"], purpose=PERSONALIZATION.code, about=behavior.item_ids, visitors=VISITORS
    )
    timeline, now = Timeline(events), timezone.now()
    articles = behavior.continue_reading(timeline, now, here=here)
    for_sale = behavior.recently_viewed(timeline, now, here=here)
    yield from articles if source == "continue_reading" else for_sale or articles
    if conf.PERSONALIZATION_GET_SAMPLES:
        get_samples: Callable[[str], Iterable[str]] = import_string(conf.PERSONALIZATION_GET_SAMPLES)
        yield from get_samples(source)


def placeholders(count: int) -> list[Item]:
    """What a list shows where there are no samples, so that its place and its looks can be judged."""
    names = (_("Sample item %(number)s") % {"number": number} for number in range(1, count + 1))
    return [Item(id="", title=name, url="#") for name in names]


def sample_title(request: HttpRequest, title: str) -> str:
    """What stands above a list of samples: it says so. On a previewed page the bar does, too."""
    setattr(django_request(request), _SHOWN, True)
    return _("%(title)s – sample items") % {"title": title} if title else _("Sample items")


def has_shown_samples(request: HttpRequest) -> bool:
    """Whether the page of this request shows samples."""
    return bool(getattr(django_request(request), _SHOWN, False))
