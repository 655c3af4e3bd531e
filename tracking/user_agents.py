"""What a User-Agent header says: a bot or not, and what kind of device. The header itself is never stored."""

import re
from functools import lru_cache

from crawleruseragents import is_crawler

from tracking.conf import settings

_TABLET = re.compile(r"iPad|Tablet|PlayBook|Silk(?!.*Mobile)|Kindle|Android(?!.*Mobi)", re.IGNORECASE)
_MOBILE = re.compile(r"Mobi|iPhone|iPod|Windows Phone|BlackBerry|Opera Mini", re.IGNORECASE)
_DESKTOP = re.compile(r"Windows NT|Macintosh|X11|Linux|CrOS", re.IGNORECASE)

MAX_LENGTH = 500
"""Longer headers are cut: what they tell stands at their beginning, and matching takes time."""


def is_bot(user_agent: str) -> bool:
    """Return whether this is a known crawler, by the list of monperrus/crawler-user-agents.

    >>> is_bot("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")
    True

    What TRACKING_NOT_BOTS names is looked away from, so that a browser that is driven by a test may count as a visitor.
    """
    user_agent = user_agent[:MAX_LENGTH]
    for token in settings.NOT_BOTS:
        user_agent = user_agent.replace(token, "")
    return _is_bot(user_agent)


def device_of(user_agent: str) -> str:
    """Return `mobile`, `tablet`, `desktop`, or an empty text when the header does not tell.

    >>> device_of("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36")
    'desktop'
    >>> device_of("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36")
    'mobile'
    """
    return _device_of(user_agent[:MAX_LENGTH])


# Both caches hold headers as many visitors send them, and nothing about any one of them.
@lru_cache(maxsize=2048)
def _is_bot(user_agent: str) -> bool:
    return bool(is_crawler(user_agent))


@lru_cache(maxsize=2048)
def _device_of(user_agent: str) -> str:
    if _TABLET.search(user_agent):
        return "tablet"
    if _MOBILE.search(user_agent):
        return "mobile"
    return "desktop" if _DESKTOP.search(user_agent) else ""
