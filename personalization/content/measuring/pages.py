"""On which page visitors see a block, so that editors look at it there first."""

from __future__ import annotations

from collections import Counter
from typing import Final
from urllib.parse import urlsplit

from consent.purposes import ANALYTICS
from personalization.content.measuring.counting import VIEW
from tracking.selectors import latest_events_of_several
from tracking.timeline import Event

AMONG: Final = 5_000
"""So many of the latest events are read, whatever they are: a block that is hardly seen may not be among them."""
VISITORS: Final = 5
"""So many must have seen it on a page: what fewer looked at would tell editors where one of them was."""


def page_seen_on(key: str) -> str:
    """The path of the page on which a block was seen most often of late; empty if hardly anybody saw it on any.

    Args:
        key: the block's name in templates.
    """

    def seen_on(view: Event) -> list[str]:
        return [urlsplit(view.page.url).path] if view.properties.get("block") == key else []

    views = latest_events_of_several([VIEW], purpose=ANALYTICS.code, about=seen_on, visitors=VISITORS, among=AMONG)
    paths = Counter(path for view in views for path in seen_on(view))
    return max(paths, key=lambda path: (paths[path], path), default="")
