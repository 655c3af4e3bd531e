"""On which page visitors see a block, so that editors look at it there first."""

from __future__ import annotations

from collections import Counter
from typing import Final
from urllib.parse import urlsplit

from consent.purposes import ANALYTICS
from personalization.content.measuring.counting import VIEW
from tracking.selectors import latest_events

AMONG: Final = 5_000
"""So many of the latest events are read, whatever they are: a block that is hardly seen may not be among them."""


def page_seen_on(key: str) -> str:
    """The path of the page on which a block was seen most often of late; empty if nobody saw it.

    Args:
        key: the block's name in templates.
    """
    views = latest_events([VIEW], purpose=ANALYTICS.code, among=AMONG)
    paths = Counter(urlsplit(view.page.url).path for view in views if view.properties.get("block") == key)
    return max(paths, key=lambda path: (paths[path], path), default="")
