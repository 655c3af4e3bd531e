"""Bots by their own word, and those that a site counts as visitors all the same."""

from __future__ import annotations

from typing import Any

from tracking.user_agents import is_bot

HEADLESS = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36"
)
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def test_is_bot__driven_browser__only_where_no_setting_says_otherwise(settings: Any) -> None:
    settings.TRACKING_NOT_BOTS = []
    assert is_bot(HEADLESS)
    settings.TRACKING_NOT_BOTS = ["HeadlessChrome"]
    assert not is_bot(HEADLESS)
    assert is_bot(GOOGLEBOT)
